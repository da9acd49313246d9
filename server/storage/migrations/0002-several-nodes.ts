import type { Kysely } from "kysely";

/**
 * A row that can be written at any time, to see whether anything can. And what several nodes need to follow one another: who stands behind an update is in the row of the update, and
 * a board that was renewed says so by its generation.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("probes")
    .addColumn("id", "integer", (c) => c.primaryKey())
    .addColumn("at", "bigint", (c) => c.notNull())
    .execute();
  await schema.alterTable("board_updates").addColumn("bindings", "text").execute();
  await schema
    .alterTable("boards")
    .addColumn("generation", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .alterTable("board_snapshots")
    .addColumn("generation", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
}
