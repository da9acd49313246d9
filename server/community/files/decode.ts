import {
  type FileRefusal,
  importLimits,
  type TableRow,
} from "../../../shared/community/import-plan-table.ts";
import { decodeCsv, type Separator } from "./csv.ts";
import { FileRefused } from "./refused.ts";
import type { TextEncoding } from "./text.ts";
import { decodeXlsx } from "./xlsx.ts";

/** How a file was understood. */
export type TableSource =
  | { format: "csv"; encoding: TextEncoding; separator: Separator }
  | { format: "xlsx"; sheet: string };

export type Decoded =
  | { ok: true; rows: TableRow[]; source: TableSource }
  | { ok: false; refusal: FileRefusal };

const zipStart = [0x50, 0x4b, 3, 4];
/** Compound File Binary: Excel 97–2003, and the wrapping of an XLSX file with a password ([MS-OFFCRYPTO] 2.3). */
const compoundStart = [0xd0, 0xcf, 0x11, 0xe0];
const otherStarts = [
  [0x25, 0x50, 0x44, 0x46],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x1f, 0x8b],
];

/**
 * Reads the bytes of a CSV or XLSX file as rows of text. What a file is shows in its bytes; its name is not asked.
 * Takes time in proportion to the file and never throws: whatever is wrong has a name.
 */
export async function decodeTable(bytes: Buffer): Promise<Decoded> {
  try {
    const { rows, source } = await decode(bytes);
    checkBounds(rows);
    return { ok: true, rows, source };
  } catch (error) {
    if (error instanceof FileRefused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

async function decode(bytes: Buffer): Promise<{ rows: TableRow[]; source: TableSource }> {
  const starts = (magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte);
  const most = importLimits.fileBytes;
  if (bytes.length === 0) throw new FileRefused({ code: "file-empty" });
  if (bytes.length > most) throw new FileRefused({ code: "file-too-large", params: { most } });
  if (starts(compoundStart)) {
    const withPassword = bytes.includes(Buffer.from("EncryptedPackage", "utf16le"));
    throw new FileRefused({ code: withPassword ? "file-password" : "file-old-excel" });
  }
  if (otherStarts.some(starts)) throw new FileRefused({ code: "file-not-a-table" });
  if (starts(zipStart)) {
    const { rows, sheet } = await decodeXlsx(bytes);
    return { rows, source: { format: "xlsx", sheet } };
  }
  const { rows, encoding, separator } = decodeCsv(bytes);
  return { rows, source: { format: "csv", encoding, separator } };
}

function checkBounds(rows: readonly TableRow[]): void {
  const { rows: mostRows, columns: mostColumns, cellLength: longest } = importLimits;
  if (rows.length > mostRows)
    throw new FileRefused({ code: "file-too-many-rows", params: { most: mostRows } });
  for (const { line, cells } of rows) {
    if (cells.slice(mostColumns).some((cell) => cell !== "")) {
      throw new FileRefused({ code: "file-too-many-columns", params: { most: mostColumns } });
    }
    if (cells.some((cell) => cell.length > longest)) {
      throw new FileRefused({ code: "file-cell-too-long", params: { line, most: longest } });
    }
  }
  if (rows.every(({ cells }) => cells.every((cell) => cell.trim() === ""))) {
    throw new FileRefused({ code: "file-empty" });
  }
}
