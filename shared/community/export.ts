import { type Door, doorInWords } from "./door.ts";
import { compareDoors } from "./door-order.ts";
import { cleanText, neutraliseText } from "./export-text.ts";
import { exampleMarks } from "./import-plan-rows.ts";
import type { HouseholdFacts, ImportKind, ItemFacts } from "./import-plan-table.ts";
import { areaInMetres } from "./import-plan-values.ts";

export type TableLanguage = "zh-CN" | "en";

/** A table ready to be written: a header and rows of text, safe to open in any spreadsheet program. */
export interface Table {
  /** Name of the sheet. */
  name: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
}

const words = {
  "zh-CN": {
    sheet: { households: "住户", items: "物品" },
    headers: {
      households: ["楼栋", "单元", "房号", "建筑面积（㎡）", "联系方式"],
      items: ["门牌", "物品", "类别", "数量", "备注"],
    },
    categories: {
      toys: "玩具",
      books: "图书",
      tools: "工具",
      kitchen: "厨房",
      appliances: "小家电",
      digital: "数码",
      sports: "运动",
      garden: "园艺",
      other: "其他",
    },
  },
  en: {
    sheet: { households: "Households", items: "Items" },
    headers: {
      households: ["Building", "Unit", "Door", "Floor area (m2)", "Contact"],
      items: ["Door", "Item", "Category", "Quantity", "Note"],
    },
    categories: {
      toys: "Toys",
      books: "Books",
      tools: "Tools",
      kitchen: "Kitchen",
      appliances: "Appliances",
      digital: "Digital",
      sports: "Sports",
      garden: "Garden",
      other: "Other",
    },
  },
} as const satisfies Record<TableLanguage, unknown>;

const safe = (text: string) => neutraliseText(cleanText(text));

const tableOf = (kind: ImportKind, language: TableLanguage, rows: Table["rows"]): Table => ({
  name: words[language].sheet[kind],
  header: words[language].headers[kind],
  rows,
});

/** The households of a courtyard in the order of their doors, with the columns {@link planHouseholds} reads. */
export function householdsTable(
  households: readonly (Door & HouseholdFacts)[],
  language: TableLanguage,
): Table {
  const chinese = language === "zh-CN";
  const rows = [...households]
    .sort(compareDoors)
    .map(({ building, unit, door, area, contact }) => [
      chinese ? `${building}栋` : building,
      chinese ? `${unit}单元` : unit,
      door,
      area === null ? "" : areaInMetres(area),
      safe(contact ?? ""),
    ]);
  return tableOf("households", language, rows);
}

/** All items in the order of their households' doors, with the columns {@link planItems} reads. */
export function itemsTable(
  cells: readonly (Door & { items: readonly ItemFacts[] })[],
  language: TableLanguage,
): Table {
  const categories: Readonly<Record<string, string>> = words[language].categories;
  const rows = [...cells]
    .sort(compareDoors)
    .flatMap((cell) =>
      cell.items.map(({ title, category, quantity, note }) => [
        doorInWords(cell, language),
        safe(title),
        categories[category] ?? categories.other ?? "",
        String(quantity),
        safe(note),
      ]),
    );
  return tableOf("items", language, rows);
}

/** An empty table to fill in, with two examples that an import leaves out. */
export function templateTable(kind: ImportKind, language: TableLanguage): Table {
  const mark = exampleMarks[language === "zh-CN" ? 0 : 1] ?? "";
  const doors = [
    { building: "3", unit: "2", door: "501" },
    { building: "3", unit: "2", door: "502" },
  ] as const;
  if (kind === "households") {
    const [first, second] = doors;
    return householdsTable(
      [
        { ...first, area: 8950, contact: mark },
        { ...second, area: null, contact: mark },
      ],
      language,
    );
  }
  const [ladder, book] = language === "zh-CN" ? ["人字梯", "童话书"] : ["Stepladder", "Fairy tales"];
  const items = [
    { title: ladder ?? "", category: "tools", quantity: 1, note: mark },
    { title: book ?? "", category: "books", quantity: 12, note: mark },
  ];
  return itemsTable(
    doors.map((door, index) => ({ ...door, items: items.slice(index, index + 1) })),
    language,
  );
}
