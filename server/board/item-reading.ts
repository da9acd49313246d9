import { setImmediate as turn } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { doorLabel } from "../community/door-label.ts";
import { firstOrderedId } from "../identity/secrets.ts";
import type { Schema } from "../storage/schema.ts";

/** One thing on a board, as a search answers it. */
export interface FoundItem {
  boardId: string;
  householdId: string;
  door: string;
  itemId: string;
  title: string;
  category: string;
  note: string;
  quantity: number;
}

/** With its place: the cell's among the cells, and its own in the cell. */
export interface ItemRow {
  item: FoundItem;
  sort: number;
  position: string;
}

/** Rows read at once. The embedded database reads on the thread that serves everyone: a few milliseconds. */
export const pageOfItems = 500;

/** Changes longer ago than this, milliseconds, and more of them, cost more to look up than the board. */
const longestAgo = 60_000;
const mostCommits = 1_000;

/** Reads what stands on a board, and what of it has changed, from the rows that every commit keeps up to date. */
export function createItemReader(db: Kysely<Schema>) {
  const rowsOf = (boardId: string) =>
    db
      .selectFrom("board_items")
      .innerJoin("households", "households.id", "board_items.household_id")
      .innerJoin("units", "units.id", "households.unit_id")
      .innerJoin("buildings", "buildings.id", "households.building_id")
      .select([
        "board_items.board_id",
        "board_items.household_id",
        "board_items.item_id",
        "board_items.title",
        "board_items.category",
        "board_items.note",
        "board_items.quantity",
        "board_items.position",
        "households.door",
        "households.sort",
        "units.name as unit",
        "buildings.name as building",
      ])
      .where("board_items.board_id", "=", boardId);

  type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>["execute"]>>[number];
  const itemRow = (row: Row): ItemRow => ({
    item: {
      boardId: row.board_id,
      householdId: row.household_id,
      door: doorLabel(row.building, row.unit, row.door),
      itemId: row.item_id,
      title: row.title,
      category: row.category,
      note: row.note,
      quantity: row.quantity,
    },
    sort: row.sort,
    position: row.position,
  });

  return {
    /**
     * The cells that the commits after `from` and up to `to` have changed, perhaps with later ones. Null when the log
     * does not hold all of these commits any more, or it is cheaper to read the board.
     */
    changedCells: async (
      boardId: string,
      from: number,
      to: number,
      now: number,
    ): Promise<string[] | null> => {
      if (to - from > mostCommits) return null;
      const commits = await db
        .selectFrom("board_updates")
        .select(({ fn }) => [fn.countAll().as("count"), fn.min("at").as("first")])
        .where("board_id", "=", boardId)
        .where("seq", ">", from)
        .where("seq", "<=", to)
        .executeTakeFirstOrThrow();
      const first = Number(commits.first ?? 0);
      if (Number(commits.count) !== to - from || now - first > longestAgo) return null;
      // A commit and its history are of one moment, and the history is in the order of its moments: only the end of
      // its index is read, which a database that looked for the board first would not do.
      const rows = await db
        .selectFrom("board_history")
        .select("cell")
        .distinct()
        .where("id", ">=", firstOrderedId(first))
        .where(sql`board_id || ''`, "=", boardId)
        .where("seq", ">", from)
        .where("place", "=", "cell")
        .execute();
      return rows.map(({ cell }) => cell);
    },

    /** All that stands in these cells. */
    cells: async function* (boardId: string, householdIds: readonly string[]): AsyncGenerator<ItemRow[]> {
      if (householdIds.length === 0) return;
      yield (await rowsOf(boardId).where("board_items.household_id", "in", householdIds).execute()).map(
        itemRow,
      );
    },

    /** All that stands on the board, page by page; what changes meanwhile may be in it or not. */
    pages: async function* (boardId: string): AsyncGenerator<ItemRow[]> {
      for (let last = { household_id: "", item_id: "" }; ; ) {
        const rows = await rowsOf(boardId)
          .where(
            sql<boolean>`(board_items.household_id, board_items.item_id) > (${last.household_id}, ${last.item_id})`,
          )
          .orderBy("board_items.household_id")
          .orderBy("board_items.item_id")
          .limit(pageOfItems)
          .execute();
        yield rows.map(itemRow);
        const end = rows.at(-1);
        if (!end || rows.length < pageOfItems) return;
        last = end;
        await turn();
      }
    },
  };
}
