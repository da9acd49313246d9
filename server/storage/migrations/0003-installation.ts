import type { Kysely } from "kysely";

/** Where a database keeps what makes it one installation, and no other that uses the same Redis. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("installations")
    .addColumn("id", "integer", (c) => c.primaryKey())
    .addColumn("secret", "text", (c) => c.notNull())
    .execute();
}
