import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { FixedOutcome, WriterReply } from "./sqlite-worker.ts";
import type { FixedUnit } from "./storage.ts";

type Unsent =
  | { sql: string; parameters: readonly SQLInputValue[] }
  | { units: readonly FixedUnit[]; own: boolean };

/** An SQLite error that crossed the thread, with SQLite's extended result code. */
export class SqliteError extends Error {
  override readonly name = "SqliteError";
  readonly errcode: number | undefined;

  constructor(message: string, errcode: number | undefined) {
    super(message);
    this.errcode = errcode;
  }
}

/** A connection of this thread, which answers at once. */
export interface DirectConnection {
  dialect: SqliteDialect;
  /** All rows of a statement, which is prepared when it is first used. */
  all(sql: string, parameters: readonly unknown[]): readonly unknown[];
}

/** A connection on this thread that can only read what is committed. */
export function readingConnection(file: string): DirectConnection {
  const database = new DatabaseSync(file);
  database.exec("pragma query_only = on");
  database.exec("pragma busy_timeout = 5000");
  return directConnection(database);
}

export function directConnection(database: DatabaseSync): DirectConnection {
  // Asking a statement for its columns costs as much as running it.
  const statements = new Map<string, { statement: StatementSync; reader: boolean }>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const prepared = { statement, reader: statement.columns().length > 0 };
    if (statements.size >= 500) statements.clear();
    statements.set(sql, prepared);
    return prepared;
  };
  const bound = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare: (sql) => {
        const { statement, reader } = prepare(sql);
        return {
          reader,
          all: (parameters) => statement.all(...bound(parameters)),
          run: (parameters) => statement.run(...bound(parameters)),
          iterate: (parameters) => statement.iterate(...bound(parameters)),
        };
      },
    },
  });
  return { dialect, all: (sql, parameters) => prepare(sql).statement.all(...bound(parameters)) };
}

/** The writing thread as a Kysely connection. */
export class SqliteWriter implements DatabaseConnection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(reply: WriterReply): void; reject(error: Error): void }>();
  readonly #ended: Promise<void>;
  /** Resolves when the thread has ended and was not asked to: it never comes back. */
  readonly lost: Promise<Error>;
  #nextId = 1;
  #fault: Error | null = null;
  #closing = false;

  constructor(file: string) {
    this.#worker = new Worker(new URL("./sqlite-worker.ts", import.meta.url), { workerData: { file } });
    this.#worker.on("message", (reply: WriterReply) => {
      this.#waiting.get(reply.id)?.resolve(reply);
      this.#waiting.delete(reply.id);
    });
    const { promise: lost, resolve: lose } = Promise.withResolvers<Error>();
    this.lost = lost;
    this.#worker.on("error", (error) => this.#fail(error as Error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        const fault = this.#fail(new SqliteError("The writing thread has ended.", undefined));
        if (!this.#closing) lose(fault);
        resolve();
      });
    });
  }

  async executeQuery<R>({
    sql,
    parameters,
  }: {
    sql: string;
    parameters: readonly unknown[];
  }): Promise<QueryResult<R>> {
    const reply = await this.#ask({ sql, parameters: parameters as SQLInputValue[] });
    return { rows: (reply.rows ?? []) as R[], numAffectedRows: BigInt(reply.changes ?? 0) };
  }

  /**
   * Runs fixed units in one visit to the thread. With `own` they are a transaction of their own, else a part of the
   * one that is open. @throws SqliteError when none of them is stored
   */
  async runUnits(units: readonly FixedUnit[], own: boolean): Promise<FixedOutcome[]> {
    const { rows } = await this.#ask({ units, own });
    return rows as FixedOutcome[];
  }

  async #ask(request: Unsent): Promise<WriterReply> {
    if (this.#fault) throw this.#fault;
    const id = this.#nextId++;
    const reply = await new Promise<WriterReply>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request });
    });
    if (reply.error) throw new SqliteError(reply.error.message, reply.error.errcode);
    return reply;
  }

  // biome-ignore lint/correctness/useYield: results of the writer are never streamed
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error("The writing connection does not stream.");
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#fault) this.#worker.postMessage("close");
    await this.#ended;
  }

  /** @returns what stopped it first */
  #fail(error: Error): Error {
    const fault = this.#fault ?? error;
    this.#fault = fault;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
    return fault;
  }
}

/** A Kysely dialect over the writing thread. Transactions are the group committer's, not Kysely's. */
export function writingDialect(writer: SqliteWriter): Dialect {
  const refuse = async () => {
    throw new Error("Use Storage.write: the group committer owns the transaction.");
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => writer,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: () => writer.close(),
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
