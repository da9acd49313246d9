import { type ItemCategory, itemCategories } from "../board/layout.ts";

/** The words people file their things under, by the category of the board they belong to. */
const words = {
  toys: "玩具 童玩 儿童 母婴 亲子 桌游 棋牌 toys toy games game kids",
  books: "图书 书 书籍 书本 绘本 杂志 读物 书刊 books book magazines",
  tools: "工具 五金 五金工具 维修 维修工具 电动工具 家装 梯子 tools tool hardware diy",
  kitchen: "厨房 厨具 餐具 炊具 厨房用品 锅碗 灶具 茶具 kitchen kitchenware cookware",
  appliances: "小家电 家电 电器 家用电器 厨房电器 appliances appliance 小电器 small-appliances",
  digital: "数码 电子 电子产品 数码产品 电脑 影音 digital electronics computer",
  sports: "运动 体育 户外 健身 运动户外 体育用品 球类 露营 sports sport outdoor fitness camping",
  garden: "园艺 花草 种植 花园 绿植 花卉 农具 种子 garden gardening plants",
  other: "其他 其它 别的 杂项 杂物 日用 生活用品 日用品 医疗 康复 other others misc",
} as const satisfies Record<ItemCategory, string>;

const categoryOf: ReadonlyMap<string, ItemCategory> = new Map(
  itemCategories.flatMap((category) => words[category].split(" ").map((word) => [word, category] as const)),
);

/** The category a word of a table means; null when it means none of the nine. */
export function readCategory(text: string): ItemCategory | null {
  const bare = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_]+/g, "-")
    .replace(/(?<=\p{Script=Han})类$/u, "");
  return categoryOf.get(bare) ?? null;
}
