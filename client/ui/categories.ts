/** The nine kinds of things a household lends, in the order they are offered. */
export const categories = [
  "toys",
  "books",
  "tools",
  "kitchen",
  "appliances",
  "digital",
  "sports",
  "garden",
  "other",
] as const;

export type Category = (typeof categories)[number];

/** An unknown category (a newer client wrote it) is shown as "other" instead of breaking the cell. */
export function asCategory(value: string): Category {
  return categories.find((category) => category === value) ?? "other";
}
