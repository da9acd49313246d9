import type { Insertable, InsertObject, Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";

/** Rows of one statement: databases limit the number of parameters, and our widest table has 19 columns. */
const chunk = 500;

/** Inserts any number of rows. */
export async function insertAll<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += chunk) {
    const values = rows.slice(start, start + chunk) as InsertObject<Schema, T>[];
    await db.insertInto(table).values(values).execute();
  }
}
