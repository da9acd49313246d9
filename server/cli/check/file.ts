import { type Kysely, sql } from "kysely";
import type { Schema } from "../../storage/schema.ts";

/** What SQLite itself finds wrong with its file, and rows that refer to what is not there. */
export async function checkFile(db: Kysely<Schema>): Promise<string[]> {
  const integrity = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  const damage = integrity.rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
  const keys = await sql<{
    table: string;
    rowid: number;
    parent: string;
  }>`pragma foreign_key_check`.execute(db);
  return [
    ...damage.map((text) => `database file: ${text}`),
    ...keys.rows.map(
      ({ table, rowid, parent }) => `${table} row ${rowid}: what it refers to in ${parent} is gone`,
    ),
  ];
}
