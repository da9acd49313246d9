import { kioskLimits } from "../../shared/kiosk/model.ts";
import type { Clock } from "../clock.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Storage } from "../storage/storage.ts";
import type { ItemChange } from "../sync/ports.ts";
import { readCells } from "./reading.ts";
import type { Wall } from "./wall.ts";

/** A courtyard is looked at as long as one of its screens was heard of within this, milliseconds. */
const watchedFor = 5 * 60_000;

/** The commits of the boards, as the rooms tell them. */
export interface BoardCommits {
  onCommitted(listener: (commit: { boardId: string; changes: ItemChange[] }) => void): () => void;
}

/** Tells the walls what changes on the boards they show. */
export interface WallLive {
  /** A screen of this courtyard is looking; its boards are followed from now on. */
  watch(courtyardId: string): Promise<void>;
  start(): void;
  stop(): void;
}

interface Pending {
  cells: Set<string>;
  notice: boolean;
  timer: NodeJS.Timeout | null;
}

/**
 * What is told is read back from the database, so it is committed and has passed the wall's own serialiser. The
 * first change of a quiet board is told at once, the next within `tellEvery` together. Boards no screen looks at
 * cost nothing.
 */
export function createWallLive(deps: {
  storage: Pick<Storage, "db">;
  wall: Wall;
  rooms: BoardCommits;
  tell: Pick<Tell, "signal">;
  clock: Clock;
  onFault(error: unknown): void;
}): WallLive {
  const { storage, wall, rooms, tell, clock, onFault } = deps;
  const watched = new Map<string, { courtyardId: string; until: number }>();
  const pending = new Map<string, Pending>();
  let stopListening: (() => void) | null = null;

  const hear = (boardId: string, changes: readonly ItemChange[]): void => {
    const place = watched.get(boardId);
    if (!place) return;
    if (place.until < clock.now()) {
      watched.delete(boardId);
      return;
    }
    const cells = changes.filter((change) => change.place === "cell").map((change) => change.cell);
    const notice = changes.some((change) => change.place === "notice");
    if (cells.length === 0 && !notice) return;
    const known = pending.get(boardId);
    const waiting = known ?? { cells: new Set<string>(), notice: false, timer: null };
    for (const cell of cells) waiting.cells.add(cell);
    waiting.notice ||= notice;
    pending.set(boardId, waiting);
    if (!known) run(boardId, place.courtyardId, waiting);
  };

  const run = (boardId: string, courtyardId: string, waiting: Pending): void => {
    const cells = [...waiting.cells];
    const { notice } = waiting;
    waiting.cells.clear();
    waiting.notice = false;
    tellWalls(boardId, courtyardId, cells, notice)
      .catch(onFault)
      .finally(() => {
        if (!stopListening) return;
        waiting.timer = setTimeout(() => {
          if (waiting.cells.size > 0 || waiting.notice) run(boardId, courtyardId, waiting);
          else pending.delete(boardId);
        }, kioskLimits.tellEvery);
      });
  };

  const tellWalls = async (
    boardId: string,
    courtyardId: string,
    households: string[],
    notice: boolean,
  ): Promise<void> => {
    const audience = { wall: courtyardId };
    if (households.length > 0) {
      if (households.length <= kioskLimits.toldCells) {
        const cells = await readCells(storage.db, boardId, households);
        tell.signal("wall.cells-changed", { cells }, audience);
      }
      tell.signal("wall.fresh-changed", await wall.fresh(courtyardId), audience);
    }
    if (notice) {
      tell.signal("wall.notices-changed", { notices: await wall.notices(courtyardId) }, audience);
    }
  };

  return {
    watch: async (courtyardId) => {
      const until = clock.now() + watchedFor;
      for (const { id } of await wall.boards(courtyardId)) watched.set(id, { courtyardId, until });
    },
    start: () => {
      stopListening ??= rooms.onCommitted(({ boardId, changes }) => hear(boardId, changes));
    },
    stop: () => {
      stopListening?.();
      stopListening = null;
      for (const { timer } of pending.values()) if (timer) clearTimeout(timer);
      pending.clear();
    },
  };
}
