import { expect, it } from "vitest";
import * as Y from "yjs";
import { LogCompaction } from "../../server/sync/compaction.ts";
import { newCounters } from "../../server/sync/counters.ts";
import { BoardDocument } from "../../server/sync/document.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { addItem } from "../../shared/board/rules.ts";
import { draft } from "./guarded-board.ts";

/** A board with this many items in its snapshot, and its compaction, of which the store keeps nothing. */
function boardOf(items: number) {
  const doc = new Y.Doc();
  for (let at = 0; at < items; at++) addItem(doc, "h1", `i${at}`, draft(`第 ${at} 样`));
  const snapshot = Y.encodeStateAsUpdate(doc);
  const stored = {
    ...{ seq: 1, generation: 0, snapshot, updates: [], bindings: [] },
    ...{ households: ["h1"], lists: [] },
  };
  const document = new BoardDocument(
    stored,
    1e7,
    () => 7,
    () => undefined,
  );
  const counters = newCounters();
  const compaction = new LogCompaction("b1", {
    store: { saveSnapshot: async () => {} },
    settings: { ...defaultSettings, compactRows: 10 },
    counters,
    check: async () => true,
    report: (_, what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  compaction.loaded(stored);
  /** Rows until the log is folded. */
  const rowsUntilFolded = (bytes: number): number => {
    for (let rows = 1; ; rows++) {
      compaction.note(bytes);
      compaction.runIfDue(document, 1 + rows);
      if (compaction.running) return rows;
    }
  };
  return { snapshot, rowsUntilFolded };
}

it("[SY-26] the log of a small board is folded after so many rows", () => {
  expect(boardOf(1).rowsUntilFolded(60)).toBe(10);
});

it("[SY-26] that of a large board once it takes half as long to read as its snapshot", () => {
  const { snapshot, rowsUntilFolded } = boardOf(100);
  expect(rowsUntilFolded(60)).toBe(Math.ceil(snapshot.length / 2 / 160));
});
