import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roomOf } from "../../server/events/rooms.ts";
import { boardLimits } from "../../shared/board/limits.ts";
import { addEntry } from "../../shared/board/list-rules.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { dialects } from "../storage/dialects.ts";
import { type Courtyard, openCourtyard, refusalOf, thing } from "./courtyard.ts";

describe.each(dialects)("boards of a compound on $name", ({ open }) => {
  let yard: Courtyard;
  let close: () => Promise<void>;
  let first = "";
  let third = "";
  let li: PersonActor;
  let wang: PersonActor;
  let steward: PersonActor;
  let officer: PersonActor;
  beforeAll(async () => {
    const opened = await open();
    yard = await openCourtyard(opened.storage, "building");
    close = async () => {
      await yard.close();
      await opened.close();
    };
    [first = "", third = ""] = yard.boardIds;
    li = await yard.person(2, "李姐");
    wang = await yard.person(0, "王伯");
    steward = await yard.person(3, "楼栋长", { role: "steward", behind: 2 });
    officer = await yard.person(null, "社区小陈", { role: "officer" });
  });
  afterAll(() => close());
  const seenBy = async (actor: PersonActor) => (await yard.snapshot(actor)).boards;

  test("[BD-60] a steward puts a list up, gives it another title and takes it down; a resident does not", async () => {
    const create = { boardId: third, listId: "list-party", title: "坝坝宴带什么" };
    expect(await refusalOf(yard.send(li, "list.create", create))).toBe("not-allowed");
    expect(await refusalOf(yard.send(steward, "list.create", { ...create, boardId: first }))).toBe(
      "not-allowed",
    );
    await yard.send(steward, "list.create", create);
    await yard.send(steward, "list.create", create);
    await yard.send(steward, "list.rename", { listId: "list-party", title: "坝坝宴" });
    expect((await seenBy(li)).find((board) => board.id === third)?.lists).toEqual([
      { id: "list-party", title: "坝坝宴" },
    ]);
    expect(await refusalOf(yard.send(li, "list.rename", { listId: "list-party", title: "我的" }))).toBe(
      "not-allowed",
    );
    expect(await refusalOf(yard.send(li, "list.remove", { listId: "list-party" }))).toBe("not-allowed");
    const told = yard.events.filter((event) => event.name === "board.lists-changed");
    expect(told).toHaveLength(2);
    expect(told[0]?.rooms).toContain(roomOf("courtyard", yard.courtyardId));
  });

  test("[BD-61] a list that was taken down comes back with all that was on it", async () => {
    await yard.write(li, third, (doc) => void addEntry(doc, "list-party", "soup", "酸萝卜老鸭汤"));
    await yard.send(steward, "list.remove", { listId: "list-party" });
    await yard.send(steward, "list.remove", { listId: "list-party" });
    expect((await yard.rooms.readBoard(third)).view.lists).toEqual({});
    await expect(
      yard.write(li, third, (doc) => void addEntry(doc, "list-party", "tea", "盖碗茶")),
    ).rejects.toThrow();
    await yard.send(steward, "list.create", { boardId: third, listId: "list-party", title: "坝坝宴" });
    const { view } = await yard.rooms.readBoard(third);
    expect(view.lists["list-party"]?.map((entry) => entry.text)).toEqual(["酸萝卜老鸭汤"]);
  });

  test("[BD-62] a board takes so many lists and no more", async () => {
    for (let nth = 0; nth < boardLimits.listsPerBoard; nth++)
      await yard.send(officer, "list.create", {
        boardId: first,
        listId: `list-nr-${nth}`,
        title: `清单 ${nth}`,
      });
    const oneMore = { boardId: first, listId: "list-too-many", title: "多的" };
    expect(await refusalOf(yard.send(officer, "list.create", oneMore))).toBe("cell-full");
    const taken = { boardId: third, listId: "list-nr-0", title: "别处" };
    expect(await refusalOf(yard.send(officer, "list.create", taken))).toBe("invalid-input");
  });

  test("[BD-63] search finds what one may read, best first, one's own building before the others", async () => {
    await yard.put(wang, first, yard.household(0), "screw-1", thing("十字螺丝刀"));
    await yard.put(li, third, yard.household(2), "screw-2", thing("一字螺丝刀"));
    await yard.put(li, third, yard.household(2), "box", thing("工具箱", "tools", "里头有螺丝刀"));
    const search = (actor: PersonActor, text: string, more = {}) =>
      yard.ask(actor, "board.search", { text, limit: 10, ...more });
    expect((await search(li, "lsd")).items.map((item) => [item.title, item.door])).toEqual([
      ["一字螺丝刀", "3-1-501"],
      ["十字螺丝刀", "1-1-101"],
    ]);
    expect((await search(li, "螺丝刀")).total).toBe(3);
    expect((await search(li, "螺丝刀", { from: 2 })).items.map((item) => item.title)).toEqual(["工具箱"]);
    expect((await search(li, "", { category: "tools" })).total).toBe(3);
    expect((await search(li, "")).total).toBe(0);
    await yard.edit(li, third, yard.household(2), "screw-2", { title: "改锥" });
    expect((await search(li, "一字")).total).toBe(0);
    expect((await search(li, "起子")).items[0]?.title).toBe("改锥");
  });

  test("[BD-64] closed boards are seen by their building and those who work there, and found by nobody else", async () => {
    expect((await seenBy(li)).map((board) => board.id)).toEqual([first, third]);
    await yard.storage.write(({ db }) => db.updateTable("courtyards").set({ open_boards: 0 }).execute());
    expect((await seenBy(li)).map((board) => board.id)).toEqual([third]);
    expect((await seenBy(officer)).map((board) => board.id)).toEqual([first, third]);
    const { items } = await yard.ask(li, "board.search", { text: "螺丝刀", limit: 10 });
    expect(new Set(items.map((item) => item.boardId))).toEqual(new Set([third]));
    expect(
      await refusalOf(yard.ask(li, "board.item-times", { boardId: first, householdId: yard.household(0) })),
    ).toBe("not-found");
    const listed = yard.events.length;
    await yard.send(officer, "list.rename", { listId: "list-nr-1", title: "只给 1 栋看" });
    expect(yard.events[listed]?.rooms).not.toContain(roomOf("courtyard", yard.courtyardId));
    expect(yard.faults).toEqual([]);
  });
});
