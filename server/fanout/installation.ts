import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { newToken } from "../identity/secrets.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

/** What the nodes of one database have in common, and no other program on the same Redis has. */
export interface Installation {
  /** What the names of its channels begin with. */
  prefix: string;
  /** What its words are sealed with. */
  key: KeyObject;
}

/**
 * Reads the installation of a database, and makes it at the very first start; of nodes that start at once, one does.
 * A copy of a database carries the secret with it, so where the database is counts too (decision 11).
 */
export async function readInstallation(storage: Storage): Promise<Installation> {
  const secret = (await secretOf(storage)) ?? (await makeSecret(storage));
  const place = storage.dialect === "postgres" ? await placeOf(storage.db) : [];
  const derive = (purpose: string): Buffer =>
    createHmac("sha256", secret)
      .update(JSON.stringify([purpose, ...place]))
      .digest();
  return {
    prefix: `yuanba:${derive("channels").toString("hex", 0, 8)}:`,
    key: createSecretKey(derive("words")),
  };
}

async function secretOf({ db }: Storage): Promise<string | undefined> {
  const row = await db.selectFrom("installations").select("secret").where("id", "=", 1).executeTakeFirst();
  return row?.secret;
}

async function makeSecret(storage: Storage): Promise<string> {
  await storage.write(({ db }) =>
    db
      .insertInto("installations")
      .values({ id: 1, secret: newToken() })
      .onConflict((of) => of.column("id").doNothing())
      .execute(),
  );
  const secret = await secretOf(storage);
  if (secret === undefined) throw new Error("The installation that was just stored is not there.");
  return secret;
}

/** A role that may not ask, and databases that speak PostgreSQL's language and lack the function. */
const cannotTell = new Set(["42501", "42883"]);

/** Which cluster and which database in it: the same through every restart and fail-over, another after dump and restore. */
async function placeOf(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const names = rows.map(({ name }) => name);
  try {
    const control = sql<{
      cluster: string;
    }>`select system_identifier::text as cluster from pg_control_system()`;
    return [...names, ...(await control.execute(db)).rows.map(({ cluster }) => cluster)];
  } catch (error) {
    // Any other error would give nodes of one database different names.
    if (cannotTell.has((error as { code?: string }).code ?? "")) return names;
    throw error;
  }
}
