import { flushCompileCache } from "node:module";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { isSqliteFault } from "./errors.ts";
import type { FixedStatement, FixedUnit } from "./storage.ts";

/**
 * The one connection that writes, on its own thread: a commit waits for the disk (milliseconds), and the
 * main thread must go on serving meanwhile.
 */
export type WriterRequest = { id: number } & (
  | { sql: string; parameters: readonly SQLInputValue[] }
  | { units: readonly FixedUnit[]; own: boolean }
);
export interface WriterReply {
  id: number;
  rows?: unknown[];
  changes?: number | bigint;
  error?: WriterError;
}
export interface WriterError {
  message: string;
  errcode: number | undefined;
}
/** What became of one fixed unit: stored, held back by its guard, or refused. */
export type FixedOutcome = "stored" | "held" | WriterError;

const statementCacheSize = 500;
/**
 * The write-ahead log is folded into the database at this length, in pages, and begun anew at its start. While it grows,
 * each sync makes the file system note its new length as well, which costs a commit half as much work again; and the
 * longer it is, the longer somebody waits while it is folded.
 */
const walPages = 500;
const database = new DatabaseSync((workerData as { file: string }).file);
database.exec("pragma journal_mode = wal");
database.exec("pragma synchronous = full");
database.exec("pragma foreign_keys = on");
database.exec("pragma busy_timeout = 5000");
database.exec(`pragma wal_autocheckpoint = ${walPages}`);
// Enough for the rows that busy boards write again and again; the default is 2 MB.
database.exec("pragma cache_size = -8000");
// What a savepoint may have to put back: else SQLite makes a file for it, and removes it, in each commit of a busy board.
database.exec("pragma temp_store = memory");

const statements = new Map<string, StatementSync>();

function prepared(sql: string): StatementSync {
  const known = statements.get(sql);
  if (known) return known;
  const statement = database.prepare(sql);
  if (statements.size >= statementCacheSize) statements.clear();
  statements.set(sql, statement);
  return statement;
}

function answer(request: WriterRequest): WriterReply {
  const { id } = request;
  try {
    if ("units" in request) return { id, rows: runUnits(request.units, request.own) };
    const statement = prepared(request.sql);
    if (statement.columns().length > 0) return { id, rows: statement.all(...request.parameters) };
    return { id, changes: statement.run(...request.parameters).changes };
  } catch (error) {
    return { id, error: asWriterError(error) };
  }
}

function asWriterError(error: unknown): WriterError {
  const { message, errcode } = error as Error & { errcode?: number };
  return { message, errcode };
}

/**
 * All units of a group in one visit to this thread, each under a savepoint.
 * @param own whether the transaction is begun and committed here
 * @throws what stops the whole transaction; it is rolled back then, if it is our own
 */
function runUnits(units: readonly FixedUnit[], own: boolean): FixedOutcome[] {
  if (own) database.exec("begin immediate");
  try {
    const outcomes = units.map(runUnit);
    if (own) database.exec("commit");
    return outcomes;
  } catch (error) {
    if (own && database.isTransaction) database.exec("rollback");
    throw error;
  }
}

function runUnit({ guard, statements: rest }: FixedUnit): FixedOutcome {
  database.exec("savepoint unit");
  try {
    const kept = runStatement(guard) === 1;
    if (kept) for (const statement of rest) runStatement(statement);
    database.exec("release unit");
    return kept ? "stored" : "held";
  } catch (error) {
    // A full or failing disk ends the whole transaction, and the savepoint with it.
    if (!database.isTransaction || isSqliteFault(error)) throw error;
    database.exec("rollback to unit");
    database.exec("release unit");
    return asWriterError(error);
  }
}

function runStatement({ sql, rows }: FixedStatement): number {
  const statement = prepared(sql);
  let changes = 0;
  for (const row of rows) changes += Number(statement.run(...(row as readonly SQLInputValue[])).changes);
  return changes;
}

parentPort?.on("message", (request: WriterRequest | "close") => {
  if (request === "close") {
    database.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answer(request));
});

// Each thread keeps its own (see `serve`).
flushCompileCache();
