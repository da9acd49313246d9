import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTable } from "../../server/community/files/decode.ts";
import { encodeTable } from "../../server/community/files/encode.ts";
import { type ItemCategory, itemCategories } from "../../shared/board/layout.ts";
import { tidyLine, tidyText } from "../../shared/board/rules.ts";
import type { Door } from "../../shared/community/door.ts";
import { householdsTable, itemsTable, type Table, templateTable } from "../../shared/community/export.ts";
import { cleanLine, cleanText, neutraliseText, restoreText } from "../../shared/community/export-text.ts";
import { planHouseholds } from "../../shared/community/import-plan-households.ts";
import { planItems } from "../../shared/community/import-plan-items.ts";
import { planOf } from "./table-rows.ts";

const formats = ["csv", "xlsx"] as const;
const languages = ["zh-CN", "en"] as const;

/** What a person gets who downloads the table and uploads it again. */
async function throughFile(table: Table, format: "csv" | "xlsx") {
  const file = await encodeTable(table, format);
  const decoded = await decodeTable(file.bytes);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.refusal));
  return decoded.rows;
}

const hostile = [
  "=1+1",
  "+86 138",
  "-2",
  "@SUM(A1)",
  "'=x",
  "''@",
  "＝1",
  '=cmd|"/c calc"!A1',
  "'twas",
  "_x0041_",
  "toString",
  "__proto__",
];
const text = (maxLength: number) =>
  fc.oneof(
    fc.constantFrom(...hostile),
    fc.string({ maxLength, unit: "grapheme" }),
    fc.string({ maxLength, unit: "binary" }),
    fc.constantFrom(
      "用完擦干净\n放回盒子",
      "a\r\nb",
      'say "hi", twice',
      " 两边有空 ",
      "1.50",
      "0501",
      "2003-2-5",
      "TRUE",
      "👨‍👩‍👧",
    ),
  );
const place: fc.Arbitrary<Door> = fc.record({
  building: fc.constantFrom("1", "2", "10", "A", "东苑3"),
  unit: fc.constantFrom("1", "2", "甲"),
  door: fc.integer({ min: 1, max: 9999 }).map(String),
});
const itemOf = fc.record({
  title: text(20)
    .map(tidyLine)
    .filter((title) => cleanLine(title) !== ""),
  category: fc.constantFrom<ItemCategory>(...itemCategories),
  quantity: fc.integer({ min: 1, max: 99 }),
  note: text(60).map(tidyText),
});
const byDoor = { selector: ({ building, unit, door }: Door) => `${building}-${unit}-${door}`, maxLength: 6 };

describe("exports", () => {
  it("[LN-25] writes the columns the import reads, Chinese readable in Excel", async () => {
    const table = householdsTable(
      [
        { building: "10", unit: "1", door: "101", area: null, contact: null },
        { building: "3", unit: "2", door: "501", area: 8905, contact: "+86 138" },
      ],
      "zh-CN",
    );
    const file = await encodeTable(table, "csv");
    expect(file.bytes.toString()).toBe(
      "\ufeff楼栋,单元,房号,建筑面积（㎡）,联系方式\r\n3栋,2单元,501,89.05,'+86 138\r\n10栋,1单元,101,,\r\n",
    );
  });

  it.each(formats)("[LN-25] households come back from %s unchanged", async (format) => {
    const homes = fc.uniqueArray(
      place.chain((door) =>
        fc
          .record({
            area: fc.option(fc.integer({ min: 100, max: 999_999 })),
            contact: fc.option(text(20).map((contact) => [...cleanText(contact)].slice(0, 40).join(""))),
          })
          .map((facts) => ({ ...door, ...facts })),
      ),
      byDoor,
    );
    await fc.assert(
      fc.asyncProperty(homes, fc.constantFrom(...languages), async (given, language) => {
        const existing = given.map((one, index) => ({ ...one, householdId: String(index) }));
        const plan = planOf(
          planHouseholds(existing, await throughFile(householdsTable(given, language), format)),
        );
        expect([plan.add, plan.change, plan.bad, plan.remarks]).toEqual([[], [], [], []]);
        expect(plan.same).toHaveLength(given.length);
      }),
      { numRuns: 150 },
    );
  });

  it.each(formats)("[LN-25] items come back from %s unchanged", async (format) => {
    const cells = fc.uniqueArray(
      fc.tuple(place, fc.array(itemOf, { maxLength: 5 })).map(([door, items]) => ({ ...door, items })),
      byDoor,
    );
    await fc.assert(
      fc.asyncProperty(cells, fc.constantFrom(...languages), async (given, language) => {
        const existing = given.map((one, index) => ({
          ...one,
          householdId: String(index),
          items: one.items.map((item, nth) => ({ ...item, itemId: `${index}-${nth}` })),
        }));
        const plan = planOf(planItems(existing, await throughFile(itemsTable(given, language), format)));
        expect([plan.add, plan.change, plan.bad, plan.remarks]).toEqual([[], [], [], []]);
        expect(plan.same).toHaveLength(given.reduce((count, { items }) => count + items.length, 0));
      }),
      { numRuns: 150 },
    );
  });

  it.each(formats)(
    "[LN-25] items exported to %s and imported elsewhere are the same items",
    async (format) => {
      const given = {
        building: "3",
        unit: "2",
        door: "501",
        items: hostile.map((title) => ({ title, category: "tools", quantity: 2, note: title })),
      };
      const empty = [{ ...given, householdId: "h", items: [] }];
      const { add } = planOf(planItems(empty, await throughFile(itemsTable([given], "zh-CN"), format)));
      expect(add.map(({ title, category, quantity, note }) => ({ title, category, quantity, note }))).toEqual(
        given.items,
      );
    },
  );

  it("[LN-26] lets no cell begin as a formula, and gives every text back as it was", () => {
    fc.assert(
      fc.property(text(12), (given) => {
        expect(neutraliseText(given)).not.toMatch(/^[=+\-@＝＋－＠]/);
        expect(restoreText(neutraliseText(given))).toBe(given);
      }),
      { numRuns: 2_000 },
    );
    expect(hostile.slice(0, 4).map(neutraliseText)).toEqual(["'=1+1", "'+86 138", "'-2", "'@SUM(A1)"]);
  });

  it("[LN-26] keeps a text as the board keeps it", () => {
    fc.assert(fc.property(text(30), (given) => tidyText(cleanText(given)) === cleanText(given)));
  });

  it.each(languages)("[LN-27] offers a template in %s whose examples are left out", async (language) => {
    for (const format of formats) {
      const homes = planOf(
        planHouseholds([], await throughFile(templateTable("households", language), format)),
      );
      const items = planOf(planItems([], await throughFile(templateTable("items", language), format)));
      for (const plan of [homes, items]) {
        expect([plan.add, plan.change, plan.bad]).toEqual([[], [], []]);
        expect(plan.remarks.map(({ line, code }) => [line, code])).toEqual([
          [2, "example-skipped"],
          [3, "example-skipped"],
        ]);
        expect(plan.recognised.ignored).toEqual([]);
      }
    }
  });
});
