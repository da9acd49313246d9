import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { addEntry, editEntry, removeEntry } from "../../shared/board/list-rules.ts";
import { readCell, readList } from "../../shared/board/model.ts";
import { applyRescued, findUnsaved } from "../../shared/board/rescue.ts";
import { addItem, editItem, moveItem, removeItem } from "../../shared/board/rules.ts";

const mine = "house-me";
const other = "house-other";
const draft = (title: string) => ({ title, category: "tools", note: "", quantity: 1 });
const places = { cells: [mine], lists: ["list-1"] };

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}
const titles = (doc: Y.Doc, household = mine) => readCell(doc, household).map((item) => item.title);

/** A board as the server has it, with two things in my cell and an entry in the list. */
function board(): Y.Doc {
  const server = new Y.Doc();
  addItem(server, mine, "hammer", draft("锤子"));
  addItem(server, mine, "ladder", draft("梯子"));
  addItem(server, other, "drill", draft("电钻"));
  addEntry(server, "list-1", "soil", "营养土两袋");
  return server;
}

describe("what a refused copy may keep", () => {
  test("[BD-30] new things, changed fields and removals of my own cell are written again", () => {
    const server = board();
    const local = copyOf(server);
    addItem(local, mine, "saw", draft("锯子"));
    editItem(local, mine, "hammer", { note: "在楼道" });
    removeItem(local, mine, "ladder");
    const fresh = copyOf(server);
    const outcome = applyRescued(fresh, findUnsaved(local, fresh, places));
    expect(outcome).toEqual({ kept: 3, lost: 0 });
    expect(titles(fresh)).toEqual(["锤子", "锯子"]);
    expect(readCell(fresh, mine)[0]?.note).toBe("在楼道");
  });

  test("[BD-30] nothing of a foreign cell comes back, whatever the copy holds", () => {
    const server = board();
    const local = copyOf(server);
    removeItem(local, other, "drill");
    addItem(local, other, "mine-now", draft("偷来的"));
    const fresh = copyOf(server);
    expect(applyRescued(fresh, findUnsaved(local, fresh, places))).toEqual({ kept: 0, lost: 0 });
    expect(titles(fresh, other)).toEqual(["电钻"]);
  });

  test("[BD-30] what the board does not take is left behind, the rest is kept", () => {
    const server = board();
    const local = copyOf(server);
    local.getMap(cellRoot(mine)).set("bad", new Y.Map<unknown>([["title", "长".repeat(500)]]));
    local.getMap(cellRoot(mine)).set("worse", 7);
    addItem(local, mine, "saw", draft("锯子"));
    const fresh = copyOf(server);
    applyRescued(fresh, findUnsaved(local, fresh, places));
    expect(titles(fresh)).toEqual(["锤子", "梯子", "锯子"]);
  });

  test("[BD-31] what the other phone did meanwhile stays: other fields, new things, removals", () => {
    const server = board();
    const local = copyOf(server);
    editItem(local, mine, "hammer", { note: "在楼道" });
    const phone = copyOf(server);
    editItem(phone, mine, "hammer", { title: "羊角锤" });
    removeItem(phone, mine, "ladder");
    addItem(phone, mine, "oven", draft("烤箱"));
    const fresh = copyOf(phone);
    applyRescued(fresh, findUnsaved(local, fresh, places));
    expect(titles(fresh)).toEqual(["羊角锤", "烤箱"]);
    expect(readCell(fresh, mine)[0]?.note).toBe("在楼道");
  });

  test("[BD-31] what was saved before the refusal is not written twice", () => {
    const server = board();
    const local = copyOf(server);
    addItem(local, mine, "saw", draft("锯子"));
    Y.applyUpdate(server, Y.encodeStateAsUpdate(local));
    const rescued = findUnsaved(local, copyOf(server), places);
    expect(rescued).toEqual({ items: [], entries: [] });
  });

  test("[BD-31] a changed order is rescued as an order", () => {
    const server = board();
    const local = copyOf(server);
    moveItem(local, mine, "ladder", "hammer");
    const fresh = copyOf(server);
    applyRescued(fresh, findUnsaved(local, fresh, places));
    expect(titles(fresh)).toEqual(["梯子", "锤子"]);
  });

  test("[BD-30] entries of shared lists are kept as well", () => {
    const server = board();
    addEntry(server, "list-1", "pots", "花盆");
    const local = copyOf(server);
    addEntry(local, "list-1", "seeds", "月季苗");
    editEntry(local, "list-1", "soil", { done: true });
    removeEntry(local, "list-1", "pots");
    const fresh = copyOf(server);
    expect(applyRescued(fresh, findUnsaved(local, fresh, places))).toEqual({ kept: 3, lost: 0 });
    expect(readList(fresh, "list-1").map(({ text, done }) => [text, done])).toEqual([
      ["营养土两袋", true],
      ["月季苗", false],
    ]);
  });

  test("[BD-31] rescue after any honest edits equals what a merge would have given", () => {
    const edit = fc.record({
      kind: fc.constantFrom("add" as const, "note" as const, "remove" as const),
      item: fc.constantFrom("hammer", "ladder", "a", "b", "c"),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const server = board();
        const local = copyOf(server);
        for (const [at, { kind, item }] of edits.entries()) {
          if (kind === "add" && !readCell(local, mine).some(({ id }) => id === item))
            addItem(local, mine, item, draft(`第${at}样`));
          if (kind === "note") editItem(local, mine, item, { note: `注${at}` });
          if (kind === "remove") removeItem(local, mine, item);
        }
        const fresh = copyOf(server);
        applyRescued(fresh, findUnsaved(local, fresh, places));
        const plain = (doc: Y.Doc) =>
          readCell(doc, mine)
            .map(({ id, title, note }) => `${id} ${title} ${note}`)
            .sort();
        expect(plain(fresh)).toEqual(plain(local));
      }),
      { numRuns: 300 },
    );
  });
});
