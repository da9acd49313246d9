import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { contradictions } from "../../server/sync/same-structs.ts";
import { addEntry } from "../../shared/board/list-rules.ts";
import { readList } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { type CraftedDelete, type CraftedStruct, craft } from "./craft.ts";
import { draft } from "./guarded-board.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, start } from "./room-bed.ts";

endWithTest();

/** A device under a client id, and what it sends for each edit. */
function device(clientId: number) {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const sent: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => sent.push(update));
  return { doc, sent };
}

/** The board as a node has it that took these. */
function boardOf(...updates: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** Whether a row contradicts a tick; without a board it is one that was empty before the tick. */
const contradict = (row: Uint8Array, tick: Uint8Array, board = boardOf(tick)): boolean =>
  contradictions(row, tick, board).length > 0;

describe("two updates under one client id", () => {
  it("[SY-40] go together when they hold the same edits, however these are cut into updates", () => {
    const { doc, sent } = device(7);
    for (let n = 0; n < 5; n++) addItem(doc, "h1", `i${n}`, draft(`第 ${n} 样`));
    editItem(doc, "h1", "i0", { note: "改过" });
    doc.getText("notice").insert(0, "今天");
    doc.getText("notice").insert(2, "大扫除");
    const whole = Y.encodeStateAsUpdate(doc);
    for (const update of sent) expect(contradict(update, whole)).toBe(false);
    expect(contradict(Y.mergeUpdates(sent.slice(2)), whole)).toBe(false);
    expect(contradict(sent[0] ?? whole, sent[1] ?? whole)).toBe(false);
  });

  it("[SY-40] contradict each other when one clock stands for two edits", () => {
    const [one, other] = [device(7), device(7)];
    addItem(one.doc, "h1", "a", draft("锅"));
    addItem(other.doc, "h1", "a", draft("碗"));
    expect(contradict(Y.encodeStateAsUpdate(one.doc), Y.encodeStateAsUpdate(other.doc))).toBe(true);
    const [left, right] = [device(7), device(7)];
    left.doc.getText("notice").insert(0, "今天大扫除");
    right.doc.getText("notice").insert(0, "今天");
    right.doc.getText("notice").insert(0, "大扫除");
    expect(contradict(Y.encodeStateAsUpdate(left.doc), Y.encodeStateAsUpdate(right.doc))).toBe(true);
  });

  it("[SY-40] go together when one of them has removed again what the other still has, and not when it was elsewhere", () => {
    const [early, late, elsewhere] = [device(7), device(7), device(7)];
    addItem(early.doc, "h1", "a", draft("锅"));
    addItem(late.doc, "h1", "a", draft("锅"));
    removeItem(late.doc, "h1", "a");
    addItem(elsewhere.doc, "h1", "b", draft("锅"));
    removeItem(elsewhere.doc, "h1", "b");
    const [there, gone, other] = [early, late, elsewhere].map(({ doc }) => Y.encodeStateAsUpdate(doc));
    if (!there || !gone || !other) throw new Error("no update");
    expect([contradict(there, gone), contradict(gone, there)]).toEqual([false, false]);
    expect([contradict(there, other), contradict(other, there), contradict(gone, other)]).toEqual([
      true,
      true,
      true,
    ]);
    const bare = craft(
      [{ client: 7, clock: 0, structs: [{ content: { gc: 6 } }] }],
      [{ client: 7, ranges: [[0, 6]] }],
    );
    expect(contradict(there, bare)).toBe(true);
  });

  const furnished = craft([
    {
      client: 1,
      clock: 0,
      structs: [
        { root: "list:garden", content: { type: 1 } },
        { parent: [1, 0], sub: "text", content: { any: ["浇水"] } },
        { root: "cell:h1", sub: "a", content: { type: 1 } },
        { root: "notice", content: { text: "今天" } },
      ],
    },
  ]);
  const only = (struct: CraftedStruct, deletes: CraftedDelete[] = []) =>
    craft([{ client: 77, clock: 0, structs: [struct] }], deletes);
  const gone = only({ content: { gc: 1 } }, [{ client: 77, ranges: [[0, 1]] }]);
  const entryRemoved: CraftedDelete = { client: 1, ranges: [[0, 1]] };

  it.each<[string, CraftedStruct]>([
    ["an entry at the beginning of a list", { root: "list:garden", content: { type: 1 } }],
    ["an entry behind another", { origin: [1, 0], content: { type: 1 } }],
    ["an entry in front of another", { rightOrigin: [1, 0], content: { type: 1 } }],
    ["a removed entry at the beginning of a list", { root: "list:garden", content: { deleted: 1 } }],
    ["a removed entry behind another", { origin: [1, 0], content: { deleted: 1 } }],
    ["an item", { root: "cell:h1", sub: "b", content: { type: 1 } }],
    ["an item in another's place", { origin: [1, 2], content: { type: 1 } }],
    ["a removed item in another's place", { origin: [1, 2], content: { deleted: 1 } }],
    ["a field", { parent: [1, 0], sub: "done", content: { any: [true] } }],
    ["a field written over", { origin: [1, 1], content: { any: ["施肥"] } }],
    ["a removed field", { origin: [1, 1], content: { deleted: 1 } }],
    ["a word of the notice", { origin: [1, 4], content: { text: "好" } }],
    ["a removed word of the notice", { origin: [1, 4], content: { deleted: 1 } }],
  ])(
    "[SY-40 INV-1] contradict each other when one is an empty run and the other %s whose place is still there",
    (_what, struct) => {
      const there = only(struct);
      expect(contradict(gone, there, boardOf(furnished, there))).toBe(true);
      expect(contradict(there, gone, boardOf(furnished, gone))).toBe(true);
    },
  );

  it.each<[string, CraftedStruct]>([
    ["a field", { parent: [1, 0], sub: "done", content: { any: [true] } }],
    ["a field written over", { origin: [1, 1], content: { any: ["施肥"] } }],
    ["a field that was written over itself", { origin: [1, 1], content: { deleted: 1 } }],
  ])("[SY-40] go together when one is an empty run and the other %s of what is removed", (_what, struct) => {
    const there = only(struct);
    const removal = craft([], [entryRemoved]);
    // It was removed for both before the row came,
    expect(contradict(gone, there, boardOf(furnished, there, removal))).toBe(false);
    expect(contradict(there, gone, boardOf(furnished, removal, gone))).toBe(false);
    // with the row,
    const withRow = craft(
      [{ client: 77, clock: 0, structs: [{ content: { gc: 1 } }] }],
      [entryRemoved, { client: 77, ranges: [[0, 1]] }],
    );
    expect(contradict(withRow, there, boardOf(furnished, there))).toBe(false);
    // or with the tick.
    expect(contradict(there, withRow, boardOf(furnished, withRow))).toBe(false);
  });

  it("[SY-40] are compared by their runs, not unit by unit", () => {
    const run = (gc: number) => craft([{ client: 7, clock: 0, structs: [{ content: { gc } }] }]);
    // A thousand million units would take minutes.
    for (let n = 0; n < 1_000; n++) expect(contradict(run(1_000_000), run(999_999))).toBe(false);
  });
});

describe("two nodes that are sent two things under one number", () => {
  const garden = (doc: Y.Doc): string[] => readList(doc, "garden").map(({ text }) => text);
  const idIn = (doc: Y.Doc, text: string): [client: number, clock: number] => {
    for (const entry of doc.getArray<Y.Map<unknown>>("list:garden"))
      if (entry.get("text") === text && entry._item) return [entry._item.id.client, entry._item.id.clock];
    throw new Error("no such entry");
  };

  it.each<[string, (entry: [number, number]) => CraftedStruct]>([
    ["an entry", (origin) => ({ origin, content: { type: 1 } })],
    ["a removed entry", (origin) => ({ origin, content: { deleted: 1 } })],
    ["a field of an entry", (parent) => ({ parent, sub: "done", content: { any: [true] } })],
  ])(
    "[SY-40 INV-1] an empty run and %s: what a neighbour writes behind it afterwards is kept",
    async (_what, struct) => {
      const store = new MemoryStore();
      store.shared = true;
      store.addBoard("b1");
      const [here, there] = [await start({ store }), await start({ store })];
      const neighbour = await raw(there, "as=r2");
      const reader = await raw(here, "as=r3");
      addEntry(neighbour.doc, "garden", "e0", "浇水");
      await until("it is seen", () => garden(reader.doc).length === 1);
      const [one, other] = [await raw(here, "as=r1"), await raw(there, "as=r1")];
      const gate = new Gate();
      store.beforeCommit = () => gate.pass();
      gate.shut();
      one.sendUpdate(craft([{ client: 77, clock: 0, structs: [{ content: { gc: 1 } }] }]));
      await until("the empty run is on its way", () => gate.waiting === 1);
      const second = struct(idIn(neighbour.doc, "浇水"));
      other.sendUpdate(craft([{ client: 77, clock: 0, structs: [second] }]));
      await until("so is the other", () => gate.waiting === 2);
      gate.open();
      await until("the room of the second has ended", () => neighbour.closed && other.closed);
      expect(neighbour.closed?.code).toBe(closeCodes["not-saved"]);
      const back = await raw(there, "as=r2&saved=1");
      addEntry(back.doc, "garden", "e1", "借梯子");
      await until("it is saved", () => back.saved.length > 0);
      await until("it is seen", () => garden(reader.doc).length === 2);
      for (const doc of [back.doc, reader.doc, store.coldDoc("b1")])
        expect(garden(doc)).toEqual(["浇水", "借梯子"]);
    },
  );
});
