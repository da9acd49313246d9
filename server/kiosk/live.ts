import { kioskLimits } from "../../shared/kiosk/model.ts";
import type { Clock } from "../clock.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Storage } from "../storage/storage.ts";
import type { ItemChange } from "../sync/ports.ts";
import { readCells } from "./reading.ts";
import type { Wall } from "./wall.ts";

/** A courtyard is looked at as long as one of its screens was heard of within this, milliseconds. */
export const watchedFor = 5 * 60_000;

/** Boards that are looked at no longer are let go of at most this often, milliseconds. */
const leastSweep = 1_000;

/** The commits of the boards, as the rooms of this node tell them. */
export interface BoardCommits {
  onCommitted(
    listener: (commit: { boardId: string; seq: number; changes: ItemChange[] }) => void,
  ): () => void;
}

/** The commits of the other nodes: which places of a board they changed. */
export type CommitsElsewhere = (
  boardId: string,
  hear: (commit: { seq: number; places: readonly Place[] }) => void,
) => { close(): void };

type Place = Pick<ItemChange, "place" | "cell">;

/** Tells the walls what changes on the boards they show. */
export interface WallLive {
  /** A screen of this courtyard is looking; its boards are followed from now on. */
  watch(courtyardId: string): Promise<void>;
  /** The bus between nodes may have missed something: looks up what changed on the boards that are followed. */
  catchUp(): Promise<void>;
  start(): void;
  stop(): void;
}

interface Watched {
  courtyardId: string;
  until: number;
  /** The last commit heard of. */
  seq: number;
  close(): void;
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
  elsewhere: CommitsElsewhere;
  tell: Pick<Tell, "signal">;
  clock: Clock;
  onFault(error: unknown): void;
}): WallLive {
  const { storage, wall, rooms, elsewhere, tell, clock, onFault } = deps;
  const watched = new Map<string, Watched>();
  const pending = new Map<string, Pending>();
  let stopListening: (() => void) | null = null;
  let sweep: NodeJS.Timeout | null = null;

  /** By time and not by the next commit: a board on which nothing happens would be listened to for ever. */
  const sweepInTime = (): void => {
    if (sweep || watched.size === 0) return;
    const next = Math.min(...[...watched.values()].map(({ until }) => until));
    sweep = setTimeout(
      () => {
        sweep = null;
        for (const [boardId, { until, close }] of watched) {
          if (until > clock.now()) continue;
          close();
          watched.delete(boardId);
        }
        sweepInTime();
      },
      Math.max(next - clock.now(), leastSweep),
    );
    sweep.unref();
  };

  const hear = (boardId: string, seq: number, changes: readonly Place[]): void => {
    const place = watched.get(boardId);
    if (!place || place.until <= clock.now()) return;
    const { seq: before } = place;
    place.seq = Math.max(before, seq);
    if (seq > before + 1) {
      // A commit of another node was not heard of, or is heard of late: the history says what it changed.
      changedSince(boardId, before)
        .then((missed) => show(boardId, place.courtyardId, missed))
        .catch(onFault);
    } else show(boardId, place.courtyardId, changes);
  };

  const show = (boardId: string, courtyardId: string, changes: readonly Place[]): void => {
    const cells = changes.filter((change) => change.place === "cell").map((change) => change.cell);
    const notice = changes.some((change) => change.place === "notice");
    if (cells.length === 0 && !notice) return;
    const known = pending.get(boardId);
    const waiting = known ?? { cells: new Set<string>(), notice: false, timer: null };
    for (const cell of cells) waiting.cells.add(cell);
    waiting.notice ||= notice;
    pending.set(boardId, waiting);
    if (!known) run(boardId, courtyardId, waiting);
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
        tell.signal("wall.cells-changed", { cells }, audience, null);
      }
      tell.signal("wall.fresh-changed", await wall.fresh(courtyardId), audience, null);
    }
    if (notice) {
      const notices = await wall.notices(courtyardId);
      tell.signal("wall.notices-changed", { notices }, audience, null);
    }
  };

  const headsOf = async (boardIds: readonly string[]): Promise<Map<string, number>> => {
    if (boardIds.length === 0) return new Map();
    const rows = await storage.db
      .selectFrom("boards")
      .select(["id", "seq"])
      .where("id", "in", boardIds)
      .execute();
    return new Map(rows.map(({ id, seq }) => [id, seq]));
  };

  const changedSince = (boardId: string, seq: number): Promise<Place[]> =>
    storage.db
      .selectFrom("board_history")
      .select(["place", "cell"])
      .distinct()
      .where("board_id", "=", boardId)
      .where("seq", ">", seq)
      .execute();

  return {
    watch: async (courtyardId) => {
      const until = clock.now() + watchedFor;
      const boardIds = (await wall.boards(courtyardId)).map(({ id }) => id);
      const heads = await headsOf(boardIds);
      for (const id of boardIds) {
        const known = watched.get(id);
        if (known) known.until = until;
        else {
          const { close } = elsewhere(id, ({ seq, places }) => hear(id, seq, places));
          watched.set(id, { courtyardId, until, seq: heads.get(id) ?? 0, close });
        }
      }
      sweepInTime();
    },
    catchUp: async () => {
      const heads = await headsOf([...watched.keys()]);
      for (const [boardId, place] of watched) {
        const { seq } = place;
        const head = heads.get(boardId) ?? seq;
        if (head <= seq) continue;
        const missed = await changedSince(boardId, seq);
        place.seq = Math.max(place.seq, head);
        show(boardId, place.courtyardId, missed);
      }
    },
    start: () => {
      stopListening ??= rooms.onCommitted(({ boardId, seq, changes }) => hear(boardId, seq, changes));
    },
    stop: () => {
      stopListening?.();
      stopListening = null;
      if (sweep) clearTimeout(sweep);
      sweep = null;
      for (const { timer } of pending.values()) if (timer) clearTimeout(timer);
      pending.clear();
      for (const { close } of watched.values()) close();
      watched.clear();
    },
  };
}
