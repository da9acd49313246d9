import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** One unit of work inside a commit. */
export interface Tx {
  readonly db: Kysely<Schema>;
  /** Runs once the unit is on disk; it must not write. What it throws is reported and changes nothing. */
  afterCommit(hook: () => void): void;
}

/**
 * Runs the hooks of a committed unit. The unit is on disk, so a hook that throws may undo nothing, keep no other
 * hook from running and, above all, not stop the writing of everyone else.
 */
export function runHooks(hooks: readonly (() => void)[]): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** Statements that are known whole before they run: the way of what is written most. Each runs once for each row. */
export interface FixedStatement {
  sql: string;
  rows: readonly (readonly unknown[])[];
}

/** One unit of fixed statements. */
export interface FixedUnit {
  /** Must change exactly one row; when it changes none, nothing of the unit is stored. */
  guard: FixedStatement;
  statements: readonly FixedStatement[];
}

/** Changes one row of its own: only a write that changes something shows that writing is possible. */
export async function writeProbe(db: Kysely<Schema>): Promise<void> {
  await db
    .insertInto("probes")
    .values({ id: 1, at: 0 })
    .onConflict((of) => of.column("id").doUpdateSet((eb) => ({ at: eb("probes.at", "+", 1) })))
    .execute();
}

interface CommonStorage {
  /** Reads what is committed. */
  readonly db: Kysely<Schema>;
  /**
   * Reads what is committed with a statement whose text never changes, for what every request asks: prepared once a
   * connection, under a name that no other text has, and past the query builder, which costs as much as the reading.
   */
  readKnown(name: string, sql: string, values: readonly unknown[]): Promise<readonly unknown[]>;
  /**
   * Runs one unit of work. It resolves when the unit is on disk; it rejects with nothing stored.
   * What waits is committed together. A unit must not wait for anything but its own queries, and must
   * not call `write` itself. It may be run again from the start when the database could not order it among others.
   * @throws what `work` throws; StorageError when the database cannot commit
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Proves that a commit is possible now. @throws StorageError */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** One process, one file. */
export interface EmbeddedStorage extends CommonStorage {
  readonly dialect: "sqlite";
  /** Resolves, with the reason, once nothing can be stored any more until the process is started anew; else never. */
  readonly lost: Promise<Error>;
  /**
   * Stores a unit of fixed statements with the next group commit; resolves when it is on disk.
   * @returns false when its guard changed nothing, and nothing is stored
   * @throws what the database says of a statement; StorageError when it cannot commit
   */
  writeFixed(unit: FixedUnit): Promise<boolean>;
}

/** A database server that several nodes share. */
export interface ServedStorage extends CommonStorage {
  readonly dialect: "postgres";
  /** Runs one statement, prepared under its name once a connection, as a transaction of its own. */
  runPrepared(name: string, sql: string, values: readonly unknown[]): Promise<readonly unknown[]>;
}

export type Storage = EmbeddedStorage | ServedStorage;
