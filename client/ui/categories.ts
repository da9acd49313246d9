import { type ItemCategory, itemCategories } from "../../shared/board/layout.ts";

/** The nine kinds of things a household lends, in the order they are offered. */
export const categories = itemCategories;

export type Category = ItemCategory;

/** An unknown category (a newer client wrote it) is shown as "other" instead of breaking the cell. */
export function asCategory(value: string): Category {
  return categories.find((category) => category === value) ?? "other";
}
