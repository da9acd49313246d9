import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Dialect } from "./dialect.ts";
import { StorageError } from "./errors.ts";
import * as firstTables from "./migrations/0001-first-tables.ts";
import * as severalNodes from "./migrations/0002-several-nodes.ts";
import * as installation from "./migrations/0003-installation.ts";

type Step = { up(db: Kysely<unknown>, dialect: Dialect): Promise<void> };

const steps: Record<string, Step> = {
  "0001-first-tables": firstTables,
  "0002-several-nodes": severalNodes,
  "0003-installation": installation,
};

/**
 * Brings the tables up to this program's version. A database written by a newer program is refused,
 * because its data could be misread.
 * @throws StorageError `database-newer` or `migration-failed`
 */
export async function migrate<DB>(db: Kysely<DB>, dialect: Dialect): Promise<void> {
  const migrations: Record<string, Migration> = Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [
      name,
      { up: (target: Kysely<unknown>) => step.up(target, dialect) },
    ]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const unknown = (await appliedNames(db)).filter((name) => !(name in steps));
  if (unknown.length > 0) {
    throw new StorageError(
      "database-newer",
      `A newer Yuanba has changed this database (${unknown.join(", ")}). Start that version; this one is too old for it.`,
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error) throw new StorageError("migration-failed", "A migration failed; nothing was changed.", error);
}

/** Names of the migrations this database has and this program lacks, or lacks and the program has. */
export async function pendingMigrations<DB>(db: Kysely<DB>): Promise<string[]> {
  const applied = new Set(await appliedNames(db));
  return Object.keys(steps).filter((name) => !applied.has(name));
}

async function appliedNames<DB>(db: Kysely<DB>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return rows.map((row) => row.name);
}
