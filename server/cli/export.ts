import { writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import type { Kysely } from "kysely";
import {
  householdsTable,
  itemsTable,
  type Table,
  type TableLanguage,
} from "../../shared/community/export.ts";
import { createTableFiles } from "../community/files/table-files.ts";
import { readCells, readHouseholds } from "../community/reading.ts";
import type { Schema } from "../storage/schema.ts";
import { type Command, given, readArguments, say, UsageError } from "./command.ts";
import { knownCourtyard } from "./find-place.ts";
import { withStorage } from "./storage.ts";

const languages: readonly TableLanguage[] = ["zh-CN", "en"];

export const exportCommand: Command = {
  usage: `yuanba export --courtyard <id|name> [--households <file>] [--items <file>] [--language zh-CN|en]
Writes a courtyard's tables with the columns that \`yuanba import\` reads. A file ends in .csv or .xlsx.
The households carry contacts, which only officers may see: keep the file safe. Works while the server runs.`,
  run: async (args, env) => {
    const { values } = readArguments(args, {
      courtyard: { type: "string" },
      households: { type: "string" },
      items: { type: "string" },
      language: { type: "string", default: "zh-CN" },
    });
    const courtyardName = given(values.courtyard, "--courtyard");
    const language = languages.find((known) => known === values.language);
    if (!language) throw new UsageError(`"${values.language}" is not a language: zh-CN or en.`);
    const wanted = [
      ...(values.households ? [{ file: values.households, read: exportHouseholds }] : []),
      ...(values.items ? [{ file: values.items, read: exportItems }] : []),
    ].map((each) => ({ ...each, format: formatOf(each.file) }));
    if (wanted.length === 0) throw new UsageError("--households or --items is missing.");
    await withStorage(env, async ({ db }) => {
      const courtyard = await knownCourtyard(db, courtyardName);
      for (const { file, format, read } of wanted) {
        const table = await read(db, courtyard.id, language);
        writeFileSync(resolve(file), await bytesOf(table, format));
        say(`${table.rows.length} rows: ${resolve(file)}`);
      }
    });
    return 0;
  },
};

function formatOf(file: string): "csv" | "xlsx" {
  const ending = extname(file).toLowerCase();
  if (ending === ".csv") return "csv";
  if (ending === ".xlsx") return "xlsx";
  throw new UsageError(`${file} must end in .csv or .xlsx.`);
}

async function bytesOf(table: Table, format: "csv" | "xlsx"): Promise<Uint8Array> {
  const files = createTableFiles();
  try {
    return (await files.write(table, format)).bytes;
  } finally {
    await files.close();
  }
}

const exportHouseholds = async (
  db: Kysely<Schema>,
  courtyardId: string,
  language: TableLanguage,
): Promise<Table> => householdsTable(await readHouseholds(db, courtyardId), language);

const exportItems = async (
  db: Kysely<Schema>,
  courtyardId: string,
  language: TableLanguage,
): Promise<Table> => itemsTable(await readCells(db, courtyardId), language);
