import type { KyselyPlugin } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageOfItems } from "../../server/board/item-reading.ts";
import { createSearchIndex } from "../../server/board/search-index.ts";
import { createReadings } from "../../shared/board/readings.ts";
import { addItem } from "../../shared/board/rules.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { dialects } from "../storage/dialects.ts";
import { type Courtyard, openCourtyard, thing } from "./courtyard.ts";

const perCell = 40;
const all = 4 * perCell;

describe.each(dialects)("what a search reads of a board on $name", ({ open }) => {
  let yard: Courtyard;
  let close: () => Promise<void>;
  let board = "";
  let officer: PersonActor;
  let index: ReturnType<typeof createSearchIndex>;
  /** Rows of things that were read, and how often some were. */
  const read = { rows: 0, times: 0 };

  beforeAll(async () => {
    const opened = await open();
    yard = await openCourtyard(opened.storage, "courtyard");
    close = async () => {
      await yard.close();
      await opened.close();
    };
    [board = ""] = yard.boardIds;
    officer = await yard.person(null, "社区小陈", { role: "officer" });
    for (const cell of yard.households)
      await yard.write(officer, board, (doc) => {
        for (let nth = 0; nth < perCell; nth++) addItem(doc, cell, `${nth}`, thing(`梯子 ${nth}`));
      });
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        const things = result.rows.filter((row) => "item_id" in row && "title" in row).length;
        read.rows += things;
        read.times += things > 0 ? 1 : 0;
        return result;
      },
    };
    const db = opened.storage.db.withPlugin(counting);
    index = createSearchIndex({ storage: { db }, loadReadings: async () => createReadings() });
  });
  afterAll(() => close());

  const search = (text: string) => index.search([board], { text, category: null, now: yard.clock.now() });
  const titles = async (text: string) => (await search(text)).map(({ title }) => title);
  /** What is read while something is done. */
  const readBy = async (work: () => Promise<unknown>) => {
    Object.assign(read, { rows: 0, times: 0 });
    await work();
    return { ...read };
  };
  const cell = (nth: number) => yard.household(nth);

  test("[BD-65] all of a board once, and nothing again while nothing has changed", async () => {
    expect((await readBy(async () => expect(await search("梯子")).toHaveLength(all))).rows).toBe(all);
    expect((await readBy(() => search("tz"))).rows).toBe(0);
  });

  test("[BD-65 BD-63] after an edit the cell it was made in, whether something was changed, added or taken away", async () => {
    await yard.edit(officer, board, cell(1), "7", { title: "望远镜" });
    expect((await readBy(async () => expect(await titles("望远镜")).toEqual(["望远镜"]))).rows).toBe(perCell);
    await yard.put(officer, board, cell(2), "new", thing("缝纫机"));
    expect((await readBy(async () => expect(await titles("缝纫机")).toEqual(["缝纫机"]))).rows).toBe(
      perCell + 1,
    );
    await yard.remove(officer, board, cell(1), "7");
    expect((await readBy(async () => expect(await titles("望远镜")).toEqual([]))).rows).toBe(perCell - 1);
    expect(await search("梯")).toHaveLength(all - 1);
  });

  test("[BD-63] cells stay in the order of the wall, and things in that of their cell", async () => {
    const order = async () => (await search("梯子")).map(({ householdId, itemId }) => [householdId, itemId]);
    const expected = (await order()).filter(
      ([householdId, itemId]) => !(householdId === cell(0) && itemId === "3"),
    );
    await yard.remove(officer, board, cell(0), "3");
    expect(await order()).toEqual(expected);
    await yard.put(officer, board, cell(0), "3", thing("梯子 3"));
    expect(await order()).toEqual([
      ...expected.slice(0, perCell - 1),
      [cell(0), "3"],
      ...expected.slice(perCell - 1),
    ]);
  });

  test("[BD-65] once for all who search at the same time", async () => {
    await yard.edit(officer, board, cell(3), "1", { title: "铝梯" });
    const searches = Array.from({ length: 20 }, () => titles("铝梯"));
    const { times } = await readBy(async () =>
      expect(await Promise.all(searches)).toEqual(searches.map(() => ["铝梯"])),
    );
    expect(times).toBe(1);
  });

  test("[BD-65 BD-63] all of it again, and rightly, when the log does not reach back or nobody has searched for long", async () => {
    await yard.edit(officer, board, cell(0), "0", { title: "软梯" });
    yard.clock.time += 3_600_000;
    expect((await readBy(async () => expect(await titles("软梯")).toEqual(["软梯"]))).rows).toBe(all);
    await yard.edit(officer, board, cell(0), "0", { title: "木梯" });
    // As a board that was renewed, or whose log was folded twice.
    await yard.storage.write(({ db }) =>
      db.deleteFrom("board_updates").where("board_id", "=", board).execute(),
    );
    expect((await readBy(async () => expect(await titles("木梯")).toEqual(["木梯"]))).rows).toBe(all);
  });

  test("[BD-65] in pages, so that others are served in between", async () => {
    expect(all).toBeLessThan(pageOfItems);
    const { db } = yard.storage;
    const [like] = await db.selectFrom("board_items").selectAll().limit(1).execute();
    if (!like) throw new Error("there is nothing");
    await yard.storage.write(async (tx) => {
      const more = Array.from({ length: 2 * pageOfItems }, (_, nth) => ({ ...like, item_id: `more-${nth}` }));
      for (let at = 0; at < more.length; at += 500)
        await tx.db
          .insertInto("board_items")
          .values(more.slice(at, at + 500))
          .execute();
      await tx.db.updateTable("courtyards").set({ places_version: 99 }).execute();
    });
    const { rows, times } = await readBy(() => search("梯"));
    expect([rows, times]).toEqual([all + 2 * pageOfItems, 3]);
  });
});
