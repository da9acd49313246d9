import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { boardLimits } from "../../shared/board/limits.ts";
import { addEntry, editEntry, editNotice, moveEntry, removeEntry } from "../../shared/board/list-rules.ts";
import {
  type Item,
  isItemValue,
  readCell,
  readItem,
  readList,
  readNotice,
} from "../../shared/board/model.ts";
import { placeBefore } from "../../shared/board/order.ts";
import {
  addItem,
  editItem,
  type ItemDraft,
  moveItem,
  removeItem,
  restoreCell,
  restoreItem,
  tidyText,
} from "../../shared/board/rules.ts";
import { draft } from "./guarded-board.ts";

const ids = (doc: Y.Doc) => readCell(doc, "h1").map((item) => item.id);

describe("edits of a cell", () => {
  it("[SY-29] tidy what was typed and refuse what no board takes, with a reason", () => {
    const doc = new Y.Doc();
    expect(
      addItem(doc, "h1", "a", {
        title: "  大　锤\t子\u0000 ",
        category: "tools",
        note: " 一\r\n二 ",
        quantity: 2,
      }),
    ).toBeNull();
    expect(readItem(doc, "h1", "a")).toMatchObject({
      title: "大 锤 子",
      note: "一\n二",
      quantity: 2,
      category: "tools",
    });
    const refused = (change: Partial<ItemDraft>) => addItem(doc, "h1", "b", { ...draft("锅"), ...change });
    expect(refused({ title: " \n " })).toBe("title-missing");
    expect(refused({ title: "锅".repeat(41) })).toBe("title-too-long");
    expect(refused({ note: "x".repeat(201) })).toBe("note-too-long");
    expect(refused({ category: "cars" })).toBe("category-unknown");
    expect(refused({ quantity: 0 })).toBe("quantity-out-of-range");
    expect(editItem(doc, "h1", "none", {})).toBe("item-missing");
    expect(removeItem(doc, "h1", "none")).toBe("item-missing");
    expect(ids(doc)).toEqual(["a"]);
  });

  it("[SY-29] a cell takes as many items as its limit says", () => {
    const doc = new Y.Doc();
    for (let i = 0; i < boardLimits.itemsPerCell; i++)
      expect(addItem(doc, "h1", `i${i}`, draft("锅"))).toBeNull();
    expect(addItem(doc, "h1", "more", draft("锅"))).toBe("cell-full");
  });

  it("[SY-29] each edit is one update, and writes only what differs", () => {
    const doc = new Y.Doc();
    addItem(doc, "h1", "a", draft("锅"));
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    editItem(doc, "h1", "a", { title: "锅", note: "" });
    expect(updates).toEqual([]);
    editItem(doc, "h1", "a", { title: "铁锅", quantity: 2 });
    expect(updates).toHaveLength(1);
    expect(Y.decodeUpdate(updates[0] ?? new Uint8Array()).structs).toHaveLength(2);
  });

  it("[SY-29] move, remove and restore keep the order people made", () => {
    const doc = new Y.Doc();
    for (const id of ["a", "b", "c", "d"]) addItem(doc, "h1", id, draft(id));
    moveItem(doc, "h1", "d", "b");
    moveItem(doc, "h1", "a", null);
    expect(ids(doc)).toEqual(["d", "b", "c", "a"]);
    const before = readCell(doc, "h1");
    const [, b] = before;
    if (b === undefined) throw new Error("no item");
    removeItem(doc, "h1", "b");
    restoreItem(doc, "h1", "b", b);
    expect(readCell(doc, "h1")).toEqual(before);
    editItem(doc, "h1", "c", { title: "别的" });
    addItem(doc, "h1", "e", draft("e"));
    removeItem(doc, "h1", "a");
    expect(restoreCell(doc, "h1", before)).toBeNull();
    expect(readCell(doc, "h1")).toEqual(before);
  });

  it("[SY-29] whatever the document holds is read in its plainest form", () => {
    const doc = new Y.Doc();
    const cell = doc.getMap("cell:h1");
    cell.set("a", new Y.Map());
    cell.set("b", 5);
    cell.set("not an id!", new Y.Map());
    cell.set(
      "c",
      new Y.Map<unknown>([
        ["title", 7],
        ["category", "cars"],
        ["quantity", 1e9],
        ["note", null],
      ]),
    );
    const plain = { title: "", category: "other", note: "", quantity: 1, order: "" };
    expect(readCell(doc, "h1")).toEqual([
      { id: "a", ...plain },
      { id: "c", ...plain },
    ]);
    doc.getArray("list:g").push([new Y.Map(), 5, new Y.Map([["id", "e"]]), new Y.Map([["id", "e"]])]);
    expect(readList(doc, "g")).toEqual([{ id: "e", text: "", done: false, order: "" }]);
  });

  it("[SY-29] any order keys, broken and equal ones too, leave room to move anywhere", () => {
    const key = fc.oneof(
      fc.constantFrom("", "a0", "a1", "Zz", "00", "a00", "!!"),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 8 }), fc.nat(8), (keys, at) => {
        const rows = keys
          .map((order, i) => ({ id: `i${i}`, order }))
          .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1));
        const beforeId = rows[at]?.id ?? null;
        const { order, rekeyed } = placeBefore(rows, beforeId);
        const after = rows.map((row) => ({ ...row, order: rekeyed.get(row.id) ?? row.order }));
        after.push({ id: "new", order });
        after.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1));
        const expected = rows.map((row) => row.id);
        expected.splice(beforeId === null ? rows.length : at, 0, "new");
        expect(after.map((row) => row.id)).toEqual(expected);
        expect(isItemValue("order", order)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("[SY-29] what the rules write the guard takes, for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.string({ unit: "grapheme", maxLength: 60 }),
        (title, note) => {
          const doc = new Y.Doc();
          if (addItem(doc, "h1", "a", { ...draft(title), note }) !== null) return;
          const item = readItem(doc, "h1", "a") as Item;
          for (const name of ["title", "note", "category", "quantity", "order"] as const) {
            expect(isItemValue(name, item[name]), `${name} ${JSON.stringify(item[name])}`).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("edits of lists and the notice", () => {
  it("[SY-29] entries are added, ticked, rewritten, moved and removed", () => {
    const doc = new Y.Doc();
    for (const id of ["a", "b", "c"]) addEntry(doc, "g", id, ` ${id}  花盆 `);
    editEntry(doc, "g", "a", { done: true, text: "花盆 两个" });
    moveEntry(doc, "g", "c", "a");
    removeEntry(doc, "g", "b");
    expect(readList(doc, "g").map(({ id, text, done }) => [id, text, done])).toEqual([
      ["c", "c 花盆", false],
      ["a", "花盆 两个", true],
    ]);
    expect(addEntry(doc, "g", "d", "  ")).toBe("text-missing");
    expect(addEntry(doc, "g", "d", "x".repeat(201))).toBe("text-too-long");
    expect(editEntry(doc, "g", "b", { done: true })).toBe("item-missing");
  });

  it("[SY-29] the notice becomes any text from any other, by the smallest edit, with emoji whole", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "停", "🎉", "🥘", "👨‍👩‍👧", "\n", " "),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, text, (from, to) => {
        const doc = new Y.Doc();
        editNotice(doc, from);
        editNotice(doc, to);
        expect(readNotice(doc)).toBe(tidyText(to));
      }),
      { numRuns: 1000 },
    );
    const doc = new Y.Doc();
    expect(editNotice(doc, "x".repeat(boardLimits.noticeLength + 1))).toBe("notice-too-long");
  });

  it("[SY-29] two hands in the notice at once both count", () => {
    const doc = new Y.Doc();
    editNotice(doc, "周六坝坝宴");
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    editNotice(doc, "这周六坝坝宴");
    editNotice(other, "周六坝坝宴，各带一个菜");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(readNotice(doc)).toBe("这周六坝坝宴，各带一个菜");
  });
});
