import type { boardContract } from "../../shared/board/contract.ts";
import type { EventLog } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Storage } from "../storage/storage.ts";
import type { Rooms } from "../sync/rooms.ts";
import type { Boards } from "./boards.ts";
import { readHistory } from "./history.ts";
import { createLists } from "./lists.ts";
import { demand } from "./policy.ts";
import { createRestoring } from "./restoring.ts";
import { createSearchIndex } from "./search-index.ts";

export function createBoardHandlers(deps: {
  log: EventLog;
  storage: Pick<Storage, "db">;
  boards: Boards;
  rooms: Pick<Rooms, "edit" | "readPlaces">;
}): AreaHandlers<typeof boardContract> {
  const { storage, boards } = deps;
  const index = createSearchIndex({ storage, loadReadings });
  return {
    commands: { ...createRestoring(deps), ...createLists(deps) },

    queries: {
      "board.history": async ({ boardId, of, before, limit }, context) => {
        const board = await boards.open(context.person(), boardId);
        if (!board) throw new Refusal("not-found", "There is no such board.");
        demand(board.access, "read history", of);
        const asked = { boardId, of, before: before ?? null, limit: limit + 1 };
        const entries = await readHistory(storage.db, asked);
        return { entries: entries.slice(0, limit), more: entries.length > limit };
      },

      "board.item-times": async ({ boardId, householdId }, context) => {
        if (!(await boards.open(context.person(), boardId)))
          throw new Refusal("not-found", "There is no such board.");
        const rows = await storage.db
          .selectFrom("board_items")
          .select(["item_id", "added_at", "changed_at"])
          .where("board_id", "=", boardId)
          .where("household_id", "=", householdId)
          .execute();
        return {
          items: rows.map((row) => ({
            itemId: row.item_id,
            addedAt: row.added_at,
            changedAt: row.changed_at,
          })),
        };
      },

      "board.search": async ({ text, category, from, limit }, context) => {
        const readable = await boards.visibleTo(context.person());
        // What is near is worth more: one's own board first.
        const near = [...readable].sort((one, other) => Number(one.guest) - Number(other.guest));
        const found = await index.search(
          near.map((board) => board.id),
          { text, category: category ?? null, now: context.now },
        );
        return { items: found.slice(from, from + limit), total: found.length };
      },
    },

    whispers: {},

    snapshot: async ({ actor }) => {
      const visible = await boards.visibleTo(actor);
      return {
        boards: visible.map(({ id, buildingId, access, lists }) => ({
          id,
          buildingId,
          access: { ...access, onlyCells: access.onlyCells ? [...access.onlyCells] : null },
          lists,
        })),
      };
    },
  };
}

const loadReadings = async () => (await import("../../shared/board/readings.ts")).createReadings();
