import type { ItemCategory } from "../../shared/board/layout.ts";
import { createMatcher, type PinyinOf, type Prepared, prepareItem } from "../../shared/board/search.ts";
import type { Storage } from "../storage/storage.ts";
import { createItemReader, type FoundItem } from "./item-reading.ts";

interface IndexedCell {
  sort: number;
  items: { item: FoundItem; position: string; prepared: Prepared }[];
}

/** A board as it was at a number of its log, its cells in the order of the wall. */
interface Indexed {
  seq: number;
  places: number;
  cells: Map<string, IndexedCell>;
}

/** Where a board stands: the number of its log, and of its courtyard's list of doors. */
interface Head {
  seq: number;
  places: number;
}

/** Boards kept ready; a community of 29 courtyards has fewer. The one asked for longest ago goes first. */
const keptBoards = 300;

const reaches = (have: Head, asked: Head): boolean => have.seq >= asked.seq && have.places >= asked.places;

/**
 * Searches boards in memory. Each board is read whole once, and after that only the cells that have changed, once for
 * all who search meanwhile. A search sees every change that was committed before it began.
 */
export function createSearchIndex(deps: {
  storage: Pick<Storage, "db">;
  /** The dictionary, asked for with the first search: it is larger than all else that a search needs. */
  loadReadings: () => Promise<PinyinOf>;
}) {
  const { storage, loadReadings } = deps;
  const reader = createItemReader(storage.db);
  let readings: Promise<PinyinOf> | null = null;
  const kept = new Map<string, Indexed>();
  const underWay = new Map<string, Promise<Indexed>>();

  /** Reads what is not known yet: a few cells, or the whole board in pages, between which others are served. */
  const read = async (boardId: string, head: Head, now: number): Promise<Indexed> => {
    readings ??= loadReadings();
    const pinyinOf = await readings;
    const known = kept.get(boardId);
    const changed =
      known?.places === head.places ? await reader.changedCells(boardId, known.seq, head.seq, now) : null;
    const cells = new Map(changed && known?.cells);
    for (const householdId of changed ?? []) cells.delete(householdId);
    const touched = new Set<IndexedCell>();
    for await (const rows of changed ? reader.cells(boardId, changed) : reader.pages(boardId))
      for (const { item, sort, position } of rows) {
        const cell = cells.get(item.householdId) ?? { sort, items: [] };
        cell.items.push({ item, position, prepared: prepareItem(item, pinyinOf) });
        cells.set(item.householdId, cell);
        touched.add(cell);
      }
    for (const { items } of touched) items.sort((one, other) => (one.position < other.position ? -1 : 1));
    const inOrder = [...cells].sort(([, one], [, other]) => one.sort - other.sort);
    // What was read may already be newer than this number; then it is read once more next time.
    const current = { ...head, cells: new Map(inOrder) };
    kept.set(boardId, current);
    return current;
  };

  const upTo = async (boardId: string, head: Head, now: number): Promise<Indexed> => {
    for (let have = kept.get(boardId); ; ) {
      if (have && reaches(have, head)) return have;
      let reading = underWay.get(boardId);
      if (!reading) {
        reading = read(boardId, head, now).finally(() => underWay.delete(boardId));
        underWay.set(boardId, reading);
      }
      have = await reading;
    }
  };

  const itemsOf = async (boardIds: readonly string[], now: number) => {
    if (boardIds.length === 0) return [];
    const heads = await storage.db
      .selectFrom("boards")
      .innerJoin("courtyards", "courtyards.id", "boards.courtyard_id")
      .select(["boards.id", "boards.seq", "courtyards.places_version as places"])
      .where("boards.id", "in", boardIds)
      .execute();
    heads.sort((one, other) => boardIds.indexOf(one.id) - boardIds.indexOf(other.id));
    const boards = await Promise.all(heads.map(({ id, seq, places }) => upTo(id, { seq, places }, now)));
    for (const { id } of heads) {
      const used = kept.get(id);
      if (!used) continue;
      kept.delete(id);
      kept.set(id, used);
    }
    for (const id of kept.keys()) {
      if (kept.size <= keptBoards) break;
      kept.delete(id);
    }
    return boards.flatMap(({ cells }) => [...cells.values()].flatMap(({ items }) => items));
  };

  return {
    /** Things that fit, best first, and of equals those on the board named first. Without a text, all of the category. */
    search: async (
      boardIds: readonly string[],
      { text, category, now }: { text: string; category: ItemCategory | null; now: number },
    ): Promise<FoundItem[]> => {
      const rankOf = text.trim() === "" && category !== null ? () => 0 : createMatcher(text);
      const found: { item: FoundItem; rank: number }[] = [];
      for (const { item, prepared } of await itemsOf(boardIds, now)) {
        if (category !== null && item.category !== category) continue;
        const rank = rankOf(prepared);
        if (rank !== null) found.push({ item, rank });
      }
      return found.sort((one, other) => other.rank - one.rank).map(({ item }) => item);
    },
  };
}
