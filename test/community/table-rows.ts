import { type Door, parseDoor } from "../../shared/community/door.ts";
import type { PlanResult, TableRow } from "../../shared/community/import-plan-table.ts";

/** A table written as text: a row a line, cells between bars. */
export const tableRows = (text: string): TableRow[] =>
  text
    .replace(/^\n|\n *$/g, "")
    .split("\n")
    .map((row, index) => ({ line: index + 1, cells: row.split("|").map((cell) => cell.trim()) }));

/** The door of a key such as "3-2-501". */
export function doorOf(key: string): Door {
  const result = parseDoor(key);
  if (!result.ok) throw new Error(`${key}: ${result.reason}`);
  return result.door;
}

/** The plan, where the table is one. */
export function planOf<Addition, Change>(result: PlanResult<Addition, Change>) {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.plan;
}
