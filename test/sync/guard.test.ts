import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { ByteReader, MalformedBytes } from "../../server/sync/byte-reader.ts";
import type { GuardVerdict } from "../../server/sync/guard.ts";
import { decodeUpdate } from "../../server/sync/guard-decode.ts";
import { guardCounts, incrementLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import { addEntry } from "../../shared/board/list-rules.ts";
import { readCell, readItem } from "../../shared/board/model.ts";
import { addItem, removeItem } from "../../shared/board/rules.ts";
import { type CraftedStruct, craft } from "./craft.ts";
import { draft, furnishedBoard, GuardedBoard, residentOf, steward } from "./guarded-board.ts";
import { attacks, honestUpdate, seeded } from "./hostile.ts";

const map: CraftedStruct["content"] = { type: 1 };

function said(verdict: GuardVerdict): string {
  return verdict.ok ? (verdict.effect ? "passes" : "no effect") : `${verdict.code}/${verdict.reason}`;
}

/** An item "x" in the own cell by client 7, then `more`, judged for resident r-h1. */
function withItem(more: CraftedStruct[]): string {
  const structs = [{ root: "cell:h1", sub: "x", content: map }, ...more];
  return said(furnishedBoard().judge("r-h1", residentOf("h1"), craft([{ client: 7, clock: 0, structs }])));
}

const field = (sub: string, value: unknown): CraftedStruct => ({
  parent: [7, 0],
  sub,
  content: { any: [value] },
});

describe("the guard's table", () => {
  it.each<[string, unknown, string]>([
    ["title", "锤".repeat(40), "passes"],
    ["title", "锤".repeat(41), "bad-value/value-title"],
    ["title", "🔨".repeat(40), "passes"],
    ["title", "", "passes"],
    ["title", "两\n行", "bad-value/value-title"],
    ["title", 5, "bad-value/value-title"],
    ["title", null, "bad-value/value-title"],
    ["note", "第一行\n第二行", "passes"],
    ["note", "x".repeat(201), "bad-value/value-note"],
    ["note", "\u0000", "bad-value/value-note"],
    ["category", "tools", "passes"],
    ["category", "weapons", "bad-value/value-category"],
    ["quantity", 1, "passes"],
    ["quantity", 99, "passes"],
    ["quantity", 0, "bad-value/value-quantity"],
    ["quantity", 100, "bad-value/value-quantity"],
    ["quantity", 1.5, "bad-value/value-quantity"],
    ["quantity", "3", "bad-value/value-quantity"],
    ["order", "a0V", "passes"],
    ["order", "a".repeat(65), "bad-value/value-order"],
    ["order", "a 0", "bad-value/value-order"],
    ["photo", "x", "bad-value/field-unknown"],
    ["__proto__", "x", "bad-value/field-unknown"],
    ["title", { a: 1 }, "malformed/value not of a board"],
    ["title", ["x"], "malformed/value not of a board"],
  ])("[SY-30] the item field %s = %j: %s", (name, value, outcome) => {
    expect(withItem([field(name, value)])).toBe(outcome);
  });

  it("[SY-30] a big integer is no value of a board", () => {
    expect(withItem([field("quantity", 3n)])).toBe("malformed/value not of a board");
  });

  it.each<[string, CraftedStruct, string]>([
    ["an item", { root: "cell:h1", sub: "new", content: map }, "passes"],
    [
      "an item with an id too long",
      { root: "cell:h1", sub: "x".repeat(33), content: map },
      "bad-value/cell-key",
    ],
    ["an item without an id", { root: "cell:h1", content: map }, "bad-value/cell-key"],
    ["text in a cell", { root: "cell:h1", sub: "x", content: { text: "x" } }, "bad-value/cell-content"],
    ["an item next door", { root: "cell:h2", sub: "new", content: map }, "forbidden/place-cell"],
    ["an item of a stranger", { root: "cell:h77", sub: "new", content: map }, "forbidden/place-cell"],
    ["an entry", { root: "list:garden", content: map }, "passes"],
    ["an entry of another list", { root: "list:other", content: map }, "forbidden/place-list"],
    ["a keyed entry", { root: "list:garden", sub: "x", content: map }, "bad-value/list-key"],
    ["the notice", { root: "notice", content: { text: "x" } }, "forbidden/place-notice"],
    ["an unknown root", { root: "elsewhere", sub: "x", content: map }, "bad-value/unknown-root"],
    ["an array", { root: "cell:h1", sub: "x", content: { type: 0 } }, "malformed/type not of a board"],
    [
      "a subdocument",
      { root: "cell:h1", sub: "x", content: { raw: 9, bytes: [1, 97, 118, 0] } },
      "malformed/content not of a board",
    ],
    ["an empty run", { content: { gc: 5 } }, "passes"],
    ["a deleted item", { root: "cell:h1", sub: "x", content: { deleted: 1 } }, "passes"],
    [
      "a deleted item next door",
      { root: "cell:h2", sub: "item-h2", content: { deleted: 1 } },
      "forbidden/place-cell",
    ],
    ["a run of nothing", { content: { gc: 0 } }, "malformed/empty run"],
    ["a run too long", { content: { gc: 2 ** 31 } }, "too-large/run"],
  ])("[SY-30] %s: %s", (_, struct, outcome) => {
    const board = furnishedBoard();
    const update = craft([{ client: 7, clock: 0, structs: [struct] }]);
    expect(said(board.judge("r-h1", residentOf("h1"), update))).toBe(outcome);
  });

  it("[SY-30] a deletion is judged by the place it hits, whoever made what stood there", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    addItem(doc, "h1", "given", draft("送的"));
    expect(said(board.send("s", steward, board.stepTwoOf(doc)))).toBe("passes");
    const owner = board.replica(8);
    removeItem(owner, "h1", "given");
    expect(said(board.send("r-h1", residentOf("h1"), board.stepTwoOf(owner)))).toBe("passes");
    const neighbour = board.replica(9);
    removeItem(neighbour, "h1", "item-h1");
    expect(said(board.send("r-h2", residentOf("h2"), board.stepTwoOf(neighbour)))).toBe(
      "forbidden/deletes-cell",
    );
    expect(readItem(board.doc, "h1", "item-h1")).not.toBeNull();
  });

  it("[SY-4] a steward of one building cares for its cells and not for the others", () => {
    const board = furnishedBoard();
    const access = { ...steward, onlyCells: new Set(["h1"]) };
    const doc = board.replica(7);
    addItem(doc, "h1", "z", draft("竹椅"));
    expect(said(board.send("s", access, board.stepTwoOf(doc)))).toBe("passes");
    addItem(doc, "h2", "z", draft("竹椅"));
    expect(said(board.send("s", access, board.stepTwoOf(doc)))).toBe("forbidden/place-cell");
  });

  it("[SY-31] a client id belongs to the account that wrote first under it, and continues where the board is", () => {
    const board = furnishedBoard();
    const item = (client: number, clock: number, sub = "x") =>
      craft([{ client, clock, structs: [{ root: "cell:h1", sub, content: map }] }]);
    const mine = residentOf("h1");
    expect(said(board.send("r-h1", mine, item(7, 0)))).toBe("passes");
    expect(said(board.send("r1-other", mine, item(7, 1)))).toBe("foreign-client/client-of-another");
    expect(said(board.send("r-h1", mine, item(7, 2)))).toBe("out-of-step/gap");
    expect(said(board.send("r-h1", mine, item(7, 1, "y")))).toBe("passes");
    expect(said(board.send("r-h1", mine, item(1001, 0)))).toBe("no effect");
    expect(said(board.send("r-h1", mine, item(1001, 12)))).toBe("foreign-client/client-of-another");
    board.bindings.delete(1001);
    expect(said(board.send("r-h1", mine, item(1001, 12)))).toBe("foreign-client/client-of-nobody");
  });

  it("[SY-27 INV-11] cells, lists and the notice have room for half as many again as the forms allow", () => {
    const board = new GuardedBoard();
    const items = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ root: "cell:h1", sub: `i${from + i}`, content: map }));
    const send = (client: number, structs: CraftedStruct[]) =>
      said(
        board.send(
          "s",
          { ...steward, ownCell: "h1" },
          craft([{ client, clock: Y.getState(board.doc.store, client), structs }]),
        ),
      );
    expect(send(7, items(0, guardCounts.itemsPerCell))).toBe("passes");
    expect(send(7, items(500, 1))).toBe("full/cell-full");
    expect(send(11, items(0, 1))).toBe("passes");
    const swap = board.replica(8);
    removeItem(swap, "h1", "i5");
    addItem(swap, "h2", "unrelated", draft("锅"));
    swap.getMap("cell:h1").set("i700", new Y.Map());
    expect(said(board.send("s", steward, board.stepTwoOf(swap)))).toBe("passes");

    const list = board.replica(9);
    for (let i = 0; i < guardCounts.listEntries; i++) list.getArray("list:garden").push([new Y.Map()]);
    expect(said(board.send("s", steward, board.stepTwoOf(list)))).toBe("passes");
    list.getArray("list:garden").push([new Y.Map()]);
    expect(said(board.send("s", steward, board.stepTwoOf(list)))).toBe("full/list-full");

    const notice = board.replica(10);
    notice.getText("notice").insert(0, "好".repeat(guardCounts.noticeLength));
    expect(said(board.send("s", steward, board.stepTwoOf(notice)))).toBe("passes");
    notice.getText("notice").insert(5, "!");
    expect(said(board.send("s", steward, board.stepTwoOf(notice)))).toBe("full/notice-full");
    notice.getText("notice").delete(0, 10);
    expect(said(board.send("s", steward, board.stepTwoOf(notice)))).toBe("passes");
  });

  it("[SY-27 INV-11] an update is bounded in bytes, structs, clients, ranges, clocks and in the work it makes", () => {
    const bad = (update: Uint8Array, reason: string, limits = incrementLimits) =>
      expect(() => decodeUpdate(update, limits)).toThrow(reason);
    const run = { content: { gc: 1 } };
    bad(new Uint8Array(incrementLimits.bytes + 1), "bytes");
    bad(craft([{ client: 1, clock: 0, claim: 2 ** 31, structs: [run] }]), "structs");
    bad(craft(Array.from({ length: 65 }, (_, i) => ({ client: i, clock: 0, structs: [run] }))), "clients");
    bad(craft([], [{ client: 1, ranges: [], claim: 2 ** 31 }]), "delete ranges");
    bad(craft([{ client: 1, clock: 2 ** 31 - 2, structs: [run, run] }]), "clock");
    bad(craft([{ client: 1, clock: 2 ** 31, structs: [run] }]), "number too large", stepTwoLimits);

    const board = new GuardedBoard();
    const heap = (client: number) =>
      craft([
        {
          client,
          clock: 0,
          structs: Array.from({ length: 150 }, () => ({ root: "list:garden", content: { deleted: 1 } })),
        },
      ]);
    expect(said(board.send("r-h1", residentOf("h1"), heap(1)))).toBe("passes");
    expect(said(board.send("r-h1", residentOf("h1"), heap(2)))).toBe("too-large/conflicts");
  });

  it("[SY-27] three hundred entries added on each of two offline phones still merge", () => {
    const board = new GuardedBoard();
    const phones = [board.replica(7), board.replica(8)];
    for (const doc of phones)
      for (let i = 0; i < 200; i++) addEntry(doc, "garden", `e${doc.clientID}-${i}`, "花盆");
    for (const doc of phones)
      expect(said(board.send("r-h1", residentOf("h1"), board.stepTwoOf(doc)))).toBe("passes");
  });
});

describe("the guard's own decoder", () => {
  it("[SY-5 T22] takes no update in the second encoding", () => {
    const board = new GuardedBoard();
    const device = board.replica(1);
    for (let n = 0; n < 20; n++) {
      addItem(device, "h1", `i${n}`, draft(`第 ${n} 样`));
      const verdict = board.judge("r1", residentOf("h1"), Y.encodeStateAsUpdateV2(device));
      expect(verdict).toMatchObject({ ok: false, code: "malformed" });
    }
  });

  it("[SY-5 T22] reads every honest update exactly as Yjs does, and no hostile one more loosely", () => {
    const board = furnishedBoard();
    const scene = {
      board,
      random: seeded(7),
      mine: 500,
      fresh: 600,
      victim: 1001,
      foreign: [{ client: 1001, clock: 0, length: 1 }],
      own: [{ client: 1000, clock: 0 }],
    };
    const updates = [Y.encodeStateAsUpdate(board.doc), honestUpdate(scene, 600)];
    for (const attack of Object.values(attacks))
      for (let i = 0; i < 20; i++) updates.push(attack(scene).update);
    let read = 0;
    for (const update of updates) {
      let ours: ReturnType<typeof decodeUpdate>;
      try {
        ours = decodeUpdate(update, stepTwoLimits);
      } catch {
        continue;
      }
      read++;
      const theirs = Y.decodeUpdate(update);
      const structs = [...ours.sections.values()].flatMap((section) => section.structs);
      expect(structs.map((s) => [s.client, s.clock, s.length])).toEqual(
        theirs.structs.map((s) => [s.id.client, s.id.clock, s.length]),
      );
      const ranges = [...ours.deletes].flatMap(([client, all]) =>
        all.map((r) => [client, r.clock, r.end - r.clock]),
      );
      expect(ranges).toEqual(
        [...theirs.ds.clients].flatMap(([client, all]) => all.map((r) => [client, r.clock, r.len])),
      );
    }
    expect(read).toBeGreaterThan(100);
  });

  it("[SY-18] never reads past a message into the memory beside it", () => {
    const pool = new TextEncoder().encode("\u0005helloSECRET OF ANOTHER SOCKET");
    const message = pool.subarray(0, 6);
    expect(new ByteReader(message).text()).toBe("hello");
    const lying = Uint8Array.from(pool);
    lying[0] = 20;
    expect(() => new ByteReader(lying.subarray(0, 6)).text()).toThrow(MalformedBytes);
    const update = craft([
      { client: 7, clock: 0, structs: [{ root: "cell:h1", sub: "x", content: { text: "x" } }] },
    ]);
    for (let end = 0; end < update.length; end++) {
      expect(() => decodeUpdate(update.subarray(0, end), stepTwoLimits)).toThrow();
    }
  });

  it("[SY-18] answers any bytes with a verdict, never with another error", () => {
    const board = furnishedBoard();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        board.judge("r-h1", residentOf("h1"), bytes);
      }),
      { numRuns: 3000 },
    );
    expect(readCell(board.doc, "h1")).toHaveLength(2);
  });
});
