import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { BoardDocument } from "../../server/sync/document.ts";
import { foldNow } from "../../server/sync/fold.ts";
import type { GuardVerdict } from "../../server/sync/guard.ts";
import { isRenewalOverdue } from "../../server/sync/renewing.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { guardCounts, incrementLimits, roomLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import { addEntry, editEntry } from "../../shared/board/list-rules.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { writerOf } from "./board-server.ts";
import { craft } from "./craft.ts";
import { draft, GuardedBoard, residentOf } from "./guarded-board.ts";

const said = (verdict: GuardVerdict) => (verdict.ok ? "passes" : `${verdict.code}/${verdict.reason}`);

/** An empty board that takes so many bytes, and one tick in which a resident of h1 sends updates. */
function boardOf(limitBytes: number, updates: Uint8Array[] = []) {
  const stored = { seq: 0, generation: 0, snapshot: null, updates, households: ["h1", "h2"], lists: [] };
  const bindings = [1, 2, 3, 4, 5].map((clientId) => ({ clientId, residentId: "r1" }));
  const document = new BoardDocument(
    { ...stored, bindings },
    limitBytes,
    () => 999,
    () => undefined,
  );
  const tick = (sent: Uint8Array[]): string[] => {
    const answers: string[] = [];
    document.tick(() => {
      for (const update of sent)
        answers.push(said(document.accept(update, writerOf("r1", "h1"), residentOf("h1"), stepTwoLimits)));
    });
    return answers;
  };
  return { document, tick, bytes: () => Y.encodeStateAsUpdate(document.doc).length };
}

/** What a device that was offline brings: ten items with long notes. */
function offline(clientId: number): Uint8Array {
  const device = new Y.Doc();
  device.clientID = clientId;
  for (let n = 0; n < 10; n++)
    addItem(device, "h1", `i${clientId}-${n}`, { ...draft("锅"), note: "好".repeat(200) });
  return Y.encodeStateAsUpdate(device);
}

describe("how large a board may become", () => {
  it("[SY-51 SY-27 INV-11] what a tick has taken in counts for the rest of it", () => {
    const one = offline(1).length;
    const { tick, bytes } = boardOf(2.5 * one);
    expect(tick([1, 2, 3, 4].map(offline))).toEqual([
      "passes",
      "passes",
      "full/board-full",
      "full/board-full",
    ]);
    expect(bytes()).toBeLessThan(2.5 * one);
    expect(
      tick([
        craft([{ client: 5, clock: 0, structs: [{ root: "cell:h1", sub: "x", content: { type: 1 } }] }]),
      ]),
    ).toEqual(["passes"]);
  });

  it("[SY-51 SY-3] deletions the board has already count for nothing, however many repeat them", () => {
    const old = new Y.Doc();
    old.clientID = 1;
    for (let n = 0; n < 60; n++) {
      addItem(old, "h1", `k${n}`, draft("碗"));
      editItem(old, "h1", `k${n}`, { title: "大碗", quantity: 2 });
    }
    const state = Y.encodeStateAsUpdate(old);
    const steps = [2, 3, 4, 5].map((clientId) => {
      const device = new Y.Doc();
      Y.applyUpdate(device, state);
      const before = Y.encodeStateVector(device);
      device.clientID = clientId;
      editItem(device, "h1", "k1", { quantity: clientId });
      return Y.encodeStateAsUpdate(device, before);
    });
    const left = 200;
    expect(steps[0]?.length).toBeGreaterThan(left);
    expect(boardOf(state.length + left, [state]).tick(steps)).toEqual(steps.map(() => "passes"));
  });

  it("[SY-53 SY-36] a list that takes nothing more for what was removed from it is made anew, also while somebody is there", () => {
    const { document, tick } = boardOf(8_000_000);
    document.setPlaces(["h1", "h2"], ["garden"]);
    const entries = (clientId: number, count: number) =>
      craft([
        {
          client: clientId,
          clock: 0,
          structs: Array.from({ length: count }, () => ({ root: "list:garden", content: { deleted: 1 } })),
        },
      ]);
    expect(tick([entries(1, guardCounts.entriesEver)])).toEqual(["passes"]);
    expect(isRenewalOverdue(document, defaultSettings)).toBe(false);
    expect(tick([entries(2, 1)])).toEqual(["full/list-worn"]);
    expect(isRenewalOverdue(document, defaultSettings)).toBe(true);
  });

  it("[SY-53 SY-36 INV-11] a board is not made anew for one update that brings too much at once", () => {
    const { document, tick } = boardOf(8_000_000);
    document.setPlaces(["h1"], ["garden"]);
    const gone = (place: object, count: number) =>
      craft([
        {
          client: 1,
          clock: 0,
          structs: Array.from({ length: count }, () => ({ ...place, content: { deleted: 1 } })),
        },
      ]);
    expect(tick([gone({ root: "list:garden" }, guardCounts.entriesEver + 1)])).toEqual(["full/list-full"]);
    expect(isRenewalOverdue(document, defaultSettings)).toBe(false);
  });

  it("[SY-53 SY-36] so is a cell that has had as many keys as it may have", () => {
    const { document, tick } = boardOf(8_000_000);
    const keys = (clientId: number, count: number) =>
      craft([
        {
          client: clientId,
          clock: 0,
          structs: Array.from({ length: count }, (_, n) => ({
            ...{ root: "cell:h1", sub: `k${clientId}-${n}`, content: { deleted: 1 } },
          })),
        },
      ]);
    expect(tick([keys(1, guardCounts.keysPerCell)])).toEqual(["passes"]);
    expect(isRenewalOverdue(document, defaultSettings)).toBe(false);
    expect(tick([keys(2, 1)])).toEqual(["full/cell-worn"]);
    expect(isRenewalOverdue(document, defaultSettings)).toBe(true);
  });

  it("[SY-51 SY-42 INV-11] what stays is paid for by its size, not only by the number of its structs", () => {
    const board = new GuardedBoard();
    const note = "好".repeat(200);
    const structs = [
      { root: "cell:h1", sub: "x", content: { type: 1 } },
      ...Array.from({ length: 10 }, (_, n) => ({
        ...(n === 0
          ? { parent: [7, 0] as [number, number], sub: "note" }
          : { origin: [7, n * 100] as [number, number] }),
        content: { any: Array.from({ length: 100 }, () => note) },
      })),
    ];
    const update = craft([{ client: 7, clock: 0, structs }], [{ client: 7, ranges: [[1, 10 * 100]] }]);
    const verdict = board.judge("r1", residentOf("h1"), update);
    if (!verdict.ok) throw new Error(verdict.reason);
    expect(verdict.growth).toBeGreaterThan((10 * 100 * 600) / guardCounts.bytesPerStruct);
    expect(verdict.cost).toBeLessThan(verdict.growth);
    // Nobody fills a board, even with a last message on credit.
    const most = roomLimits.accountGrowthBurst * guardCounts.bytesPerStruct + stepTwoLimits.bytes;
    expect(most).toBeLessThan(roomLimits.documentBytes);
  });

  it("[SY-51] an honest cell full of long notes is not much dearer than its structs", () => {
    const verdict = new GuardedBoard().judge("r1", residentOf("h1"), offline(7));
    expect(verdict.ok && verdict.growth / verdict.cost).toBeLessThan(3);
    const board = new GuardedBoard();
    const device = board.replica(7);
    for (let n = 0; n < 60; n++) addItem(device, "h1", `i${n}`, draft("人字梯"));
    const short = board.judge("r1", residentOf("h1"), board.stepTwoOf(device));
    expect(short.ok && short.growth / short.cost).toBe(1);
  });
});

describe("one list and two who write to it", () => {
  const entries = 300;
  const base = new Y.Doc();
  base.clientID = 1;
  for (let n = 0; n < entries; n++) addEntry(base, "garden", `e${n}`, `浇水 ${n}`);
  const snapshot = Y.encodeStateAsUpdate(base);

  /** A tick of so many edits of entries, each by the next of these people, whose pages have the ids 2, 3 and so on. */
  const tickOf = (people: string[], edits: number) => {
    const bindings = people.map((residentId, nth) => ({ clientId: 2 + nth, residentId }));
    const document = new BoardDocument(
      {
        seq: 1,
        generation: 0,
        snapshot,
        updates: [],
        households: ["h1"],
        lists: ["garden"],
        bindings: [...bindings, { clientId: 1, residentId: "r0" }],
      },
      roomLimits.documentBytes,
      () => 999,
      () => undefined,
    );
    const devices = people.map((_, nth) => {
      const device = new Y.Doc();
      Y.applyUpdate(device, snapshot);
      device.clientID = 2 + nth;
      return device;
    });
    const sent = Array.from({ length: edits }, (_, n) => {
      const by = n % people.length;
      const device = devices[by] ?? base;
      const before = Y.encodeStateVector(device);
      editEntry(device, "garden", `e${n}`, { done: true });
      return { by: people[by] ?? "", update: Y.encodeStateAsUpdate(device, before) };
    });
    let cost = 0;
    let changes: ReturnType<BoardDocument["takeChanges"]> = [];
    document.tick(() => {
      for (const { by, update } of sent) {
        const verdict = document.accept(update, writerOf(by, "h1"), residentOf("h1"), incrementLimits);
        if (verdict.ok) cost += verdict.cost;
      }
      changes = document.takeChanges();
    });
    return { cost, changes };
  };

  it("[SY-42 INV-11] pay for its being read anew whenever the other writes, and one alone pays once", () => {
    const edits = 100;
    const alone = tickOf(["r1"], edits).cost;
    const byTurns = tickOf(["r1", "r2"], edits).cost;
    expect(byTurns - alone).toBeGreaterThan(((edits - 1) * entries) / 100);
    expect(alone).toBeLessThan(2 * edits + entries);
    // Nobody notices who writes by hand.
    expect(byTurns / edits).toBeLessThan(roomLimits.workPerSecond / 50);
  });

  it("[SY-14] are each told apart, entry by entry", () => {
    const { changes } = tickOf(["r1", "r2"], 6);
    expect(changes.map(({ itemId, residentId }) => [itemId, residentId])).toEqual(
      Array.from({ length: 6 }, (_, n) => [`e${n}`, n % 2 === 0 ? "r1" : "r2"]),
    );
    expect(changes.every(({ before, after }) => !Object(before).done && Object(after).done)).toBe(true);
  });
});

describe("values that travel together", () => {
  const values = (count: number, writtenOver = count) =>
    craft(
      [
        {
          client: 7,
          clock: 0,
          structs: [
            { root: "cell:h1", sub: "x", content: { type: 1 } },
            { parent: [7, 0], sub: "quantity", content: { any: Array.from({ length: count }, () => 1) } },
          ],
        },
      ],
      writtenOver > 0 ? [{ client: 7, ranges: [[1, writtenOver]] }] : [],
    );

  it("[SY-51 INV-11] are bounded in one struct", () => {
    const judge = (count: number) => said(new GuardedBoard().judge("r1", residentOf("h1"), values(count)));
    expect(incrementLimits.values).toBe(stepTwoLimits.values);
    expect(judge(stepTwoLimits.values)).toBe("passes");
    expect(judge(stepTwoLimits.values + 1)).toBe("too-large/values");
  });

  it("[SY-5 INV-2] are all written over: a field that would show several at once is taken from nobody", () => {
    const judge = (count: number, writtenOver: number) =>
      said(new GuardedBoard().judge("r1", residentOf("h1"), values(count, writtenOver)));
    expect([judge(1, 0), judge(2, 2)]).toEqual(["passes", "passes"]);
    expect([judge(2, 0), judge(3, 2)]).toEqual(["bad-value/several-values", "bad-value/several-values"]);
  });

  it("[SY-51 SY-1] a note typed letter by letter offline, with a way back for each, is within the bound", () => {
    const board = new GuardedBoard();
    const device = board.replica(7);
    addItem(device, "h1", "a", draft("锅"));
    const undo = new Y.UndoManager([device.getMap("cell:h1")], { captureTimeout: 0 });
    const letters = Array.from({ length: 400 }, (_, n) => "好".repeat(n < 200 ? n + 1 : 400 - n));
    for (const note of letters) editItem(device, "h1", "a", { note });
    const step = board.stepTwoOf(device);
    expect(Y.decodeUpdate(step).structs.some(({ length }) => length > 300)).toBe(true);
    expect(said(board.judge("r1", residentOf("h1"), step))).toBe("passes");
    undo.destroy();
  });
});

describe("a log that two nodes have written", () => {
  it("[SY-22 SY-26 SY-40] is read although a later row repeats in full what an earlier one has as removed for good", () => {
    const home = new Y.Doc();
    home.clientID = 1;
    addItem(home, "h1", "a", draft("锅"));
    const made = Y.encodeStateAsUpdate(home);
    const phone = new Y.Doc();
    Y.applyUpdate(phone, made);
    phone.clientID = 2;
    const known = Y.encodeStateVector(phone);
    for (const note of ["一", "二", "三"]) editItem(phone, "h1", "a", { note });
    // One node took the first of the notes behind the removal, the other all three before it heard of that.
    const removed = craft([], [{ client: 1, ranges: [[0, 6]] }]);
    const first = craft(
      [{ client: 2, clock: 0, structs: [{ content: { gc: 1 } }] }],
      [{ client: 2, ranges: [[0, 1]] }],
    );
    const rows = [made, removed, first, Y.encodeStateAsUpdate(phone, known)];
    const { document } = boardOf(1_000_000, rows);
    expect(document.view().cells.h1).toEqual([]);
    expect(foldNow(rows, Y.encodeSnapshot(Y.snapshot(document.doc)))).not.toBeNull();
  });
});
