import { AsyncLocalStorage } from "node:async_hooks";
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { Kysely, sql } from "kysely";
import { StorageError, storageFault } from "./errors.ts";
import { migrate, pendingMigrations } from "./migrate.ts";
import type { Schema } from "./schema.ts";
import {
  type DirectConnection,
  directConnection,
  readingConnection,
  SqliteError,
  SqliteWriter,
  writingDialect,
} from "./sqlite-dialect.ts";
import type { FixedOutcome } from "./sqlite-worker.ts";
import {
  type EmbeddedStorage,
  type FixedUnit,
  runHooks,
  type Storage,
  type Tx,
  writeProbe,
} from "./storage.ts";

interface Settled {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
interface Waiting extends Settled {
  run(tx: Tx): Promise<unknown>;
}
interface WaitingFixed extends Settled {
  unit: FixedUnit;
}

const largestBatch = 500;
/**
 * Ticks of boards are committed at most this often, milliseconds: at once when nothing was, else with those of other
 * boards. A commit costs as much for one as for ten, and a person does not see fifteen milliseconds. Less than the
 * tick of a busy board, so that one alone never waits twice.
 */
const gatherMs = 15;

/** The one file that holds everything of an embedded installation. */
export const databaseFile = (dataDir: string): string => join(dataDir, "yuanba.sqlite");

/**
 * The embedded store: one process, one file in `dataDir`, each commit synced to disk.
 * @throws StorageError `data-dir-unwritable`, `already-running`, `database-newer`, `not-a-database`
 */
export async function openSqlite(dataDir: string): Promise<Storage> {
  ensureWritable(dataDir);
  const owner = takeOwnership(dataDir);
  try {
    const file = databaseFile(dataDir);
    await migrateFile(file);
    return new SqliteStorage(file, owner);
  } catch (error) {
    owner.close();
    throw storageFault(error) ?? error;
  }
}

/**
 * The same store for a command that runs beside the server: it reads, and may add rows that no open board and no
 * event tells of (a session, an invitation). It neither owns the file nor migrates it.
 * @throws StorageError `no-database`, `migration-missing`, `not-a-database`
 */
export async function openSqliteBeside(dataDir: string): Promise<Storage> {
  const file = databaseFile(dataDir);
  if (!existsSync(file)) throw new StorageError("no-database", `DATA_DIR ${dataDir} holds no database yet.`);
  let storage: SqliteStorage | undefined;
  try {
    storage = new SqliteStorage(file, null);
    const missing = await pendingMigrations(storage.db);
    if (missing.length === 0) return storage;
    throw new StorageError(
      "migration-missing",
      "The tables are older than this program: run `yuanba migrate`.",
    );
  } catch (error) {
    await storage?.close();
    throw storageFault(error) ?? error;
  }
}

function ensureWritable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new StorageError("data-dir-unwritable", `DATA_DIR ${dataDir} cannot be written.`, error);
  }
}

/**
 * Holds an exclusive lock on a file beside the data for as long as the process lives; the operating system
 * frees it when the process dies, however it dies.
 * @throws StorageError `already-running`
 */
export function takeOwnership(dataDir: string): DatabaseSync {
  const owner = new DatabaseSync(join(dataDir, "owner.sqlite"));
  try {
    owner.exec("pragma journal_mode = delete");
    owner.exec("begin exclusive");
    return owner;
  } catch (error) {
    owner.close();
    const fault = storageFault(error);
    if (fault) throw fault;
    throw new StorageError(
      "already-running",
      `Another Yuanba is using ${dataDir}. One at a time: stop the other first.`,
      error,
    );
  }
}

/** Migrations need real transactions and schema reads, so they run on a connection of their own. */
async function migrateFile(file: string): Promise<void> {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal");
  const db = new Kysely<Schema>({ dialect: directConnection(database).dialect });
  try {
    await migrate(db, "sqlite");
  } finally {
    await db.destroy();
  }
}

class SqliteStorage implements EmbeddedStorage {
  readonly dialect = "sqlite";
  readonly db: Kysely<Schema>;
  readonly lost: Promise<Error>;
  readonly #owner: DatabaseSync | null;
  readonly #read: DirectConnection["all"];
  readonly #writer: SqliteWriter;
  readonly #writerDb: Kysely<Schema>;
  readonly #inside = new AsyncLocalStorage<true>();
  #queue: Waiting[] = [];
  #fixed: WaitingFixed[] = [];
  #running: Promise<void> | null = null;
  #beganAt = Number.NEGATIVE_INFINITY;

  constructor(file: string, owner: DatabaseSync | null) {
    this.#owner = owner;
    this.#writer = new SqliteWriter(file);
    this.lost = this.#writer.lost;
    this.#writerDb = new Kysely<Schema>({ dialect: writingDialect(this.#writer) });
    const reading = readingConnection(file);
    this.#read = reading.all;
    this.db = new Kysely<Schema>({ dialect: reading.dialect });
  }

  async readKnown(_name: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    return this.#read(text, values);
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#inside.getStore()) throw new Error("A unit of work must not start another one.");
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: work, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  writeFixed(unit: FixedUnit): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      this.#fixed.push({ unit, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  async probe(): Promise<void> {
    await this.write(({ db }) => writeProbe(db));
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#writerDb.destroy();
    // Kysely leaves alone what it was never asked to use, and the thread would hold the process.
    await this.#writer.close();
    await this.db.destroy();
    this.#owner?.close();
  }

  async #drain(): Promise<void> {
    // Lets everything of this turn join the first batch.
    await Promise.resolve();
    while (this.#queue.length + this.#fixed.length > 0) {
      const wait = this.#beganAt + gatherMs - performance.now();
      if (this.#queue.length === 0 && wait > 0) await pause(wait);
      this.#beganAt = performance.now();
      await this.#commit(this.#queue.splice(0, largestBatch), this.#fixed.splice(0, largestBatch));
    }
    this.#running = null;
  }

  /** Everything that waits, in one transaction; what is fixed in one visit to the writing thread. */
  async #commit(batch: Waiting[], fixed: WaitingFixed[]): Promise<void> {
    const done: { unit: Waiting; value: unknown; hooks: (() => void)[] }[] = [];
    let outcomes: FixedOutcome[] = [];
    try {
      if (batch.length === 0) outcomes = await this.#runFixed(fixed, true);
      else {
        await this.#exec("begin immediate");
        for (const unit of batch) await this.#runUnit(unit, done);
        if (fixed.length > 0) outcomes = await this.#runFixed(fixed, false);
        await this.#exec("commit");
      }
    } catch (error) {
      if (batch.length > 0) await this.#exec("rollback").catch(() => {});
      const fault = storageFault(error) ?? error;
      for (const unit of [...batch, ...fixed]) unit.reject(fault);
      return;
    }
    for (const { unit, value, hooks } of done) {
      runHooks(hooks);
      unit.resolve(value);
    }
    for (const [at, { resolve, reject }] of fixed.entries()) {
      const outcome = outcomes[at];
      if (outcome === "stored" || outcome === "held") resolve(outcome === "stored");
      else reject(new SqliteError(outcome?.message ?? "no outcome", outcome?.errcode));
    }
  }

  async #runUnit(
    unit: Waiting,
    done: { unit: Waiting; value: unknown; hooks: (() => void)[] }[],
  ): Promise<void> {
    await this.#exec("savepoint unit");
    const hooks: (() => void)[] = [];
    const tx: Tx = { db: this.#writerDb, afterCommit: (hook) => hooks.push(hook) };
    try {
      const value = await this.#inside.run(true, () => unit.run(tx));
      await this.#exec("release unit");
      done.push({ unit, value, hooks });
    } catch (error) {
      const fault = storageFault(error);
      // A full or failing disk may have ended the whole transaction: the batch fails as one.
      if (fault) throw fault;
      await this.#exec("rollback to unit");
      await this.#exec("release unit");
      unit.reject(error);
    }
  }

  #runFixed(fixed: readonly WaitingFixed[], own: boolean): Promise<FixedOutcome[]> {
    return this.#writer.runUnits(
      fixed.map(({ unit }) => unit),
      own,
    );
  }

  async #exec(statement: string): Promise<void> {
    await sql.raw(statement).execute(this.#writerDb);
  }
}
