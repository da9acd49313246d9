import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

/**
 * The one connection that writes, on its own thread: a commit waits for the disk (milliseconds), and the
 * main thread must go on serving meanwhile.
 */
export interface WriterRequest {
  id: number;
  sql: string;
  parameters: readonly SQLInputValue[];
}
export interface WriterReply {
  id: number;
  rows?: unknown[];
  changes?: number | bigint;
  error?: { message: string; errcode: number | undefined };
}

const statementCacheSize = 500;
const database = new DatabaseSync((workerData as { file: string }).file);
database.exec("pragma journal_mode = wal");
database.exec("pragma synchronous = full");
database.exec("pragma foreign_keys = on");
database.exec("pragma busy_timeout = 5000");
database.exec("pragma wal_autocheckpoint = 2000");

const statements = new Map<string, StatementSync>();

function prepared(sql: string): StatementSync {
  const known = statements.get(sql);
  if (known) return known;
  const statement = database.prepare(sql);
  if (statements.size >= statementCacheSize) statements.clear();
  statements.set(sql, statement);
  return statement;
}

function answer({ id, sql, parameters }: WriterRequest): WriterReply {
  try {
    const statement = prepared(sql);
    if (statement.columns().length > 0) return { id, rows: statement.all(...parameters) };
    return { id, changes: statement.run(...parameters).changes };
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    return { id, error: { message, errcode } };
  }
}

parentPort?.on("message", (request: WriterRequest | "close") => {
  if (request === "close") {
    database.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answer(request));
});
