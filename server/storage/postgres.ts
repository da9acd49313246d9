import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import pg from "pg";
import { isOrderConflict, storageFault } from "./errors.ts";
import { migrate } from "./migrate.ts";
import { boundedPool, runPrepared } from "./postgres-pool.ts";
import type { Schema } from "./schema.ts";
import { runHooks, type ServedStorage, type Storage, type Tx, writeProbe } from "./storage.ts";

const int8 = 20;
/** A statement that takes longer is given up, milliseconds: by the server first, then by this side. */
const statementMs = 5_000;
const answerMs = 6_000;
/** Two units that wait for each other: the database ends one of them, which then simply comes second. */
const mostAttempts = 5;

/**
 * PostgreSQL for several nodes. Each unit is a transaction of its own; the server groups their commits.
 * @throws StorageError `unavailable`, `database-newer`, `migration-failed`
 */
export async function openPostgres(url: string, connections: number): Promise<Storage> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementMs,
    // A node that freezes in the middle of a command must not keep the others from the rows it has locked.
    idle_in_transaction_session_timeout: 4_000,
    keepAlive: true,
    types: {
      // Times and sequences stay below 2^53, so a number holds them.
      getTypeParser: ((oid: number, format?: "text" | "binary") =>
        oid === int8 && format !== "binary"
          ? Number
          : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
    },
  });
  const bounded = boundedPool(pool, answerMs);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: bounded }) });
  try {
    await migrate(db, "postgres");
  } catch (error) {
    await db.destroy();
    throw storageFault(error) ?? error;
  }
  return new PostgresStorage(db, bounded);
}

class PostgresStorage implements ServedStorage {
  readonly dialect = "postgres";
  readonly db: Kysely<Schema>;
  readonly #pool: PostgresPool;

  constructor(db: Kysely<Schema>, pool: PostgresPool) {
    this.db = db;
    this.#pool = pool;
  }

  async runPrepared(name: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runPrepared(this.#pool, name, text, values);
      } catch (error) {
        if (attempt < mostAttempts && isOrderConflict(error)) continue;
        throw storageFault(error) ?? error;
      }
    }
  }

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const hooks: (() => void)[] = [];
      let value: T;
      try {
        value = await this.db
          .transaction()
          .execute((db) => work({ db, afterCommit: (hook) => hooks.push(hook) }));
      } catch (error) {
        if (attempt < mostAttempts && isOrderConflict(error)) continue;
        throw storageFault(error) ?? error;
      }
      runHooks(hooks);
      return value;
    }
  }

  async probe(): Promise<void> {
    await this.write(({ db }) => writeProbe(db));
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }
}
