import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { doorKey } from "../../shared/community/door.ts";
import { planHouseholds } from "../../shared/community/import-plan-households.ts";
import { type ExistingHousehold, importLimits } from "../../shared/community/import-plan-table.ts";
import { doorOf, planOf, tableRows } from "./table-rows.ts";

const household = (key: string, facts: Partial<ExistingHousehold> = {}): ExistingHousehold => ({
  householdId: `id-${key}`,
  ...doorOf(key),
  area: null,
  contact: null,
  ...facts,
});

const plan = (existing: readonly ExistingHousehold[], text: string, without: readonly number[] = []) =>
  planOf(planHouseholds(existing, tableRows(text), { without: new Set(without) }));

const added = (text: string) => plan([], text).add.map(doorKey);

describe("importing households", () => {
  it("[LN-7] recognises columns by their headers, below title rows, in any order", () => {
    const { recognised, add } = plan(
      [],
      `晋院26号住户登记表
       |||
       填表人：社区|2025年|
       联系电话：|*户主|建筑面积（㎡）|房 号|单元|楼 栋
       13800000001|甲|89.5|501室|2单元|3栋`,
    );
    expect(recognised.headerLine).toBe(4);
    expect(recognised.ignored).toEqual(["*户主"]);
    expect(recognised.columns.area).toEqual({ index: 2, header: "建筑面积（㎡）" });
    expect(add).toEqual([{ line: 5, ...doorOf("3-2-501"), area: 8950, contact: "13800000001" }]);
  });

  it.each([
    ["门牌号\n3-2-501"],
    ["Building|Unit|Door\n3|2|501"],
    ["栋|单元|门牌号\n3栋|2单元|3-2-501"],
    ["幢号|房间号\n3|2-501"],
    ["住址\n晋院26号3栋2单元501"],
    ["building|unit|door number|floor area (m2)|phone\n3|2|0501||"],
  ])("[LN-7] understands %j", (text) => {
    expect(added(text)).toEqual(["3-2-501"]);
  });

  it("[LN-8] refuses a table without a header, without doors, or without anything", () => {
    const refusal = (text: string) => {
      const result = planHouseholds([], tableRows(text));
      return result.ok ? "understood" : result.refusal;
    };
    expect(refusal("3-2-501|89.5\n3-2-502|70")).toEqual({ code: "table-no-header", params: { rows: 2 } });
    expect(refusal("楼栋|单元|面积\n3|2|80")).toEqual({
      code: "table-column-missing",
      params: { column: "door" },
    });
    expect(refusal("\n||\n")).toEqual({ code: "table-empty" });
  });

  it("[LN-22] refuses a table with more rows than the limit", () => {
    const rows = Array.from({ length: importLimits.rows + 1 }, (_, line) => ({ line, cells: ["x"] }));
    const refusal = { code: "table-too-many-rows", params: { most: importLimits.rows } };
    expect(planHouseholds([], rows)).toEqual({ ok: false, refusal });
  });

  it("[LN-9] fills merged cells down, but never from another building or unit", () => {
    expect(
      added(`楼栋|单元|房号
             3栋|1单元|101
             ||102
             |2单元|201
             ||202
             4栋||101`),
    ).toEqual(["3-1-101", "3-1-102", "3-2-201", "3-2-202", "4-1-101"]);
    const missing = plan([], "楼栋|单元|房号|面积\n3|1|101|80\n3|1||90").bad;
    expect(missing).toEqual([{ line: 3, reason: { code: "door-empty" }, value: "3 1" }]);
  });

  it("[LN-10] leaves out blank rows and headers repeated on a new page", () => {
    const { add, bad } = plan([], "楼栋|单元|房号\n\n3|1|101\n||\n楼栋|单元|房号\n3|1|102");
    expect([add.map(doorKey), bad]).toEqual([["3-1-101", "3-1-102"], []]);
    expect(add.map(({ line }) => line)).toEqual([3, 6]);
  });

  it("[LN-11] takes a repeated row as the same, adds up what rows say, and refuses a contradiction", () => {
    const { add, same, bad } = plan(
      [],
      `门牌|面积|电话
       3-2-501|89.5|
       3栋2单元501|89.50|
       3-2-0501||13800000001
       3-2-501|90|`,
    );
    expect(add).toEqual([{ line: 2, ...doorOf("3-2-501"), area: 8950, contact: "13800000001" }]);
    expect(same).toEqual([3, 4]);
    const reason = { code: "row-contradicts", params: { line: 2, column: "area" } };
    expect(bad).toEqual([{ line: 5, door: "3-2-501", reason, value: "90" }]);
  });

  it("[LN-13] erases nothing with a blank cell and removes no household that is left out", () => {
    const existing = [household("3-2-501", { area: 8950, contact: "a" }), household("3-2-502")];
    const { add, change, same } = plan(existing, "门牌|面积|电话\n3-2-501||b");
    expect([add, same]).toEqual([[], []]);
    const door = doorOf("3-2-501");
    const before = { area: 8950, contact: "a" };
    expect(change).toEqual([
      { line: 2, householdId: "id-3-2-501", door, before, after: { area: 8950, contact: "b" } },
    ]);
  });

  it("[LN-14] tells each bad row with its line, a reason and what stands there; without those lines all is well", () => {
    const text = `门牌|面积|电话
                  3-2-501|89.5|
                  五楼那家|80|
                  2003/2/5||
                  3-2-502|大概八十|
                  3-2-503|99999|
                  3-2-504||${"1".repeat(41)}`;
    const { add, bad } = plan([], text);
    expect(bad).toEqual([
      { line: 3, reason: { code: "door-no-building" }, value: "五楼那家" },
      { line: 4, reason: { code: "door-looks-like-date" }, value: "2003/2/5" },
      { line: 5, door: "3-2-502", reason: { code: "area-unreadable" }, value: "大概八十" },
      {
        line: 6,
        door: "3-2-503",
        reason: { code: "area-out-of-range", params: { least: 100, most: 999_999 } },
        value: "99999",
      },
      {
        line: 7,
        door: "3-2-504",
        reason: { code: "contact-too-long", params: { most: 40 } },
        value: "1".repeat(41),
      },
    ]);
    const cleaned = plan([], text, [3, 4, 5, 6, 7]);
    expect([cleaned.add, cleaned.bad]).toEqual([add, []]);
  });

  it("[LN-14] still fills merged cells from a line that was taken out", () => {
    const text = "楼栋|单元|房号\n3栋|2单元|5楼301\n||502";
    expect(plan([], text, [2]).add.map(doorKey)).toEqual(["3-2-502"]);
  });

  it.each([
    ["89.5", 8950],
    ["89.60000000000001", 8960],
    ["89.595", 8960],
    ["89.5949", 8959],
    ["89.5㎡", 8950],
    ["89.5 平方米", 8950],
    ["１０５", 10_500],
    ["1,089.5", 108_950],
  ])("[LN-15] keeps an area of %s as %i times 0.01 m²", (text, area) => {
    expect(plan([], `门牌|面积\n3-2-501|${text}`).add[0]?.area).toBe(area);
  });

  it("[LN-18] refuses a telephone number that a spreadsheet shortened", () => {
    const { bad } = plan([], "门牌|电话\n3-2-501|1.38E+10");
    expect(bad).toEqual([
      { line: 2, door: "3-2-501", reason: { code: "contact-shortened" }, value: "1.38E+10" },
    ]);
  });

  it("[LN-12] adds and changes nothing when the same table comes a second time", () => {
    const cell = fc.oneof(
      fc.constantFrom(
        "",
        "89.5",
        "70",
        "13800000001",
        "x",
        "0501",
        "３栋2单元501",
        "3-2-502",
        "3",
        "2",
        "=1",
      ),
      fc.string({ maxLength: 6 }),
    );
    const row = fc.array(cell, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 15 }), (cells) => {
        const header = ["楼栋", "单元", "房号", "面积", "电话"];
        const table = [header, ...cells].map((all, index) => ({ line: index + 1, cells: all }));
        const trial = planOf(planHouseholds([], table));
        const without = new Set(trial.bad.map(({ line }) => line));
        const first = planOf(planHouseholds([], table, { without }));
        const existing = first.add.map((one) => ({ ...one, householdId: doorKey(one) }));
        const second = planOf(planHouseholds(existing, table, { without }));
        expect([second.add, second.change, second.bad]).toEqual([[], [], []]);
        expect(second.same.length).toBe(first.add.length + first.same.length);
      }),
      { numRuns: 500 },
    );
  });
});
