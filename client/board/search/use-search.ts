import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { ItemCategory } from "../../../shared/board/layout.ts";
import { asksPinyin, createMatcher, type PinyinOf, prepareItem } from "../../../shared/board/search.ts";
import { useAppState, useArea, useWire } from "../../state/app.tsx";
import { type BoardPart, type BoardsPart, doorsOf } from "../access.ts";
import type { OpenBoard } from "../board-pool.ts";
import { useStableList } from "../use-stable-list.ts";
import { usePinyin } from "./use-pinyin.ts";

export interface Found {
  readonly householdId: string;
  readonly itemId: string;
  /** "3-2-501" */
  readonly door: string;
  readonly title: string;
  readonly category: string;
  readonly note: string;
  readonly quantity: number;
}

export interface SearchState {
  readonly found: readonly Found[];
  /** All there are, shown or not. */
  readonly total: number;
  /** There may be more: other boards are being asked, or the dictionary for letters is on its way. */
  readonly waiting: boolean;
  /** Other boards could not be asked: only what is on this device was searched. */
  readonly onlyHere: boolean;
  /** Letters were asked for and the dictionary could not be had: only what is written in letters was found. */
  readonly withoutPinyin: boolean;
}

/** How long typing must rest before the server is asked, milliseconds. */
const restMs = 250;
const most = 60;

/**
 * Finds things: at once on the open board, which is on this device, and then on all other boards one may see,
 * which only the server knows.
 */
export function useSearch(
  query: string,
  category: ItemCategory | null,
  board: OpenBoard,
  part: BoardPart,
  boards: BoardsPart,
): SearchState {
  const { of: pinyinOf, letters } = usePinyin(asksPinyin(query));
  const here = useFoundHere(query, category, board, part, pinyinOf);
  const elsewhere = useFoundElsewhere(query, category, boards.length > 1);
  return useMemo(() => {
    const { items, total, waiting, failed } = elsewhere;
    const ids = new Set(here.map(({ householdId, itemId }) => `${householdId}/${itemId}`));
    const others = items.filter(
      ({ boardId, householdId, itemId }) => boardId !== part.id && !ids.has(`${householdId}/${itemId}`),
    );
    const found = [...here, ...others];
    return {
      found: found.slice(0, most),
      total: Math.max(total, found.length),
      waiting: waiting || letters === "waiting",
      onlyHere: failed,
      withoutPinyin: letters === "failed",
    };
  }, [here, elsewhere, part.id, letters]);
}

function useFoundHere(
  query: string,
  category: ItemCategory | null,
  { view }: OpenBoard,
  part: BoardPart,
  pinyinOf: PinyinOf | null,
): readonly Found[] {
  const places = useArea("community", (area) => area.places);
  const doors = useMemo(
    () =>
      places
        ? [...doorsOf(places).values()].filter(
            ({ buildingId }) => part.buildingId === null || part.buildingId === buildingId,
          )
        : [],
    [places, part.buildingId],
  );
  // The identity of the cells stands for the board's content: a new list only when something has changed.
  const cells = useSyncExternalStore(
    view.subscribe,
    useStableList(() => doors.map((door) => view.cell(door.householdId))),
  );
  return useMemo(() => {
    const rankOf = createMatcher(query);
    const ranked: { found: Found; rank: number }[] = [];
    for (const [index, items] of cells.entries()) {
      const door = doors[index];
      if (!door) continue;
      for (const { id, title, category: of, note, quantity } of items) {
        if (category !== null && of !== category) continue;
        const rank = rankOf(prepareItem({ title, category: of, note }, pinyinOf));
        if (rank === null) continue;
        const { householdId, address } = door;
        ranked.push({
          rank,
          found: { householdId, itemId: id, door: address, title, category: of, note, quantity },
        });
      }
    }
    return ranked.sort((one, other) => other.rank - one.rank).map(({ found }) => found);
  }, [query, category, cells, doors, pinyinOf]);
}

function useFoundElsewhere(query: string, category: ItemCategory | null, ask: boolean) {
  const wire = useWire();
  const online = useAppState(({ status }) => status === "online");
  const [answer, setAnswer] = useState<Elsewhere>(nowhere);
  useEffect(() => {
    if (!ask) return;
    if (!online) {
      setAnswer({ ...nowhere, failed: true });
      return;
    }
    let late = false;
    setAnswer((before) => ({ ...before, waiting: true, failed: false }));
    const timer = setTimeout(async () => {
      const result = await wire.ask("board.search", {
        text: query,
        limit: most,
        ...(category !== null && { category }),
      });
      if (late) return;
      setAnswer(
        result.ok ? { ...result.value, waiting: false, failed: false } : { ...nowhere, failed: true },
      );
    }, restMs);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [wire, ask, online, query, category]);
  return answer;
}

interface Elsewhere {
  readonly items: readonly (Found & { boardId: string })[];
  readonly total: number;
  readonly waiting: boolean;
  readonly failed: boolean;
}
const nowhere: Elsewhere = { items: [], total: 0, waiting: false, failed: false };
