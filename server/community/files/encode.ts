import writeXlsxFile from "write-excel-file/node";
import type { Table } from "../../../shared/community/export.ts";

/** A file to be downloaded. */
export interface TableFile {
  bytes: Buffer;
  contentType: string;
  /** With the dot. */
  extension: string;
}

/** Widest column of an exported sheet, in characters. */
const widestColumn = 40;

/** Writes a table as a file that Excel, WPS and LibreOffice open without asking. */
export const encodeTable = (table: Table, format: "csv" | "xlsx"): Promise<TableFile> =>
  format === "csv" ? encodeCsv(table) : encodeXlsx(table);

/** UTF-8 with a byte order mark, without which Excel takes Chinese for its local encoding; RFC 4180 otherwise. */
async function encodeCsv({ header, rows }: Table): Promise<TableFile> {
  const lines = [header, ...rows].map((cells) => cells.map(quote).join(","));
  const bytes = Buffer.from(`\ufeff${lines.join("\r\n")}\r\n`);
  return { bytes, contentType: "text/csv; charset=utf-8", extension: ".csv" };
}

const quote = (cell: string) => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Every cell is text, so that `0501` and long telephone numbers stay as they are. */
async function encodeXlsx({ name, header, rows }: Table): Promise<TableFile> {
  const title = header.map((value) => ({ value, type: String, fontWeight: "bold" as const, format: "@" }));
  const body = rows.map((cells) =>
    cells.map((value) =>
      value === ""
        ? null
        : { value: escapeForXlsx(value), type: String, format: "@", wrap: value.includes("\n") },
    ),
  );
  const columns = header.map((_, index) => ({ width: widthOf([header, ...rows], index) }));
  const bytes = await writeXlsxFile([title, ...body], {
    sheet: name,
    columns,
    stickyRowsCount: 1,
  }).toBuffer();
  const contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return { bytes, contentType, extension: ".xlsx" };
}

/**
 * `_x0041_` in a cell stands for the letter A (ECMA-376-1 22.9.2.19, ST_Xstring). A text that looks like this keeps its
 * underscore by the same means, and so does the first letter of a text such as `toString`: the writer counts its
 * strings in a plain object and would take that for a string it has met.
 */
function escapeForXlsx(text: string): string {
  const escaped = text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  if (!(escaped in Object.prototype)) return escaped;
  const first = escaped.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `_x${first}_${escaped.slice(1)}`;
}

/** In the width of a digit; a Chinese character takes two. */
function widthOf(rows: readonly (readonly string[])[], column: number): number {
  const widest = rows.reduce((width, cells) => Math.max(width, displayWidth(cells[column] ?? "")), 0);
  return Math.min(widest + 2, widestColumn);
}

const displayWidth = (text: string) => text.replace(/[\u0100-\uffff]/g, "  ").length;
