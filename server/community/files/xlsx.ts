import readXlsxFile from "read-excel-file/universal";
import { importLimits, type TableRow } from "../../../shared/community/import-plan-table.ts";
import { FileRefused } from "./refused.ts";
import { namesInZip, packZip, unpackZip } from "./zip.ts";

/**
 * Reads the first sheet of an XLSX file that has anything in it. A row's line is its row number in the sheet.
 * @throws FileRefused
 */
export async function decodeXlsx(bytes: Buffer): Promise<{ rows: TableRow[]; sheet: string }> {
  const names = namesInZip(bytes, importLimits);
  if (!names.includes("xl/workbook.xml")) throw new FileRefused({ code: "file-not-a-table" });
  const wanted = (name: string) => /^(?:xl\/|_rels\/|\[Content_Types\]).*\.(?:xml|rels)$/.test(name);
  const plain = packZip(unpackZip(bytes, wanted, importLimits));
  const sheets = await readSheets(plain);
  const sheet = sheets.find(({ data }) => data.some((row) => row.some((cell) => cell !== null))) ?? sheets[0];
  if (!sheet) throw new FileRefused({ code: "file-empty" });
  const rows = sheet.data.map((row, index) => ({ line: index + 1, cells: row.map(cellText) }));
  return { rows, sheet: sheet.sheet };
}

async function readSheets(plain: Buffer): ReturnType<typeof readXlsxFile> {
  try {
    return await readXlsxFile(new Blob([Uint8Array.from(plain)]));
  } catch {
    // The reader's errors speak of XML elements and differ by release; all mean that the file is not as it should be.
    throw new FileRefused({ code: "file-damaged" });
  }
}

/** A cell as text. A day of the calendar keeps a form of its own, so that a door can be told from it. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString().slice(0, 10);
  return String(cell);
}
