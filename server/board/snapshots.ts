import type { Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";
import { renewalAccount } from "../sync/guard.ts";
import type { BoardRenewal } from "../sync/ports.ts";

/** Snapshots kept of a board: the newest, and one before it should the newest prove unreadable. */
const keptSnapshots = 2;

/** Keeps a snapshot and lets the log rows before the older of the two kept ones go. Inside a unit of work. */
export async function saveSnapshot(
  db: Kysely<Schema>,
  boardId: string,
  { seq, state, at }: { seq: number; state: Uint8Array; at: number },
): Promise<void> {
  const board = await db
    .selectFrom("boards")
    .select("generation")
    .where("id", "=", boardId)
    .executeTakeFirst();
  // Another node may have folded the log further, or renewed the board, in the meantime.
  if (!board || (await newestSnapshot(db, boardId)) >= seq) return;
  await db
    .insertInto("board_snapshots")
    .values({ board_id: boardId, seq, at, data: state, generation: board.generation })
    .onConflict((of) => of.columns(["board_id", "seq"]).doNothing())
    .execute();
  const kept = await db
    .selectFrom("board_snapshots")
    .select("seq")
    .where("board_id", "=", boardId)
    .where("generation", "=", board.generation)
    .orderBy("seq", "desc")
    .limit(keptSnapshots)
    .execute();
  if (kept.length < keptSnapshots) return;
  // Rows after the older snapshot stay, so that it still leads to the present.
  const oldest = kept.at(-1)?.seq ?? 0;
  await db.deleteFrom("board_snapshots").where("board_id", "=", boardId).where("seq", "<", oldest).execute();
  await db.deleteFrom("board_updates").where("board_id", "=", boardId).where("seq", "<=", oldest).execute();
}

async function newestSnapshot(db: Kysely<Schema>, boardId: string): Promise<number> {
  const row = await db
    .selectFrom("board_snapshots")
    .select(({ fn }) => fn.max("seq").as("seq"))
    .where("board_id", "=", boardId)
    .executeTakeFirst();
  return Number(row?.seq ?? 0);
}

/**
 * Puts the renewed document in the place of the old one, as the next number of the log. The last snapshot of the old
 * generation stays until two newer ones are there. Inside a unit of work.
 * @returns false, with nothing changed, when the board has moved on
 */
export async function renewBoard(
  db: Kysely<Schema>,
  boardId: string,
  { after, generation, state, clientId }: BoardRenewal,
  now: number,
): Promise<boolean> {
  const seq = after + 1;
  const moved = await db
    .updateTable("boards")
    .set({ seq, generation: generation + 1 })
    .where("id", "=", boardId)
    .where("seq", "=", after)
    .where("generation", "=", generation)
    .returning("seq")
    .executeTakeFirst();
  if (!moved) return false;
  const last = await newestSnapshot(db, boardId);
  await db.deleteFrom("board_updates").where("board_id", "=", boardId).execute();
  await db.deleteFrom("board_snapshots").where("board_id", "=", boardId).where("seq", "<", last).execute();
  await db
    .insertInto("board_snapshots")
    .values({ board_id: boardId, seq, at: now, data: state, generation: generation + 1 })
    .execute();
  await db.deleteFrom("board_clients").where("board_id", "=", boardId).execute();
  await db
    .insertInto("board_clients")
    .values({ board_id: boardId, client_id: clientId, resident_id: renewalAccount, bound_at: now })
    .execute();
  return true;
}
