import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyImport } from "../../server/community/import.ts";
import { divisionOf, fingerprintOf, planImport } from "../../server/community/import-plan.ts";
import { addItem } from "../../shared/board/rules.ts";
import type { ImportKind, TableRow } from "../../shared/community/import-plan-table.ts";
import { refusal } from "../identity/world.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { createOffice, type Office } from "./office.ts";
import { tableRows } from "./table-rows.ts";

const households = tableRows(`
  楼栋 | 单元 | 房号 | 面积 | 电话
  1栋 | 1 | 101 | 89.5 | 13800000001
  1栋 | 1 | 1002 | |
  1栋 | 1 | 201 | |
  2栋 | 2 | 301 | 70 | 座机 8512`);

const items = tableRows(`
  门牌 | 物品 | 类别 | 数量 | 备注
  1-1-101 | 人字梯 | 工具 | 1 | 楼下来拿
  1-1-101 | 童话书 | 图书 | 12 |
  2-1-101 | 电钻 | 工具 | 1 |`);

const twoBuildings = ["1-1-101", "1-1-102", "2-1-101"];

describe.each(dialects)("an import on $name", ({ open }) => {
  let opened: OpenedStorage;
  let office: Office;
  beforeAll(async () => {
    opened = await open();
    office = await createOffice(opened.storage);
  }, 60_000);
  afterAll(async () => {
    await office.rooms.drain({ slices: 1, deadline: 1_000 });
    await opened.close();
  });

  const seen = async (kind: ImportKind, courtyardId: string, rows: readonly TableRow[]) =>
    fingerprintOf(await planImport(opened.storage.db, kind, { courtyardId, rows }));

  it("[LN-28] [LN-12] brings households with their places, boards and channels, and nothing the second time", async () => {
    const id = await office.courtyard([]);
    expect(await office.run("households", id, households)).toEqual({ added: 4, changed: 0, same: 0 });
    expect(await office.households(id)).toEqual([
      { door: "1-1-101", area: 8950, contact: "13800000001" },
      { door: "1-1-201", area: null, contact: null },
      { door: "1-1-1002", area: null, contact: null },
      { door: "2-2-301", area: 7000, contact: "座机 8512" },
    ]);
    expect(await office.counts(id)).toEqual({ buildings: 2, households: 4, boards: 1, channels: 3 });
    expect(await office.run("households", id, households)).toEqual({ added: 0, changed: 0, same: 4 });
    expect((await office.counts(id)).households).toBe(4);
  });

  it("[LN-13] [LN-6] changes what the table says otherwise and puts new doors between the old ones", async () => {
    const id = await office.courtyard(["1-1-101", "1-1-301"]);
    const more = tableRows(`
      门牌 | 面积
      1-1-201 | 60
      1-1-301 | 75.5`);
    expect(await office.run("households", id, more)).toEqual({ added: 1, changed: 1, same: 0 });
    expect(await office.households(id)).toEqual([
      { door: "1-1-101", area: null, contact: null },
      { door: "1-1-201", area: 6000, contact: null },
      { door: "1-1-301", area: 7550, contact: null },
    ]);
  });

  it("[LN-28] stores nothing at all when one row is bad or the writing fails half-way", async () => {
    const id = await office.courtyard([]);
    const none = await office.counts(id);
    const bad = [...households, { line: 6, cells: ["3栋", "1", "楼上", "", ""] }];
    expect(await refusal(office.run("households", id, bad))).toBe("import-has-bad-rows");
    expect(await office.counts(id)).toEqual(none);

    const write: typeof office.log.write = (communityId, work) =>
      office.log.write(communityId, async (unit) => {
        await work(unit);
        throw new Error("the power went");
      });
    const request = {
      communityId: office.place.communityId,
      courtyardId: id,
      rows: households,
      by: office.by,
    };
    await expect(applyImport({ ...office.deps, log: { write } }, "households", request)).rejects.toThrow(
      "power",
    );
    expect(await office.counts(id)).toEqual(none);
  });

  it("[LN-33] leaves out the lines a person took out", async () => {
    const id = await office.courtyard([]);
    const bad = [...households, { line: 6, cells: ["3栋", "1", "楼上", "", ""] }];
    expect(await office.run("households", id, bad, { without: new Set([6, 3]) })).toEqual({
      added: 3,
      changed: 0,
      same: 0,
    });
    expect((await office.households(id)).map(({ door }) => door)).not.toContain("1-1-1002");
  });

  it("[LN-30] does what was shown or nothing; a repeat with nothing left to do is fine", async () => {
    const id = await office.courtyard([]);
    const shown = await seen("households", id, households);
    await office.run("households", id, tableRows("门牌\n1-1-101"));
    expect(await refusal(office.run("households", id, households, { seen: shown }))).toBe("import-changed");
    expect((await office.counts(id)).households).toBe(1);
    const anew = await seen("households", id, households);
    expect((await office.run("households", id, households, { seen: anew })).added).toBe(3);
    expect(await office.run("households", id, households, { seen: anew })).toEqual({
      added: 0,
      changed: 0,
      same: 4,
    });
  });

  it("[LN-37] tells the people and walls of the courtyard which households there are now", async () => {
    const id = await office.courtyard([]);
    const from = office.told.length;
    await office.run("households", id, households);
    const [places, ...rest] = office.told.slice(from);
    expect(places).toMatchObject({
      name: "places.have-changed",
      rooms: [`courtyard:${id}`, `wall:${id}`],
      data: { places: { courtyardId: id, buildings: [{ name: "1" }, { name: "2" }] } },
    });
    expect(JSON.stringify(places)).not.toContain("13800000001");
    expect(rest.filter(({ rooms }) => rooms.length > 0).map(({ name }) => name)).toEqual([
      "boards.have-changed",
    ]);
    await office.run("households", id, households);
    expect(office.told.length).toBe(from + 1 + rest.length);
  });

  it("[LN-32] [LN-12] [LN-31] puts items on the open board on behalf of the households, once", async () => {
    const id = await office.courtyard(twoBuildings);
    const shown = await seen("items", id, items);
    expect(await office.titles(id)).toEqual({});
    expect(await office.run("items", id, items, { seen: shown })).toEqual({ added: 3, changed: 0, same: 0 });
    expect(await office.titles(id)).toEqual({ "1-1-101": ["人字梯", "童话书"], "2-1-101": ["电钻"] });
    const history = await opened.storage.db
      .selectFrom("board_history")
      .innerJoin("boards", "boards.id", "board_history.board_id")
      .select(["resident_id", "on_behalf"])
      .where("boards.courtyard_id", "=", id)
      .execute();
    expect(history).toEqual(Array(3).fill({ resident_id: office.by.residentId, on_behalf: 1 }));
    expect(await office.run("items", id, items, { seen: shown })).toEqual({ added: 0, changed: 0, same: 3 });
    expect(await office.titles(id)).toEqual({ "1-1-101": ["人字梯", "童话书"], "2-1-101": ["电钻"] });
  });

  it("[LN-29] [LN-13] changes an item where it stands and adds beside what a neighbour has put up", async () => {
    const id = await office.courtyard(twoBuildings);
    await office.run("items", id, items);
    const more = tableRows(`
      门牌 | 物品 | 数量
      1-1-101 | 童话书 | 20
      1-1-101 | 跳绳 |`);
    expect(await office.run("items", id, more)).toEqual({ added: 1, changed: 1, same: 0 });
    expect(await office.titles(id)).toMatchObject({ "1-1-101": ["人字梯", "童话书", "跳绳"] });
  });

  it("[LN-29] puts nothing up when one item cannot be taken", async () => {
    const id = await office.courtyard(twoBuildings);
    const bad = [...items, { line: 5, cells: ["9-1-101", "电钻", "", "", ""] }];
    expect(await refusal(office.run("items", id, bad))).toBe("import-has-bad-rows");
    expect(await office.titles(id)).toEqual({});
  });

  it("[LN-29] [LN-12] after a break between two boards the same file adds the rest and nothing twice", async () => {
    const id = await office.courtyard(twoBuildings, "building");
    let boards = 0;
    const edit: typeof office.rooms.edit = (...given) => {
      boards += 1;
      return boards === 1 ? office.rooms.edit(...given) : Promise.reject(new Error("the power went"));
    };
    const readPlaces: typeof office.rooms.readPlaces = (...given) => office.rooms.readPlaces(...given);
    const closeBoard: typeof office.rooms.closeBoard = (...given) => office.rooms.closeBoard(...given);
    const rooms = { edit, readPlaces, closeBoard };
    const request = { communityId: office.place.communityId, courtyardId: id, rows: items, by: office.by };
    expect(await refusal(applyImport({ ...office.deps, rooms }, "items", request))).toBe("import-unfinished");
    expect(await office.titles(id)).toEqual({ "1-1-101": ["人字梯", "童话书"] });
    expect(await office.run("items", id, items)).toEqual({ added: 1, changed: 0, same: 2 });
    expect(await office.titles(id)).toEqual({ "1-1-101": ["人字梯", "童话书"], "2-1-101": ["电钻"] });
  });

  it("[LN-29] [LN-30] looks anew when a neighbour writes in a touched cell meanwhile", async () => {
    const id = await office.courtyard(twoBuildings);
    const household = (await office.places.doors(id)).get("1-1-101") ?? "";
    const neighbour = {
      residentId: "neighbour-1",
      displayName: "邻居",
      householdId: household,
      door: "1-1-101",
    };
    const tool = (title: string) => ({ title, category: "tools", note: "", quantity: 1 });
    const meanwhile = (title: string) => {
      let first = true;
      const edit: typeof office.rooms.edit = async (boardId, writer, change) => {
        if (first) {
          first = false;
          await office.rooms.edit(boardId, neighbour, (doc) => {
            addItem(doc, household, `by-neighbour-${title.length}`, tool(title));
          });
        }
        return office.rooms.edit(boardId, writer, change);
      };
      const { rooms } = office;
      return {
        edit,
        readPlaces: rooms.readPlaces.bind(rooms),
        closeBoard: rooms.closeBoard.bind(rooms),
      };
    };
    const request = { communityId: office.place.communityId, courtyardId: id, rows: items, by: office.by };
    const beside = applyImport({ ...office.deps, rooms: meanwhile("锤子") }, "items", request);
    expect(await beside).toEqual({ added: 3, changed: 0, same: 0 });
    expect((await office.titles(id))["1-1-101"]).toEqual(["锤子", "人字梯", "童话书"]);

    const rows = tableRows(
      "门牌 | 物品 | 类别 | 备注\n1-1-101 | 水平尺 | 工具 | 借三天\n1-1-102 | 卷尺 | 工具 |",
    );
    const same = applyImport({ ...office.deps, rooms: meanwhile("水平尺") }, "items", { ...request, rows });
    expect(await refusal(same)).toBe("import-changed");
    expect(await office.titles(id)).not.toHaveProperty("1-1-102");
  });

  it("[LN-35] advises and makes a board for each building while the one board is empty, never after", async () => {
    const many = (buildings: number): TableRow[] => [
      { line: 1, cells: ["门牌"] },
      ...Array.from({ length: buildings }, (_, index) => ({
        line: index + 2,
        cells: [`${index + 1}-1-101`],
      })),
    ];
    const { db } = opened.storage;
    const divisionFor = async (courtyardId: string, rows: TableRow[]) =>
      divisionOf(db, courtyardId, await planImport(db, "households", { courtyardId, rows }));
    const id = await office.courtyard([]);
    expect(await divisionFor(id, many(12))).toMatchObject({ buildings: 12, advised: false, possible: true });
    expect(await divisionFor(id, many(13))).toMatchObject({ buildings: 13, advised: true, possible: true });
    await office.run("households", id, many(13), { divide: true });
    expect(await office.counts(id)).toEqual({ buildings: 13, households: 13, boards: 13, channels: 14 });
    expect(await divisionFor(id, many(13))).toMatchObject({ advised: false, possible: false });

    const used = await office.courtyard(twoBuildings);
    await office.run("items", used, items);
    expect(await divisionFor(used, many(13))).toMatchObject({ advised: true, possible: false });
    expect(await refusal(office.run("households", used, many(13), { divide: true }))).toBe(
      "courtyard-has-boards",
    );
    expect(await office.counts(used)).toMatchObject({ buildings: 2, boards: 1 });
  });
});
