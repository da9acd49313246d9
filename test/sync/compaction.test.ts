import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { LogCompaction } from "../../server/sync/compaction.ts";
import { newCounters } from "../../server/sync/counters.ts";
import { BoardDocument } from "../../server/sync/document.ts";
import { foldNow } from "../../server/sync/fold.ts";
import { createFolder } from "../../server/sync/folder.ts";
import type { StoredBoard } from "../../server/sync/ports.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { stepBack } from "../../server/sync/step-back.ts";
import { readCell } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { draft } from "./guarded-board.ts";

/** A board with this many items in its snapshot, a row of the log for each edit, and its compaction after ten rows. */
function boardOf(items: number) {
  const doc = new Y.Doc();
  for (let at = 0; at < items; at++) addItem(doc, "h1", `i${at}`, draft(`第 ${at} 样`));
  const stored: StoredBoard = {
    ...{ seq: 1, generation: 0, snapshot: Y.encodeStateAsUpdate(doc), updates: [], bindings: [] },
    ...{ households: ["h1"], lists: [] },
  };
  const document = new BoardDocument(
    stored,
    1e7,
    () => 7,
    () => undefined,
  );
  const saved: { seq: number; state: Uint8Array }[] = [];
  const failures: unknown[] = [];
  const counters = newCounters();
  const store = {
    stored,
    load: async (): Promise<StoredBoard | null> => {
      await Promise.resolve();
      return store.stored;
    },
    saveSnapshot: async (_: string, seq: number, state: Uint8Array) => {
      saved.push({ seq, state });
    },
  };
  const compaction = new LogCompaction("b1", {
    store,
    settings: { ...defaultSettings, compactRows: 10 },
    counters,
    fold: async (parts, expected) => foldNow(parts, expected),
    report: (_, __, error) => failures.push(error),
  });
  compaction.loaded(stored);
  const commit = (update: Uint8Array) => {
    document.takeCommitted(update, []);
    store.stored = { ...store.stored, seq: store.stored.seq + 1, updates: [...store.stored.updates, update] };
    compaction.note(update.length);
  };
  doc.on("update", commit);
  let edits = 0;
  /** One edit of the board, committed. */
  const edit = () => {
    edits++;
    if (edits % 3 === 1) addItem(doc, "h1", `n${edits}`, draft(`新 ${edits}`));
    else if (edits % 3 === 2) editItem(doc, "h1", `n${edits - 1}`, { quantity: 2 });
    else removeItem(doc, "h1", `n${edits - 2}`);
  };
  const runIfDue = () => compaction.runIfDue(document, store.stored.seq);
  /** Rows until the log is folded. */
  const rowsUntilFolded = (): number => {
    for (let rows = 1; rows <= 1_000; rows++) {
      edit();
      runIfDue();
      if (compaction.running) return rows;
    }
    throw new Error("it is never folded");
  };
  const settled = () => until("it is done", () => !compaction.running);
  return { doc, store, saved, failures, counters, compaction, edit, runIfDue, rowsUntilFolded, settled };
}

it("[SY-26] the log of a small board is folded after so many rows", () => {
  expect(boardOf(1).rowsUntilFolded()).toBe(10);
});

it("[SY-26] that of a large board once it takes half as long to read as its snapshot", () => {
  const board = boardOf(50);
  const snapshotBytes = board.store.stored.snapshot?.length ?? 0;
  const rows = board.rowsUntilFolded();
  const logBytes = board.store.stored.updates.reduce((sum, { length }) => sum + length + 100, 0);
  expect(logBytes).toBeGreaterThanOrEqual(snapshotBytes / 2);
  expect(logBytes - snapshotBytes / 2).toBeLessThan(300);
  expect(rows).toBeGreaterThan(10);
});

it("[SY-26] what is kept is the board as it was when it was due, whatever is committed meanwhile", async () => {
  const board = boardOf(1);
  board.rowsUntilFolded();
  const then = readCell(board.doc, "h1");
  const { seq } = board.store.stored;
  board.edit();
  await board.settled();
  expect(board.saved.map((one) => one.seq)).toEqual([seq]);
  const kept = new Y.Doc();
  Y.applyUpdate(kept, board.saved[0]?.state ?? new Uint8Array());
  expect(readCell(kept, "h1")).toEqual(then);
  // The next fold is due when the log has grown as much again.
  board.store.stored = {
    ...board.store.stored,
    snapshot: board.saved[0]?.state ?? null,
    updates: board.store.stored.updates.slice(-1),
  };
  expect(board.rowsUntilFolded()).toBe(9);
});

it("[SY-26] a node that learns of another's fold leaves it at that", async () => {
  const board = boardOf(1);
  for (let at = 0; at < 12; at++) board.edit();
  board.store.stored = { ...board.store.stored, snapshot: Y.encodeStateAsUpdate(board.doc), updates: [] };
  expect(board.rowsUntilFolded()).toBe(1);
  await board.settled();
  expect(board.saved).toEqual([]);
  expect(board.rowsUntilFolded()).toBe(9);
});

it("[SY-26] a log that does not make the board is not folded, is told of, and tried again later", async () => {
  const board = boardOf(1);
  board.rowsUntilFolded();
  const { updates } = board.store.stored;
  board.store.stored = { ...board.store.stored, updates: updates.with(3, Uint8Array.of(0, 0)) };
  await board.settled();
  expect(board.saved).toEqual([]);
  expect(board.failures).toEqual([new Error("the log does not read back as the board")]);
  board.store.stored = { ...board.store.stored, updates };
  expect(board.rowsUntilFolded()).toBe(10);
  await board.settled();
  expect(board.saved).toHaveLength(1);
});

it("[SY-26] a board that was made anew or is gone is left alone", async () => {
  for (const stored of [null, { generation: 1 }]) {
    const board = boardOf(1);
    board.store.load = async () => (stored === null ? null : { ...board.store.stored, ...stored });
    board.rowsUntilFolded();
    await board.settled();
    expect(board).toMatchObject({ saved: [], failures: [] });
  }
});

/** The priorities of this process's threads; only Linux keeps one for each. */
const niceness = () =>
  readdirSync("/proc/self/task").map((thread) => {
    const state = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    return Number(state.slice(state.lastIndexOf(")") + 2).split(" ")[16]);
  });

it("[SY-26] a thread of its own makes the snapshot, behind the others, and refuses what is not the board", async () => {
  const before = getPriority();
  const board = boardOf(20);
  board.rowsUntilFolded();
  const { snapshot, updates } = board.store.stored;
  const parts = [snapshot ?? new Uint8Array(), ...updates];
  const expected = Y.encodeSnapshot(Y.snapshot(board.doc));
  const { fold, close } = createFolder();
  try {
    const state = await fold(parts, expected);
    const kept = new Y.Doc();
    Y.applyUpdate(kept, state ?? new Uint8Array());
    expect(readCell(kept, "h1")).toEqual(readCell(board.doc, "h1"));
    expect(getPriority()).toBe(before);
    if (process.platform === "linux") expect(niceness().filter((nice) => nice > before)).toHaveLength(1);
    expect(await fold(parts.slice(0, -1), expected)).toBeNull();
    expect(await fold([...parts, Uint8Array.of(255)], expected)).toBeNull();
    const [unanswered] = await Promise.allSettled([fold(parts, expected), close()]);
    expect(unanswered).toMatchObject({ status: "rejected" });
  } finally {
    await close();
  }
});

it.each([
  { nice: 0, asked: [5] },
  { nice: 10, asked: [15] },
  { nice: 17, asked: [19] },
])("[SY-26] the thread steps back from where it is: from $nice", ({ nice, asked }) => {
  const heard: number[] = [];
  const setPriority = (to: number) => heard.push(to);
  stepBack({ platform: "linux", getPriority: () => nice, setPriority } as Parameters<typeof stepBack>[0]);
  stepBack({ platform: "darwin", getPriority: () => nice, setPriority } as Parameters<typeof stepBack>[0]);
  expect(heard).toEqual(asked);
});

it("[SY-26] where the system allows no thread to step back, it works all the same", () => {
  const refuse = () => {
    throw new Error("EPERM");
  };
  stepBack({ platform: "linux", getPriority: () => 0, setPriority: refuse });
  stepBack({ platform: "linux", getPriority: refuse, setPriority: refuse });
});
