import { CompiledQuery, type Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Dialect } from "../storage/dialect.ts";
import { isUniqueViolation } from "../storage/errors.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage, Tx } from "../storage/storage.ts";
import {
  type BoardCommit,
  type BoardRenewal,
  type BoardStore,
  CommitRefused,
  type LogRow,
  type StoredBoard,
} from "../sync/ports.ts";
import {
  postgresAppendName,
  postgresAppendText,
  postgresAppendValues,
  readBindings,
  sqliteAppend,
} from "./append.ts";
import { renewBoard, saveSnapshot } from "./snapshots.ts";

/** Boards named in one question to the log. */
const atOnce = 500;
/** Rows that a node may be behind when its turn has come. */
const rowsOfTurn = 500;

/** Boards in the database: an update log with a dense sequence, snapshots, and what reads faster as rows. */
export function createBoardStore(deps: { storage: Storage; clock: Clock }): BoardStore {
  const { storage, clock } = deps;
  return {
    shared: storage.dialect === "postgres",

    load: (boardId) => loadBoard(storage.db, boardId),

    commit: (boardId, commit) =>
      refusedWhenBound(async () => {
        if (storage.dialect === "sqlite")
          return storage.writeFixed(sqliteAppend(boardId, commit, clock.now()));
        const values = postgresAppendValues(boardId, commit, clock.now());
        return (await storage.runPrepared(postgresAppendName, postgresAppendText, values)).length === 1;
      }),

    commitInTurn: (boardId, seq, prepare) =>
      refusedWhenBound(() =>
        storage.write(async (tx) => {
          // Whoever else commits changes this row first, and waits for it. SQLite has one writer at a time anyway.
          if (storage.dialect === "postgres")
            await tx.db.selectFrom("boards").select("seq").where("id", "=", boardId).forUpdate().execute();
          const commit = prepare(await readLog(tx.db, [{ boardId, seq }], rowsOfTurn));
          return commit !== null && append(tx, storage.dialect, boardId, commit, clock.now());
        }),
      ),

    places: async (boardId) => {
      const board = await storage.db
        .selectFrom("boards")
        .select(["courtyard_id", "building_id"])
        .where("id", "=", boardId)
        .executeTakeFirst();
      return board ? placesOf(storage.db, boardId, board) : null;
    },

    since: (boards, limit) => readLog(storage.db, boards, limit),

    heads: async (boardIds) => {
      const heads = new Map<string, number>();
      for (let at = 0; at < boardIds.length; at += atOnce) {
        const some = boardIds.slice(at, at + atOnce);
        const rows = await storage.db
          .selectFrom("boards")
          .select(["id", "seq"])
          .where("id", "in", some)
          .execute();
        for (const { id, seq } of rows) heads.set(id, seq);
      }
      return heads;
    },

    saveSnapshot: (boardId, seq, state) =>
      storage.write(({ db }) => saveSnapshot(db, boardId, { seq, state, at: clock.now() })),

    renew: (boardId, renewal: BoardRenewal) =>
      storage.write(({ db }) => renewBoard(db, boardId, renewal, clock.now())),
  };
}

/** @throws CommitRefused when the work failed because another account has one of the client ids */
async function refusedWhenBound(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) throw new CommitRefused("a client id is bound already", { cause: error });
    throw error;
  }
}

/**
 * Appends inside a unit of work that does more than that (a seeded courtyard).
 * @throws when the board has moved on since `commit.after`
 */
export async function appendToBoard(
  tx: Tx,
  dialect: Dialect,
  boardId: string,
  commit: BoardCommit,
  now: number,
): Promise<void> {
  if (!(await append(tx, dialect, boardId, commit, now))) throw new Error(`Board ${boardId} has moved on.`);
}

/** Appends inside a unit of work; answers false, with nothing written, when the board has moved on. */
async function append(
  { db }: Tx,
  dialect: Dialect,
  boardId: string,
  commit: BoardCommit,
  now: number,
): Promise<boolean> {
  const run = (sql: string, values: readonly unknown[]) =>
    db.executeQuery(CompiledQuery.raw(sql, [...values]));
  if (dialect === "postgres")
    return (await run(postgresAppendText, postgresAppendValues(boardId, commit, now))).rows.length === 1;
  const { guard, statements } = sqliteAppend(boardId, commit, now);
  const { numAffectedRows } = await run(guard.sql, guard.rows[0] ?? []);
  if (numAffectedRows !== 1n) return false;
  for (const { sql, rows } of statements) for (const row of rows) await run(sql, row);
  return true;
}

async function readLog(
  db: Kysely<Schema>,
  boards: readonly { boardId: string; seq: number }[],
  limit: number,
): Promise<LogRow[]> {
  if (boards.length === 0) return [];
  const rows = await db
    .selectFrom("board_updates")
    .select(["board_id", "seq", "data", "bindings"])
    .where((eb) =>
      eb.or(
        boards
          .slice(0, atOnce)
          .map(({ boardId, seq }) => eb.and([eb("board_id", "=", boardId), eb("seq", ">", seq)])),
      ),
    )
    .orderBy("board_id")
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(({ board_id, seq, data, bindings }) => ({
    boardId: board_id,
    seq,
    update: data,
    bindings: readBindings(bindings),
  }));
}

/** How often a load begins again because the board was renewed or folded while it was read. */
const mostLoads = 5;

/**
 * A board as it is stored, or null when there is none with this id.
 * @throws when snapshot and log do not meet, which they do again once another node has finished folding them
 */
export async function loadBoard(db: Kysely<Schema>, boardId: string): Promise<StoredBoard | null> {
  for (let attempt = 1; ; attempt++) {
    const board = await db
      .selectFrom("boards")
      .select(["seq", "generation", "courtyard_id", "building_id"])
      .where("id", "=", boardId)
      .executeTakeFirst();
    if (!board) return null;
    const bindings = await db
      .selectFrom("board_clients")
      .select(["client_id", "resident_id"])
      .where("board_id", "=", boardId)
      .execute();
    const snapshot = await db
      .selectFrom("board_snapshots")
      .select(["seq", "data", "generation"])
      .where("board_id", "=", boardId)
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    const updates = await db
      .selectFrom("board_updates")
      .select(["seq", "data", "bindings"])
      .where("board_id", "=", boardId)
      .where("seq", ">", snapshot?.seq ?? 0)
      .orderBy("seq")
      .execute();
    // A commit may have come between these reads: what was read last decides, and who is behind its updates is in them.
    const seq = updates.at(-1)?.seq ?? snapshot?.seq ?? 0;
    const whole = seq - (snapshot?.seq ?? 0) === updates.length && seq >= board.seq;
    if (!whole || (snapshot && snapshot.generation > board.generation)) {
      if (attempt < mostLoads) continue;
      throw new Error("snapshot and log do not meet");
    }
    const bound = new Map(bindings.map((row) => [row.client_id, row.resident_id]));
    for (const row of updates)
      for (const { clientId, residentId } of readBindings(row.bindings)) bound.set(clientId, residentId);
    return {
      seq,
      generation: board.generation,
      snapshot: snapshot?.data ?? null,
      updates: updates.map((row) => row.data),
      ...(await placesOf(db, boardId, board)),
      bindings: [...bound].map(([clientId, residentId]) => ({ clientId, residentId })),
    };
  }
}

/** The households with a cell on a board, in the order of the wall, and its shared lists. */
async function placesOf(
  db: Kysely<Schema>,
  boardId: string,
  board: { courtyard_id: string; building_id: string | null },
): Promise<{ households: string[]; lists: string[] }> {
  const households = await db
    .selectFrom("households")
    .select("id")
    .where("courtyard_id", "=", board.courtyard_id)
    .$if(board.building_id !== null, (of) => of.where("building_id", "=", board.building_id))
    .orderBy("sort")
    .execute();
  const lists = await db
    .selectFrom("board_lists")
    .select("id")
    .where("board_id", "=", boardId)
    .orderBy("sort")
    .execute();
  return { households: households.map((row) => row.id), lists: lists.map((row) => row.id) };
}
