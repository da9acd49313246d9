import type { Kysely } from "kysely";
import type { Dialect } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** One unit of work inside a commit. */
export interface Tx {
  readonly db: Kysely<Schema>;
  /** Runs once the unit is on disk; it must not throw and must not write. */
  afterCommit(hook: () => void): void;
}

export interface Storage {
  readonly dialect: Dialect;
  /** Reads what is committed. */
  readonly db: Kysely<Schema>;
  /**
   * Runs one unit of work. It resolves when the unit is on disk; it rejects with nothing stored.
   * What waits is committed together. A unit must not wait for anything but its own queries, and must
   * not call `write` itself.
   * @throws what `work` throws; StorageError when the database cannot commit
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Proves that a commit is possible now. @throws StorageError */
  probe(): Promise<void>;
  close(): Promise<void>;
}
