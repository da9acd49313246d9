import { type Door, doorKey } from "./door.ts";
import { cleanText } from "./export-text.ts";
import { contradiction, type ReadRow, readRows } from "./import-plan-rows.ts";
import type {
  BadRow,
  ExistingHousehold,
  HouseholdAddition,
  HouseholdChange,
  HouseholdFacts,
  Plan,
  PlanOptions,
  PlanResult,
  TableRow,
} from "./import-plan-table.ts";
import { type Read, readArea, readContact } from "./import-plan-values.ts";

/** What the rows of a file say about one household; a blank cell says nothing. */
interface Told {
  line: number;
  door: Door;
  facts: Partial<HouseholdFacts>;
}

export type HouseholdPlan = Plan<HouseholdAddition, HouseholdChange>;

/**
 * What importing a table of households would do. Nobody is removed and a blank cell erases nothing; the same table a
 * second time adds and changes nothing.
 */
export function planHouseholds(
  existing: readonly ExistingHousehold[],
  table: readonly TableRow[],
  { without = new Set<number>() }: PlanOptions = {},
): PlanResult<HouseholdAddition, HouseholdChange> {
  const read = readRows("households", table, without);
  if (!read.ok) return read;
  const { recognised, remarks } = read;
  const plan: HouseholdPlan = { recognised, add: [], change: [], same: [], bad: [], remarks };
  const households = new Map(existing.map((household) => [doorKey(household), household]));
  for (const told of gather(read.rows, plan)) {
    const household = households.get(doorKey(told.door));
    if (household) compare(household, told, plan);
    else plan.add.push({ line: told.line, ...told.door, area: null, contact: null, ...told.facts });
  }
  plan.same.sort((left, right) => left - right);
  return { ok: true, plan };
}

/** One entry a household, from all the rows that name it. */
function gather(rows: readonly ReadRow[], plan: HouseholdPlan): Iterable<Told> {
  const gathered = new Map<string, Told>();
  for (const row of rows) {
    const told = readTold(row);
    if ("reason" in told) {
      plan.bad.push(told);
      continue;
    }
    const key = doorKey(told.door);
    const earlier = gathered.get(key);
    const column = earlier && contradiction(earlier.facts, told.facts);
    if (!earlier) gathered.set(key, told);
    else if (column) {
      const reason = { code: "row-contradicts", params: { line: earlier.line, column } } as const;
      plan.bad.push({ line: row.line, door: key, reason, value: row.text(column) });
    } else {
      Object.assign(earlier.facts, told.facts);
      plan.same.push(row.line);
    }
  }
  return gathered.values();
}

function readTold(row: ReadRow): Told | BadRow {
  if (!row.door.ok) return { line: row.line, reason: { code: row.door.reason }, value: row.doorText };
  const door = doorKey(row.door.door);
  const facts: Partial<HouseholdFacts> = {};
  const area = row.text("area");
  const contact = row.text("contact");
  const take = <T>(read: Read<T>, value: string, keep: (value: T) => void): BadRow | undefined => {
    if (!read.ok) return { line: row.line, door, reason: read.reason, value };
    keep(read.value);
    return undefined;
  };
  const bad =
    (area === "" ? undefined : take(readArea(area), area, (value) => (facts.area = value))) ??
    (contact === "" ? undefined : take(readContact(contact), contact, (value) => (facts.contact = value)));
  return bad ?? { line: row.line, door: row.door.door, facts };
}

function compare(household: ExistingHousehold, told: Told, plan: HouseholdPlan): void {
  const before = { area: household.area, contact: household.contact };
  const after = { ...before, ...told.facts };
  const sameContact = cleanText(before.contact ?? "") === (after.contact ?? "");
  if (before.area === after.area && (told.facts.contact === undefined || sameContact)) {
    plan.same.push(told.line);
    return;
  }
  const { householdId } = household;
  plan.change.push({ line: told.line, householdId, door: told.door, before, after });
}
