import { expect, it } from "vitest";
import { type Followed, LogFollower } from "../../server/sync/follower.ts";
import type { LogRow } from "../../server/sync/ports.ts";
import { systemTimers } from "../../server/sync/timers.ts";
import { MemoryStore } from "./memory-store.ts";

/** A board that takes its rows in order and says when it is lost. */
class Following implements Followed {
  readonly boardId: string;
  seq: number;
  isLost = false;
  readonly #end: () => void;

  constructor(boardId: string, seq: number, end: () => void) {
    this.boardId = boardId;
    this.seq = seq;
    this.#end = end;
  }

  take({ seq }: LogRow): void {
    if (seq === this.seq + 1) this.seq = seq;
  }

  lost(): void {
    this.isLost = true;
    this.#end();
  }
}

/** A store that notes what it is asked: how many boards each time. */
class Asked extends MemoryStore {
  readonly forHeads: number[] = [];
  readonly forRows: number[] = [];

  override heads(boardIds: readonly string[]): Promise<Map<string, number>> {
    this.forHeads.push(boardIds.length);
    return super.heads(boardIds);
  }

  override since(boards: readonly { boardId: string; seq: number }[], limit: number): Promise<LogRow[]> {
    this.forRows.push(boards.length);
    return super.since(boards, limit);
  }
}

type Stands = Record<string, { rows: number; has: number; folded: number }>;

async function open(behind: Stands) {
  const store = new Asked();
  const boards = new Map<string, Following>();
  for (const [boardId, { rows, has, folded }] of Object.entries(behind)) {
    store.addBoard(boardId);
    for (let after = 0; after < rows; after++)
      await store.commit(boardId, { after, update: Uint8Array.of(0, 0), bindings: [], changes: [] });
    await store.saveSnapshot(boardId, folded, Uint8Array.of(0, 0));
    boards.set(boardId, new Following(boardId, has, () => boards.delete(boardId)));
  }
  const all = [...boards.values()];
  const follower = new LogFollower({
    store,
    timers: systemTimers,
    open: () => boards.values(),
    find: (boardId) => boards.get(boardId),
    interval: () => 1_000,
    report: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  return { store, follower, all };
}

async function following(behind: Stands) {
  const { follower, all } = await open(behind);
  await follower.askForAll();
  return Object.fromEntries(all.map(({ boardId, seq, isLost }) => [boardId, isLost ? "lost" : seq]));
}

it("[SY-22 T17] a board whose next row was folded away is loaded anew, and no other board with it", async () => {
  expect(
    await following({
      a: { rows: 700, has: 20, folded: 100 },
      b: { rows: 30, has: 20, folded: 0 },
      c: { rows: 1_300, has: 20, folded: 0 },
      d: { rows: 30, has: 20, folded: 30 },
    }),
  ).toEqual({ a: "lost", b: 30, c: 1_300, d: "lost" });
});

it("[SY-22] any number of boards is brought level", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 450 }, (_, n) => [`b${n}`, { rows: 3, has: n % 3, folded: 0 }]),
  );
  expect(new Set(Object.values(await following(many)))).toEqual(new Set([3]));
});

it("[EV-15] a thousand open boards are followed with one question where they stand, and one for each two hundred that are behind", async () => {
  const stands = Array.from({ length: 1_000 }, (_, n) => [
    `b${n}`,
    { rows: 2, has: n < 450 ? 1 : 2, folded: 0 },
  ]);
  const { store, follower, all } = await open(Object.fromEntries(stands));
  await follower.askForAll();
  expect(all.every(({ seq }) => seq === 2)).toBe(true);
  expect([store.forHeads, store.forRows]).toEqual([[1_000], [200, 200, 50]]);
  // A round that finds nothing asks for no rows.
  await follower.askForAll();
  expect([store.forHeads, store.forRows.length]).toEqual([[1_000, 1_000], 3]);
  // Those who ask for one board each in the same moment are answered together.
  await Promise.all(all.map(({ boardId }) => follower.ask(boardId)));
  expect([store.forHeads.length, store.forHeads.at(-1), store.forRows.length]).toEqual([3, 1_000, 3]);
});
