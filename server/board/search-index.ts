import type { Kysely } from "kysely";
import type { ItemCategory } from "../../shared/board/layout.ts";
import { createMatcher, type PinyinOf, type Prepared, prepareItem } from "../../shared/board/search.ts";
import { doorLabel } from "../community/door-label.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

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

interface Indexed {
  item: FoundItem;
  prepared: Prepared;
}

/** Boards kept ready; a community of 29 courtyards has fewer. The one asked for longest ago goes first. */
const keptBoards = 300;

/**
 * Searches boards in memory. Each board is read once and again only after its sequence has moved, so that a
 * query of 9,000 things costs one small read and a few milliseconds.
 */
export function createSearchIndex(deps: {
  storage: Pick<Storage, "db">;
  /** The dictionary, asked for with the first search: it is larger than all else that a search needs. */
  loadReadings: () => Promise<PinyinOf>;
}) {
  const { storage, loadReadings } = deps;
  let readings: Promise<PinyinOf> | null = null;
  const kept = new Map<string, { seq: number; places: number; items: Indexed[] }>();

  const itemsOf = async (boardIds: readonly string[]): Promise<Indexed[]> => {
    if (boardIds.length === 0) return [];
    const boards = await storage.db
      .selectFrom("boards")
      .innerJoin("courtyards", "courtyards.id", "boards.courtyard_id")
      .select(["boards.id", "boards.seq", "courtyards.places_version as places"])
      .where("boards.id", "in", boardIds)
      .execute();
    boards.sort((one, other) => boardIds.indexOf(one.id) - boardIds.indexOf(other.id));
    const stale = boards.filter(({ id, seq, places }) => {
      const known = kept.get(id);
      return !known || known.seq !== seq || known.places !== places;
    });
    const fresh = await readItems(
      storage.db,
      stale.map(({ id }) => id),
    );
    readings ??= loadReadings();
    const pinyinOf = await readings;
    const all: Indexed[] = [];
    for (const { id, seq, places } of boards) {
      const known = kept.get(id);
      const current =
        known && !stale.some((board) => board.id === id)
          ? known
          : {
              // What was read may already be newer than this number; then it is read once more next time.
              seq,
              places,
              items: (fresh.get(id) ?? []).map((item) => ({ item, prepared: prepareItem(item, pinyinOf) })),
            };
      kept.delete(id);
      kept.set(id, current);
      all.push(...current.items);
    }
    for (const id of kept.keys()) {
      if (kept.size <= keptBoards) break;
      kept.delete(id);
    }
    return all;
  };

  return {
    /** Things that fit, best first, and of equals those on the board named first. Without a text, all of the category. */
    search: async (
      boardIds: readonly string[],
      { text, category }: { text: string; category: ItemCategory | null },
    ): Promise<FoundItem[]> => {
      const rankOf = text.trim() === "" && category !== null ? () => 0 : createMatcher(text);
      const found: { item: FoundItem; rank: number }[] = [];
      for (const { item, prepared } of await itemsOf(boardIds)) {
        if (category !== null && item.category !== category) continue;
        const rank = rankOf(prepared);
        if (rank !== null) found.push({ item, rank });
      }
      return found.sort((one, other) => other.rank - one.rank).map(({ item }) => item);
    },
  };
}

export type SearchIndex = ReturnType<typeof createSearchIndex>;

async function readItems(db: Kysely<Schema>, boardIds: string[]): Promise<Map<string, FoundItem[]>> {
  const items = new Map<string, FoundItem[]>();
  if (boardIds.length === 0) return items;
  const rows = await db
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
      "households.door",
      "units.name as unit",
      "buildings.name as building",
    ])
    .where("board_items.board_id", "in", boardIds)
    .orderBy("households.sort")
    .orderBy("board_items.position")
    .execute();
  for (const row of rows) {
    const of = items.get(row.board_id) ?? [];
    if (of.length === 0) items.set(row.board_id, of);
    of.push({
      boardId: row.board_id,
      householdId: row.household_id,
      door: doorLabel(row.building, row.unit, row.door),
      itemId: row.item_id,
      title: row.title,
      category: row.category,
      note: row.note,
      quantity: row.quantity,
    });
  }
  return items;
}
