import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemCategories } from "../../shared/board/layout.ts";
import { boardLimits } from "../../shared/board/limits.ts";
import { doorKey } from "../../shared/community/door.ts";
import { planItems } from "../../shared/community/import-plan-items.ts";
import type { ExistingCell, ItemFacts } from "../../shared/community/import-plan-table.ts";
import { readCategory } from "../../shared/community/import-plan-words.ts";
import { doorOf, planOf, tableRows } from "./table-rows.ts";

const item = (title: string, facts: Partial<ItemFacts> = {}): ItemFacts => ({
  title,
  category: "other",
  note: "",
  quantity: 1,
  ...facts,
});

const cell = (key: string, ...items: ItemFacts[]): ExistingCell => ({
  householdId: `id-${key}`,
  ...doorOf(key),
  items: items.map((one, index) => ({ ...one, itemId: `${key}/${index}` })),
});

const plan = (existing: readonly ExistingCell[], text: string) =>
  planOf(planItems(existing, tableRows(text)));

describe("importing items", () => {
  it("[LN-7] reads door, title, category, quantity and note", () => {
    const { add, bad } = plan(
      [cell("3-2-501")],
      `晋院26号 物品清单
       门牌|物品|类别|数量|备注
       3栋2单元501|螺丝刀|五金|×2|用完擦干净`,
    );
    expect(bad).toEqual([]);
    const facts = item("螺丝刀", { category: "tools", quantity: 2, note: "用完擦干净" });
    expect(add).toEqual([{ line: 3, householdId: "id-3-2-501", ...facts }]);
  });

  it("[LN-9] fills the door of merged cells down within its unit", () => {
    const cells = [cell("3-2-501"), cell("3-2-502")];
    const { add, bad } = plan(cells, "栋|单元|房号|名称\n3|2|501|锤子\n|||烤箱\n||502|积木\n4|||球");
    expect(add.map(({ householdId, title }) => [householdId, title])).toEqual([
      ["id-3-2-501", "锤子"],
      ["id-3-2-501", "烤箱"],
      ["id-3-2-502", "积木"],
    ]);
    expect(bad).toEqual([{ line: 5, reason: { code: "door-empty" }, value: "4" }]);
  });

  it("[LN-8] says which column is missing", () => {
    const result = planItems([], tableRows("门牌|类别\n3-2-501|工具"));
    const refusal = { code: "table-column-missing", params: { column: "title" } };
    expect(result).toEqual({ ok: false, refusal });
  });

  it("[LN-16] understands the nine categories and their usual words, in Chinese and English", () => {
    for (const category of itemCategories) expect(readCategory(category)).toBe(category);
    const said = ["玩具", "书籍", "五金工具", "厨具类", "家用电器", "Electronics", "户外", "花草", "杂物"];
    expect(said.map(readCategory)).toEqual([...itemCategories]);
  });

  it("[LN-16] puts an item of an unknown category under other, and says so", () => {
    const { add, remarks } = plan([cell("3-2-501")], "门牌|物品|类别\n3-2-501|猫笼|宠物");
    expect(add[0]?.category).toBe("other");
    expect(remarks).toEqual([{ line: 2, code: "category-unknown", value: "宠物" }]);
  });

  it("[LN-14] tells each bad row with its line, a reason and what stands there", () => {
    const { bad, add } = plan(
      [cell("3-2-501")],
      `门牌|物品|数量|备注
       3-2-601|锤子||
       3-2-501||2|
       3-2-501|${"长".repeat(41)}||
       3-2-501|锯子|若干|
       3-2-501|锯子|100|
       3-2-501|梯子||${"长".repeat(201)}
       3-2-501|${"🔧".repeat(40)}||`,
    );
    expect(bad.map(({ door }) => door)).toEqual([undefined, ...Array(5).fill("3-2-501")]);
    expect(bad.map(({ line, reason }) => [line, reason])).toEqual([
      [2, { code: "household-unknown", params: { door: "3-2-601" } }],
      [3, { code: "title-missing" }],
      [4, { code: "title-too-long", params: { most: boardLimits.titleLength } }],
      [5, { code: "quantity-unreadable", params: { most: boardLimits.quantity } }],
      [6, { code: "quantity-unreadable", params: { most: boardLimits.quantity } }],
      [7, { code: "note-too-long", params: { most: boardLimits.noteLength } }],
    ]);
    expect(add.map(({ line }) => line)).toEqual([8]);
  });

  it("[LN-13] changes only what a row says", () => {
    const existing = [
      cell("3-2-501", item("烤箱", { category: "appliances", note: "小心烫" }), item("锤子")),
    ];
    const { change, add, same } = plan(existing, "门牌|物品|类别|数量|备注\n3-2-501|烤箱||2|");
    expect([add, same]).toEqual([[], []]);
    expect(change.map(({ itemId, after }) => [itemId, after])).toEqual([
      ["3-2-501/0", item("烤箱", { category: "appliances", note: "小心烫", quantity: 2 })],
    ]);
  });

  it("[LN-17] knows an item by household and title, however wide its letters are", () => {
    const existing = [cell("3-2-501", item("USB 充电器"))];
    expect(plan(existing, "门牌|物品\n3-2-501|ＵＳＢ  充电器").same).toEqual([2]);
  });

  it("[LN-11] takes repeated rows as the same and refuses contradictions", () => {
    const { add, same, bad } = plan(
      [cell("3-2-501")],
      "门牌|物品|数量|备注\n3-2-501|锤子|2|\n3-2-501|锤子|2|\n3-2-501|锤子||重\n3-2-501|锤子|3|",
    );
    expect(add.map(({ quantity, note }) => [quantity, note])).toEqual([[2, "重"]]);
    expect(same).toEqual([3, 4]);
    const reason = { code: "row-contradicts", params: { line: 2, column: "quantity" } };
    expect(bad).toEqual([{ line: 5, door: "3-2-501", reason, value: "3" }]);
  });

  it("[LN-17] tells two items of one title apart, and does not guess which one a row means", () => {
    const existing = [cell("3-2-501", item("童话书", { note: "旧" }), item("童话书", { note: "新" }))];
    const header = "门牌|物品|备注\n";
    const same = plan(existing, `${header}3-2-501|童话书|新\n3-2-501|童话书|旧`);
    expect([same.same, same.change, same.bad]).toEqual([[2, 3], [], []]);
    const one = plan(existing, `${header}3-2-501|童话书|新\n3-2-501|童话书|有点旧`);
    expect(one.change.map(({ itemId, after }) => [itemId, after.note])).toEqual([["3-2-501/0", "有点旧"]]);
    const neither = plan(existing, `${header}3-2-501|童话书|第三本`);
    const reason = { code: "item-ambiguous", params: { door: "3-2-501" } };
    expect(neither.bad).toEqual([{ line: 2, reason, value: "童话书" }]);
  });

  it("[LN-17] refuses what a cell cannot hold", () => {
    const full = Array.from({ length: boardLimits.itemsPerCell - 1 }, (_, index) => item(`第${index}样`));
    const { add, bad } = plan([cell("3-2-501", ...full)], "门牌|物品\n3-2-501|锤子\n3-2-501|锯子");
    const reason = { code: "cell-full", params: { door: "3-2-501", most: boardLimits.itemsPerCell } };
    expect([add.map(({ title }) => title), bad]).toEqual([["锤子"], [{ line: 3, reason, value: "锯子" }]]);
  });

  it("[LN-12] adds and changes nothing when the same table comes a second time", () => {
    const doors = ["3-2-501", "3-2-502"] as const;
    const told = fc.tuple(
      fc.constantFrom(...doors, "3-2-9999", ""),
      fc.oneof(fc.constantFrom("锤子", "锯子", "书", "ＢＯＯＫ", "book"), fc.string({ maxLength: 4 })),
      fc.constantFrom("", "工具", "书", "宠物"),
      fc.constantFrom("", "1", "2", "两个", "若干"),
      fc.oneof(fc.constantFrom("", "旧", "新"), fc.string({ maxLength: 4, unit: "grapheme" })),
    );
    const startWith = fc.array(
      fc.record({
        title: fc.constantFrom("锤子", "书", "book"),
        category: fc.constantFrom("tools", "books", "other"),
        quantity: fc.integer({ min: 1, max: 2 }),
        note: fc.constantFrom("", "旧", "新"),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(told, { maxLength: 15 }), startWith, (rows, items) => {
        const header = ["门牌", "物品", "类别", "数量", "备注"];
        const table = [header, ...rows].map((cells, index) => ({ line: index + 1, cells }));
        const before = [cell(doors[0], ...items), cell(doors[1])];
        let without = new Set<number>();
        let first = planOf(planItems(before, table));
        while (first.bad.length > 0) {
          without = new Set([...without, ...first.bad.map(({ line }) => line)]);
          first = planOf(planItems(before, table, { without }));
        }
        const after = before.map((home) => applied(home, first));
        const second = planOf(planItems(after, table, { without }));
        expect([second.add, second.change, second.bad]).toEqual([[], [], []]);
      }),
      { numRuns: 1_000 },
    );
  });
});

function applied(home: ExistingCell, { add, change }: ReturnType<typeof plan>): ExistingCell {
  const changed = home.items.map((one) => ({
    ...one,
    ...change.find(({ itemId }) => itemId === one.itemId)?.after,
  }));
  const fresh = add
    .filter(({ householdId }) => householdId === home.householdId)
    .map((one) => ({ ...one, itemId: `${doorKey(home)}/line-${one.line}` }));
  return { ...home, items: [...changed, ...fresh] };
}
