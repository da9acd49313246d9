import type { Division } from "../../shared/community/division.ts";
import { type Door, doorKey } from "../../shared/community/door.ts";
import type { PlannedImport } from "../../shared/community/http.ts";
import { type Column, importLimits, type Recognised } from "../../shared/community/import-plan-table.ts";
import type { TableSource } from "./files/decode.ts";
import { fingerprintOf, type HouseholdImport, type ItemImport } from "./import-plan.ts";

const { listedRows } = importLimits;

/** A plan as the officer reads it: counts of all, every bad row, the first rows of the rest. */
export function presentPlan(
  planned: HouseholdImport | ItemImport,
  source: TableSource,
  division: Division,
): PlannedImport {
  const { add, change, same, bad, remarks, recognised } = planned.plan;
  return {
    state: "planned",
    kind: planned.kind,
    fingerprint: fingerprintOf(planned),
    source:
      source.format === "csv"
        ? { format: "csv", encoding: source.encoding }
        : { format: "xlsx", sheet: source.sheet },
    headerLine: recognised.headerLine,
    columns: columnsOf(recognised),
    ignored: recognised.ignored,
    counts: {
      add: add.length,
      change: change.length,
      same: same.length,
      bad: bad.length,
      remarks: remarks.length,
    },
    ...(planned.kind === "households" ? householdRows(planned) : itemRows(planned)),
    bad,
    remarks: remarks.slice(0, listedRows),
    division,
  };
}

const columnsOf = ({ columns }: Recognised): PlannedImport["columns"] =>
  Object.entries(columns)
    .sort(([, left], [, right]) => left.index - right.index)
    .map(([column, { header }]) => ({ column: column as Column, header }));

type Rows = Pick<PlannedImport, "add" | "change">;

const householdRows = ({ plan }: HouseholdImport): Rows => ({
  add: plan.add.slice(0, listedRows).map(({ line, area, contact, ...door }) => ({
    line,
    door: doorKey(door),
    facts: { area, contact },
  })),
  change: plan.change.slice(0, listedRows).map(({ line, door, before, after }) => ({
    line,
    door: doorKey(door),
    title: null,
    ...differing(before, after),
  })),
});

function itemRows({ plan, existing }: ItemImport): Rows {
  const doors = new Map<string, Door>(existing.map((cell) => [cell.householdId, cell]));
  const doorOf = (householdId: string): string => {
    const door = doors.get(householdId);
    return door ? doorKey(door) : "";
  };
  return {
    add: plan.add.slice(0, listedRows).map(({ line, householdId, ...facts }) => ({
      line,
      door: doorOf(householdId),
      facts,
    })),
    change: plan.change.slice(0, listedRows).map(({ line, householdId, before, after }) => ({
      line,
      door: doorOf(householdId),
      title: before.title,
      ...differing(before, after),
    })),
  };
}

/** Only what changes. */
function differing<Facts extends object>(
  before: Facts,
  after: Facts,
): { before: Partial<Facts>; after: Partial<Facts> } {
  const was: Partial<Facts> = {};
  const is: Partial<Facts> = {};
  for (const name of Object.keys(after) as (keyof Facts)[]) {
    if (before[name] === after[name]) continue;
    was[name] = before[name];
    is[name] = after[name];
  }
  return { before: was, after: is };
}
