import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import { newId } from "../identity/secrets.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage, Tx } from "../storage/storage.ts";
import type { BoardCommit, BoardStore, ItemChange, ItemFields, StoredBoard } from "../sync/ports.ts";

/** Snapshots kept of a board: the newest, and one before it should the newest prove unreadable. */
const keptSnapshots = 2;

/** Boards in the database: an update log with a dense sequence, snapshots, and what reads faster as rows. */
export function createBoardStore(deps: { storage: Storage; clock: Clock }): BoardStore {
  const { storage, clock } = deps;
  return {
    load: (boardId) => loadBoard(storage.db, boardId),

    commit: (boardId, commit) => storage.write((tx) => appendToBoard(tx, boardId, commit, clock.now())),

    saveSnapshot: (boardId, seq, state) =>
      storage.write(async ({ db }) => {
        await db
          .insertInto("board_snapshots")
          .values({ board_id: boardId, seq, at: clock.now(), data: state })
          .onConflict((of) => of.columns(["board_id", "seq"]).doNothing())
          .execute();
        const kept = await db
          .selectFrom("board_snapshots")
          .select("seq")
          .where("board_id", "=", boardId)
          .orderBy("seq", "desc")
          .limit(keptSnapshots)
          .execute();
        const oldest = kept.at(-1)?.seq ?? 0;
        await db
          .deleteFrom("board_snapshots")
          .where("board_id", "=", boardId)
          .where("seq", "<", oldest)
          .execute();
        // Rows after the older snapshot stay, so that it still leads to the present.
        if (kept.length === keptSnapshots) {
          await db
            .deleteFrom("board_updates")
            .where("board_id", "=", boardId)
            .where("seq", "<=", oldest)
            .execute();
        }
      }),
  };
}

/** A board as it is stored, or null when there is none with this id. */
export async function loadBoard(db: Kysely<Schema>, boardId: string): Promise<StoredBoard | null> {
  const board = await db
    .selectFrom("boards")
    .select(["seq", "courtyard_id", "building_id"])
    .where("id", "=", boardId)
    .executeTakeFirst();
  if (!board) return null;
  const snapshot = await db
    .selectFrom("board_snapshots")
    .select(["seq", "data"])
    .where("board_id", "=", boardId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const updates = await db
    .selectFrom("board_updates")
    .select(["seq", "data"])
    .where("board_id", "=", boardId)
    .where("seq", ">", snapshot?.seq ?? 0)
    .orderBy("seq")
    .execute();
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
  const bindings = await db
    .selectFrom("board_clients")
    .select(["client_id", "resident_id"])
    .where("board_id", "=", boardId)
    .execute();
  const stored: StoredBoard = {
    // A commit may have come between these reads; what was read last decides, and Yjs takes repeats.
    seq: updates.at(-1)?.seq ?? snapshot?.seq ?? 0,
    snapshot: snapshot?.data ?? null,
    updates: updates.map((row) => row.data),
    households: households.map((row) => row.id),
    lists: lists.map((row) => row.id),
    bindings: bindings.map((row) => ({ clientId: row.client_id, residentId: row.resident_id })),
  };
  return stored;
}

/** Appends one tick of a board: the update, new client bindings, item rows and history, in one unit. */
export async function appendToBoard(
  tx: Tx,
  boardId: string,
  { update, bindings, changes }: BoardCommit,
  now: number,
): Promise<{ seq: number }> {
  const { db } = tx;
  const { seq } = await db
    .updateTable("boards")
    .set((eb) => ({ seq: eb("seq", "+", 1) }))
    .where("id", "=", boardId)
    .returning("seq")
    .executeTakeFirstOrThrow();
  await db.insertInto("board_updates").values({ board_id: boardId, seq, at: now, data: update }).execute();
  if (bindings.length > 0) {
    await db
      .insertInto("board_clients")
      .values(
        bindings.map(({ clientId, residentId }) => ({
          board_id: boardId,
          client_id: clientId,
          resident_id: residentId,
          bound_at: now,
        })),
      )
      .execute();
  }
  for (let start = 0; start < changes.length; start += 500) {
    await recordChanges(tx, boardId, seq, changes.slice(start, start + 500), now);
  }
  return { seq };
}

async function recordChanges({ db }: Tx, boardId: string, seq: number, changes: ItemChange[], now: number) {
  await db
    .insertInto("board_history")
    .values(
      changes.map((change) => ({
        id: newId(),
        board_id: boardId,
        seq,
        at: change.at ?? now,
        place: change.place,
        cell: change.cell,
        item_id: change.itemId,
        before: change.before && JSON.stringify(change.before),
        after: change.after && JSON.stringify(change.after),
        resident_id: change.residentId,
        on_behalf: change.onBehalf ? 1 : 0,
      })),
    )
    .execute();
  // The last change of an item in this tick is what it looks like now.
  const latest = new Map(
    changes
      .filter((change) => change.place === "cell")
      .map((change) => [`${change.cell} ${change.itemId}`, change]),
  );
  const rows = [...latest.values()].flatMap((change) =>
    change.after ? [itemRow(boardId, change, now)] : [],
  );
  if (rows.length > 0) {
    await db
      .insertInto("board_items")
      .values(rows)
      .onConflict((of) =>
        of.columns(["board_id", "household_id", "item_id"]).doUpdateSet((eb) => ({
          title: eb.ref("excluded.title"),
          category: eb.ref("excluded.category"),
          note: eb.ref("excluded.note"),
          quantity: eb.ref("excluded.quantity"),
          position: eb.ref("excluded.position"),
          changed_at: eb.ref("excluded.changed_at"),
        })),
      )
      .execute();
  }
  for (const change of latest.values()) {
    if (change.after) continue;
    await db
      .deleteFrom("board_items")
      .where("board_id", "=", boardId)
      .where("household_id", "=", change.cell)
      .where("item_id", "=", change.itemId)
      .execute();
  }
}

function itemRow(boardId: string, change: ItemChange, now: number) {
  const { title, category, note, quantity, order } = change.after as ItemFields;
  return {
    board_id: boardId,
    household_id: change.cell,
    item_id: change.itemId,
    title,
    category,
    note,
    quantity,
    position: order,
    added_at: change.at ?? now,
    changed_at: change.at ?? now,
  };
}
