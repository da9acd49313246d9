import { doorKey } from "./door.ts";
import { cleanLine, cleanText } from "./export-text.ts";
import { contradiction, type ReadRow, readRows } from "./import-plan-rows.ts";
import {
  type BadRow,
  type ExistingCell,
  type ItemAddition,
  type ItemChange,
  type ItemFacts,
  importLimits,
  type Plan,
  type PlanOptions,
  type PlanResult,
  type TableRow,
} from "./import-plan-table.ts";
import { readNote, readQuantity, readTitle } from "./import-plan-values.ts";
import { readCategory } from "./import-plan-words.ts";

export type ItemPlan = Plan<ItemAddition, ItemChange>;

type ExistingItem = ExistingCell["items"][number];

/** What one row says about an item; a blank cell says nothing. */
interface Told {
  line: number;
  title: string;
  facts: Partial<ItemFacts>;
}

/** The rows and the items of one household that share a title. */
interface Namesakes {
  cell: ExistingCell;
  told: Told[];
}

/** Titles are the same when people would read them as the same. */
const titleKey = (title: string) => cleanLine(title).normalize("NFKC").toLowerCase();

/**
 * What importing a table of items would do. An item is known by its household and title. Nothing is removed and a
 * blank cell erases nothing; the same table a second time adds and changes nothing.
 */
export function planItems(
  existing: readonly ExistingCell[],
  table: readonly TableRow[],
  { without = new Set<number>() }: PlanOptions = {},
): PlanResult<ItemAddition, ItemChange> {
  const read = readRows("items", table, without);
  if (!read.ok) return read;
  const { recognised, remarks } = read;
  const plan: ItemPlan = { recognised, add: [], change: [], same: [], bad: [], remarks };
  for (const namesakes of gather(read.rows, existing, plan)) settle(namesakes, plan);
  refuseOverfull(existing, plan);
  plan.same.sort((left, right) => left - right);
  plan.bad.sort((left, right) => left.line - right.line);
  plan.add.sort((left, right) => left.line - right.line);
  return { ok: true, plan };
}

function gather(
  rows: readonly ReadRow[],
  existing: readonly ExistingCell[],
  plan: ItemPlan,
): Iterable<Namesakes> {
  const cells = new Map(existing.map((cell) => [doorKey(cell), cell]));
  const groups = new Map<string, Namesakes>();
  for (const row of rows) {
    const { line } = row;
    if (!row.door.ok) {
      plan.bad.push({ line, reason: { code: row.door.reason }, value: row.doorText });
      continue;
    }
    const door = doorKey(row.door.door);
    const cell = cells.get(door);
    if (!cell) {
      plan.bad.push({ line, reason: { code: "household-unknown", params: { door } }, value: row.doorText });
      continue;
    }
    const told = readTold(row, plan);
    if ("reason" in told) {
      plan.bad.push({ ...told, door });
      continue;
    }
    const key = `${door} ${titleKey(told.title)}`;
    const group = groups.get(key) ?? { cell, told: [] };
    groups.set(key, group);
    group.told.push(told);
  }
  return groups.values();
}

function readTold(row: ReadRow, plan: ItemPlan): Told | BadRow {
  const { line } = row;
  const title = readTitle(row.text("title"));
  if (!title.ok) return { line, reason: title.reason, value: row.text("title") };
  const facts: Partial<ItemFacts> = {};
  const note = row.text("note");
  if (note !== "") {
    const read = readNote(note);
    if (!read.ok) return { line, reason: read.reason, value: note };
    facts.note = read.value;
  }
  const quantity = row.text("quantity");
  if (quantity !== "") {
    const read = readQuantity(quantity);
    if (!read.ok) return { line, reason: read.reason, value: quantity };
    facts.quantity = read.value;
  }
  const category = row.text("category");
  if (category !== "") {
    const known = readCategory(category);
    facts.category = known ?? "other";
    if (known === null) plan.remarks.push({ line, code: "category-unknown", value: category });
  }
  return { line, title: title.value, facts };
}

const fits = (item: ExistingItem, { facts }: Told) =>
  (facts.category === undefined || facts.category === item.category) &&
  (facts.quantity === undefined || facts.quantity === item.quantity) &&
  (facts.note === undefined || facts.note === cleanText(item.note));

/**
 * A household may have two items of one title. Rows that say just what an item already is are matched first; what is
 * left over is one addition, one change, or cannot be decided.
 */
function settle({ cell, told }: Namesakes, plan: ItemPlan): void {
  const [example] = told;
  if (!example) return;
  const free = cell.items.filter((item) => titleKey(item.title) === titleKey(example.title));
  const several = free.length > 1;
  const taken: { item: ExistingItem; told: Told }[] = [];
  const left = new Set(told);
  for (const row of told) {
    const index = free.findIndex((item) => fits(item, row));
    const [item] = index < 0 ? [] : free.splice(index, 1);
    if (item) taken.push({ item, told: row });
    if (item || taken.some((other) => fits(other.item, row))) {
      plan.same.push(row.line);
      left.delete(row);
    }
  }
  const [first, ...others] = left;
  if (!first) return;
  const [item] = free;
  const [claimed] = taken;
  if (free.length > 1 || (several && !item)) refuseAmbiguous(cell, [first, ...others], plan);
  else if (!item && claimed)
    refuseContradictions(cell, claimed.told, { ...claimed.item }, [first, ...others], plan);
  else {
    const facts = mergeRepeated(cell, first, others, plan);
    if (item) change(cell, item, { ...first, facts }, plan);
    else plan.add.push(addition(cell, { ...first, facts }));
  }
}

function mergeRepeated(
  cell: ExistingCell,
  first: Told,
  others: readonly Told[],
  plan: ItemPlan,
): Partial<ItemFacts> {
  const facts = { ...first.facts };
  for (const row of others) {
    if (contradiction(facts, row.facts)) refuseContradictions(cell, first, facts, [row], plan);
    else {
      Object.assign(facts, row.facts);
      plan.same.push(row.line);
    }
  }
  return facts;
}

function refuseContradictions(
  cell: ExistingCell,
  other: Told,
  facts: Partial<ItemFacts>,
  rows: readonly Told[],
  plan: ItemPlan,
): void {
  for (const row of rows) {
    const column = contradiction(facts, row.facts) ?? "title";
    const reason = { code: "row-contradicts", params: { line: other.line, column } } as const;
    const value = String(row.facts[column] ?? row.title);
    plan.bad.push({ line: row.line, door: doorKey(cell), reason, value });
  }
}

function refuseAmbiguous(cell: ExistingCell, rows: readonly Told[], plan: ItemPlan): void {
  const reason = { code: "item-ambiguous", params: { door: doorKey(cell) } } as const;
  for (const row of rows) plan.bad.push({ line: row.line, reason, value: row.title });
}

function addition({ householdId }: ExistingCell, { line, title, facts }: Told): ItemAddition {
  return { line, householdId, title, category: "other", note: "", quantity: 1, ...facts };
}

function change(
  { householdId }: ExistingCell,
  item: ExistingItem,
  { line, facts }: Told,
  plan: ItemPlan,
): void {
  const { itemId, title, category, note, quantity } = item;
  const before = { title, category, note, quantity };
  plan.change.push({ line, householdId, itemId, before, after: { ...before, ...facts } });
}

/** Additions beyond what a cell holds are bad rows, the last of the file first. */
function refuseOverfull(existing: readonly ExistingCell[], plan: ItemPlan): void {
  const most = importLimits.itemsPerHousehold;
  const counts = new Map(existing.map((cell) => [cell.householdId, { cell, count: cell.items.length }]));
  plan.add = plan.add.filter((added) => {
    const holder = counts.get(added.householdId);
    if (!holder) return false;
    holder.count += 1;
    if (holder.count <= most) return true;
    const reason = { code: "cell-full", params: { door: doorKey(holder.cell), most } } as const;
    plan.bad.push({ line: added.line, reason, value: added.title });
    return false;
  });
}
