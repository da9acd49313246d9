import { type DoorResult, parseDoor, parseDoorColumns } from "./door.ts";
import { cleanText, restoreText } from "./export-text.ts";
import { isBlank, recogniseColumns } from "./import-plan-columns.ts";
import {
  type Column,
  type ImportKind,
  importLimits,
  type Recognised,
  type Remark,
  type TableRefusal,
  type TableRow,
} from "./import-plan-table.ts";

/** Stands in the last column of a template's example rows; rows that carry it are left out. */
export const exampleMarks: readonly string[] = ["示例，导入时跳过", "Example, skipped on import"];

/** A row below the header with the text of each column it has, "" where nothing is said. */
export interface ReadRow {
  line: number;
  door: DoorResult;
  /** The door as the file writes it, to be quoted when it is wrong. */
  doorText: string;
  text(column: Column): string;
}

/**
 * The rows of a table below its header: without blank rows, examples, headers repeated on each page and the lines
 * taken out, and with merged cells filled from the row they began in.
 */
export function readRows(
  kind: ImportKind,
  table: readonly TableRow[],
  without: ReadonlySet<number>,
):
  | { ok: true; recognised: Recognised; rows: ReadRow[]; remarks: Remark[] }
  | { ok: false; refusal: TableRefusal } {
  const most = importLimits.rows;
  if (table.length > most) return { ok: false, refusal: { code: "table-too-many-rows", params: { most } } };
  const found = recogniseColumns(kind, table);
  if (!found.ok) return found;
  const { recognised } = found;
  const remarks: Remark[] = [];
  const rows: ReadRow[] = [];
  const fill = filler(kind);
  for (const row of table) {
    if (row.line <= recognised.headerLine || isBlank(row) || isHeaderAgain(recognised, row)) continue;
    const text = (column: Column) => {
      const index = recognised.columns[column]?.index;
      return index === undefined ? "" : restoreText(cleanText(row.cells[index] ?? ""));
    };
    const example = row.cells.find((cell) => exampleMarks.includes(cell.trim()));
    if (example !== undefined) {
      remarks.push({ line: row.line, code: "example-skipped", value: text("door") });
      continue;
    }
    const parts = fill({ building: text("building"), unit: text("unit"), door: text("door") });
    if (without.has(row.line)) continue;
    const doorText = [parts.building, parts.unit, parts.door].filter((part) => part !== "").join(" ");
    const door = recognised.columns.building ? parseDoorColumns(parts) : parseDoor(parts.door);
    rows.push({ line: row.line, door, doorText, text });
  }
  return { ok: true, recognised, rows, remarks };
}

const isHeaderAgain = (recognised: Recognised, row: TableRow) =>
  Object.values(recognised.columns).every(({ index, header }) => (row.cells[index] ?? "").trim() === header);

interface DoorParts {
  building: string;
  unit: string;
  door: string;
}

/**
 * A merged cell keeps its text in its first row only. Buildings and units are filled down; the door as well in a
 * table of items, where one household has many rows. What belongs to another building is never taken over.
 */
function filler(kind: ImportKind): (parts: DoorParts) => DoorParts {
  let above: DoorParts = { building: "", unit: "", door: "" };
  return (parts) => {
    const building = parts.building || above.building;
    const sameBuilding = building === above.building;
    const unit = parts.unit || (sameBuilding ? above.unit : "");
    const sameUnit = sameBuilding && unit === above.unit;
    const door = parts.door || (kind === "items" && sameUnit ? above.door : "");
    above = { building, unit, door };
    return above;
  };
}

/** The first column about which two rows say different things. */
export function contradiction<Facts extends object>(
  left: Partial<Facts>,
  right: Partial<Facts>,
): (keyof Facts & string) | undefined {
  for (const column of Object.keys(right) as (keyof Facts & string)[]) {
    if (left[column] !== undefined && left[column] !== right[column]) return column;
  }
  return undefined;
}
