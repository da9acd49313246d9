import { CsvError, parse } from "csv-parse/sync";
import { importLimits, type TableRow } from "../../../shared/community/import-plan-table.ts";
import { FileRefused } from "./refused.ts";
import { decodeText, type TextEncoding } from "./text.ts";

const separators = [",", ";", "\t"] as const;
export type Separator = (typeof separators)[number];

/** Lines looked at to find the separator. */
const sampleLines = 50;

/**
 * Reads a table of comma-, semicolon- or tab-separated text. A row's line is its number in a spreadsheet program, so a
 * cell with line breaks in quotes counts once.
 * @throws FileRefused
 */
export function decodeCsv(bytes: Uint8Array): {
  rows: TableRow[];
  encoding: TextEncoding;
  separator: Separator;
} {
  const { text, encoding } = decodeText(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of these, other kinds of files do
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text))
    throw new FileRefused({ code: "file-not-a-table" });
  if (/^\s*<(?:!doctype|html|\?xml|table|meta|head)/i.test(text))
    throw new FileRefused({ code: "file-web-page" });
  const separator = findSeparator(text);
  const rows = parseRecords(text, separator).map((cells, index) => ({ line: index + 1, cells }));
  return { rows, encoding, separator };
}

function parseRecords(text: string, delimiter: Separator): string[][] {
  const { rows: most } = importLimits;
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relaxColumnCount: true,
      relaxQuotes: true,
      recordDelimiter: ["\r\n", "\n", "\r"],
      // One more than may be, so that the limit is told by its own name.
      to: most + 1,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : 1;
    throw new FileRefused({ code: "file-quote-open", params: { line } });
  }
}

/** The separator that occurs, outside quotes, in most of the first lines; a comma where none does. */
function findSeparator(text: string): Separator {
  const outsideQuotes = text.slice(0, 64 * 1024).replace(/"[^"]*"/g, "");
  const lines = outsideQuotes.split(/\r\n?|\n/, sampleLines);
  const linesWith = (separator: Separator) => lines.filter((line) => line.includes(separator)).length;
  return separators.reduce((best, separator) => (linesWith(separator) > linesWith(best) ? separator : best));
}
