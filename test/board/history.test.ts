import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restoreLimits } from "../../shared/board/limits.ts";
import { addEntry, editNotice, removeEntry } from "../../shared/board/list-rules.ts";
import { restoreItem } from "../../shared/board/rules.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { dialects } from "../storage/dialects.ts";
import { type Courtyard, openCourtyard, refusalOf, thing } from "./courtyard.ts";

describe.each(dialects)("history and restoring on $name", ({ open }) => {
  let yard: Courtyard;
  let close: () => Promise<void>;
  let board = "";
  let li: PersonActor;
  let wang: PersonActor;
  let steward: PersonActor;
  beforeAll(async () => {
    const opened = await open();
    yard = await openCourtyard(opened.storage, "courtyard");
    close = async () => {
      await yard.close();
      await opened.close();
    };
    board = yard.boardIds[0] ?? "";
    li = await yard.person(2, "李姐");
    wang = await yard.person(0, "王伯");
    steward = await yard.person(3, "楼栋长", { role: "steward" });
  });
  afterAll(() => close());

  const history = (actor: PersonActor, householdId: string, limit = 50) =>
    yard.ask(actor, "board.history", { boardId: board, of: { place: "cell", householdId }, limit });
  const titles = async (householdId: string) =>
    ((await yard.rooms.readBoard(board)).view.cells[householdId] ?? []).map((item) => item.title);

  test("[BD-50] a household reads who changed what and when in its cell, and what was done for it", async () => {
    const cell = yard.household(2);
    const at = await yard.put(li, board, cell, "hammer", thing("锤子"));
    await yard.edit(steward, board, cell, "hammer", { note: "在楼道" });
    const { entries } = await history(li, cell);
    expect(entries).toMatchObject([
      {
        by: "楼栋长",
        door: "3-1-502",
        onBehalf: true,
        before: { title: "锤子", note: "" },
        after: { note: "在楼道" },
      },
      {
        by: "李姐",
        door: "3-1-501",
        onBehalf: false,
        at,
        before: null,
        after: { title: "锤子", quantity: 1 },
      },
    ]);
  });

  test("[BD-50] a neighbour does not read it; a steward does; a steward of another building does not", async () => {
    const cell = yard.household(2);
    const elsewhere = await yard.person(null, "1 栋楼栋长", { role: "steward", behind: 0 });
    expect(await refusalOf(history(wang, cell))).toBe("not-allowed");
    expect(await refusalOf(history(elsewhere, cell))).toBe("not-allowed");
    expect((await history(elsewhere, yard.household(0))).entries).toEqual([]);
    expect((await history(steward, cell)).entries.length).toBeGreaterThan(0);
    expect(
      await refusalOf(
        yard.ask(wang, "board.history", { boardId: "no-such-board", of: { place: "notice" }, limit: 5 }),
      ),
    ).toBe("not-found");
  });

  test("[BD-51] the history is read page by page without a hole, also within one moment", async () => {
    const cell = yard.household(3);
    await yard.write(steward, board, (doc) => {
      for (const nth of [1, 2, 3, 4, 5, 6, 7])
        restoreItem(doc, cell, `thing-${nth}`, { ...thing(`第${nth}样`), order: "" });
    });
    const all = (await history(steward, cell)).entries.map((entry) => entry.historyId);
    expect(all).toHaveLength(7);
    const paged: string[] = [];
    let before: { at: number; seq: number; historyId: string } | undefined;
    for (let more = true; more; ) {
      const page = await yard.ask(steward, "board.history", {
        boardId: board,
        of: { place: "cell", householdId: cell },
        limit: 3,
        ...(before && { before }),
      });
      paged.push(...page.entries.map((entry) => entry.historyId));
      const last = page.entries.at(-1);
      before = last && { at: last.at, seq: last.seq, historyId: last.historyId };
      more = page.more;
    }
    expect(paged).toEqual(all);
  });

  test("[BD-52] a removed thing is brought back by its household or a steward, and by nobody else", async () => {
    const cell = yard.household(2);
    await yard.put(li, board, cell, "ladder", thing("人字梯", "tools", "随时来拿"));
    await yard.remove(li, board, cell, "ladder");
    const removal = (await history(li, cell)).entries[0];
    expect(removal).toMatchObject({ after: null, before: { title: "人字梯" } });
    const historyId = removal?.historyId ?? "";
    expect(await refusalOf(yard.send(wang, "board.restore", { historyId }))).toBe("not-allowed");
    expect(await titles(cell)).not.toContain("人字梯");
    await yard.send(steward, "board.restore", { historyId });
    await yard.send(steward, "board.restore", { historyId });
    expect((await titles(cell)).filter((title) => title === "人字梯")).toHaveLength(1);
    expect((await history(li, cell)).entries[0]).toMatchObject({
      by: "楼栋长",
      onBehalf: true,
      before: null,
    });
  });

  test("[BD-52] what was first put there has nothing before it to be brought back", async () => {
    const added = (await history(li, yard.household(2))).entries.find((entry) => entry.before === null);
    expect(await refusalOf(yard.send(li, "board.restore", { historyId: added?.historyId ?? "" }))).toBe(
      "item-gone",
    );
    expect(await refusalOf(yard.send(li, "board.restore", { historyId: "no-such-change" }))).toBe(
      "not-found",
    );
  });

  test("[BD-53] a cell goes back to how it was at a time: added goes, removed and changed return", async () => {
    const cell = yard.household(0);
    await yard.put(wang, board, cell, "oven", thing("烤箱", "appliances"));
    const then = await yard.put(wang, board, cell, "drill", thing("电钻"));
    await yard.remove(wang, board, cell, "oven");
    await yard.edit(wang, board, cell, "drill", { title: "坏了的电钻" });
    await yard.edit(wang, board, cell, "drill", { title: "坏得更凶的电钻" });
    await yard.put(wang, board, cell, "junk", thing("乱写的"));
    expect(
      await refusalOf(yard.send(li, "board.restore-cell", { boardId: board, householdId: cell, at: then })),
    ).toBe("not-allowed");
    await yard.send(wang, "board.restore-cell", { boardId: board, householdId: cell, at: then });
    expect((await titles(cell)).sort()).toEqual(["烤箱", "电钻"].sort());
    await yard.send(wang, "board.restore-cell", { boardId: board, householdId: cell, at: then });
    expect(await titles(cell)).toHaveLength(2);
  });

  test("[BD-53 SY-52] what is as it was already is not written again", async () => {
    const cell = yard.household(0);
    const at = await yard.put(wang, board, cell, "pan", thing("锅"));
    const committed = async () =>
      (await yard.storage.db.selectFrom("boards").select("seq").where("id", "=", board).executeTakeFirst())
        ?.seq;
    const before = await committed();
    await yard.send(wang, "board.restore-cell", { boardId: board, householdId: cell, at });
    expect(await committed()).toBe(before);
  });

  test("[BD-56 INV-11] bringing back is bounded for each resident, and waits only as long as it must", async () => {
    const cell = yard.household(0);
    const zhang = await yard.person(0, "张孃");
    yard.clock.time += 60_000;
    const back = (actor: PersonActor) =>
      yard.send(actor, "board.restore-cell", { boardId: board, householdId: cell, at: yard.clock.time });
    for (let n = 0; n < restoreLimits.commands.burst; n++) await back(zhang);
    const refusal = await back(zhang).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "rate-limited",
      params: { seconds: restoreLimits.commands.every / 1_000 },
    });
    expect(await refusalOf(yard.send(zhang, "board.restore", { historyId: "no-such-change" }))).toBe(
      "rate-limited",
    );
    await back(wang);
    yard.clock.time += restoreLimits.commands.every;
    await back(zhang);
    expect(await refusalOf(back(zhang))).toBe("rate-limited");
  });

  test("[BD-54] entries of a list come back by anyone who writes on it, the notice by those who write it", async () => {
    const officer = await yard.person(null, "社区小陈", { role: "officer" });
    await yard.send(officer, "list.create", { boardId: board, listId: "list-garden", title: "花园要啥子" });
    await yard.write(wang, board, (doc) => void addEntry(doc, "list-garden", "soil", "营养土两袋"));
    await yard.write(wang, board, (doc) => void removeEntry(doc, "list-garden", "soil"));
    const list = { place: "list" as const, listId: "list-garden" };
    const ofList = await yard.ask(li, "board.history", { boardId: board, of: list, limit: 5 });
    expect(ofList.entries[0]).toMatchObject({
      by: "王伯",
      before: { text: "营养土两袋", done: false },
      after: null,
    });
    await yard.send(li, "board.restore", { historyId: ofList.entries[0]?.historyId ?? "" });
    const { view } = await yard.rooms.readBoard(board);
    expect(view.lists["list-garden"]?.map((entry) => entry.text)).toEqual(["营养土两袋"]);

    await yard.write(officer, board, (doc) => void editNotice(doc, "周六修水管"));
    await yard.write(officer, board, (doc) => void editNotice(doc, "乱改"));
    const asked = { boardId: board, of: { place: "notice" as const }, limit: 5 };
    expect(await refusalOf(yard.ask(li, "board.history", asked))).toBe("not-allowed");
    const [last] = (await yard.ask(officer, "board.history", asked)).entries;
    await yard.send(officer, "board.restore", { historyId: last?.historyId ?? "" });
    expect((await yard.rooms.readBoard(board)).view.notice).toBe("周六修水管");
  });

  test("[BD-55] anyone on the board learns when a thing was put there and last changed", async () => {
    const cell = yard.household(1);
    const neighbour = await yard.person(1, "周孃");
    const addedAt = await yard.put(neighbour, board, cell, "books", thing("童话书 12 本", "books"));
    const changedAt = await yard.edit(neighbour, board, cell, "books", { quantity: 12 });
    expect(await yard.ask(li, "board.item-times", { boardId: board, householdId: cell })).toEqual({
      items: [{ itemId: "books", addedAt, changedAt }],
    });
    expect(yard.faults).toEqual([]);
  });
});
