export type StorageErrorCode =
  | "data-dir-unwritable"
  | "already-running"
  | "database-newer"
  | "migration-failed"
  | "not-a-database"
  | "no-database"
  | "migration-missing"
  | "disk-full"
  | "unavailable";

/** What stops the storage, by a stable name; the message tells the operator what to do. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const field = (error: unknown, key: string): unknown =>
  typeof error === "object" && error !== null ? (error as Record<string, unknown>)[key] : undefined;

/** SQLite primary result codes, https://sqlite.org/rescode.html */
const sqliteCode = (error: unknown): number | undefined => {
  const code = field(error, "errcode");
  return typeof code === "number" ? code & 0xff : undefined;
};

/** True for a broken unique or primary key constraint on either dialect. */
export function isUniqueViolation(error: unknown): boolean {
  // 2067 unique, 1555 primary key (SQLite extended codes); 23505 is PostgreSQL's.
  const extended = field(error, "errcode");
  return extended === 2067 || extended === 1555 || field(error, "code") === "23505";
}

/** True when PostgreSQL ended a transaction only because of others at the same time: a deadlock or a conflict. */
export const isOrderConflict = (error: unknown): boolean =>
  ["40P01", "40001"].some((code) => field(error, "code") === code);

/** True for an SQLite error that is about the database as a whole and not about one statement. */
export const isSqliteFault = (error: unknown): boolean => storageFault(error) !== null;

/** What the driver of PostgreSQL says of a broken or overdue connection, without a code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying|Client has encountered|Client was closed|Cannot use a pool)/;

/** Turns a driver's error into a named one, or null if it is not about the storage as a whole. */
export function storageFault(error: unknown): StorageError | null {
  if (error instanceof StorageError) return error;
  switch (sqliteCode(error)) {
    case 8:
      return new StorageError("data-dir-unwritable", "The database is read-only.", error);
    case 10:
      return new StorageError("unavailable", "The disk reported an error.", error);
    case 13:
      return new StorageError("disk-full", "The disk is full; nothing was stored.", error);
    case 14:
      return new StorageError("data-dir-unwritable", "The database file cannot be opened.", error);
    case 26:
    case 11:
      return new StorageError("not-a-database", "The database file is damaged or not a database.", error);
  }
  const code = field(error, "code");
  if (typeof code !== "string") {
    const lost = error instanceof Error && lostConnection.test(error.message);
    return lost ? new StorageError("unavailable", "The database cannot be reached.", error) : null;
  }
  if (code === "53100") return new StorageError("disk-full", "The database server's disk is full.", error);
  if (code === "25006")
    return new StorageError("unavailable", "The database is read-only at the moment.", error);
  const lost = /^(08|57P|53)/.test(code) || /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|ENOENT)/.test(code);
  return lost ? new StorageError("unavailable", "The database cannot be reached.", error) : null;
}
