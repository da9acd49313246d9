import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import pg from "pg";
import { isOrderConflict, storageFault } from "./errors.ts";
import { migrate } from "./migrate.ts";
import { boundedPool, runPrepared } from "./postgres-pool.ts";
import type { Schema } from "./schema.ts";
import { runHooks, type ServedStorage, type Storage, type Tx, writeProbe } from "./storage.ts";

const int8 = 20;
/** How long one waits for the database, milliseconds; null: as long as it takes. */
export interface Patience {
  /** A statement that takes longer is given up: by the database first, then by this side. */
  statementMs: number | null;
  answerMs: number | null;
  /** A unit of work that does nothing for longer is ended. */
  idleMs: number | null;
}
/** Of a node, for whose answers people wait, and which may freeze in the middle of a command: others need the rows it has locked. */
export const serving: Patience = { statementMs: 5_000, answerMs: 6_000, idleMs: 4_000 };
/** Of a command that somebody watches, and of migrations: reading or rewriting a whole table takes its time. */
export const unhurried: Patience = { statementMs: null, answerMs: null, idleMs: null };

/** Two units that wait for each other: the database ends one of them, which then simply comes second. */
const mostAttempts = 5;

/**
 * PostgreSQL for several nodes. Each unit is a transaction of its own; the server groups their commits.
 * @throws StorageError `unavailable`, `database-newer`, `migration-failed`
 */
export async function openPostgres(
  url: string,
  connections: number,
  patience: Patience = serving,
): Promise<Storage> {
  await migrateDatabase(url);
  const { db, pool } = connect(url, connections, patience);
  return new PostgresStorage(db, pool);
}

/** Migrations may take long, and nodes that start together wait for the one that makes them. */
async function migrateDatabase(url: string): Promise<void> {
  const { db } = connect(url, 1, unhurried);
  try {
    await migrate(db, "postgres");
  } catch (error) {
    throw storageFault(error) ?? error;
  } finally {
    await db.destroy();
  }
}

function connect(url: string, connections: number, { statementMs, answerMs, idleMs }: Patience) {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    ...(statementMs !== null && { statement_timeout: statementMs }),
    ...(idleMs !== null && { idle_in_transaction_session_timeout: idleMs }),
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
  return { db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool: bounded }) }), pool: bounded };
}

class PostgresStorage implements ServedStorage {
  readonly dialect = "postgres";
  readonly db: Kysely<Schema>;
  readonly #pool: PostgresPool;

  constructor(db: Kysely<Schema>, pool: PostgresPool) {
    this.db = db;
    this.#pool = pool;
  }

  readKnown(name: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    return this.runPrepared(name, text, values);
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
