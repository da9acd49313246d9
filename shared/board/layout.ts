/** How a board lies in its Yjs document (docs/protocol.md). Other people's tools read it too: never change a name. */

export const itemCategories = [
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

export type ItemCategory = (typeof itemCategories)[number];

export const itemFieldNames = ["title", "category", "note", "quantity", "order"] as const;
export type ItemFieldName = (typeof itemFieldNames)[number];

export const entryFieldNames = ["id", "text", "done", "order"] as const;

/** A place a person can write to: a household's cell, a shared list, the notice. */
export type BoardPlace =
  | { place: "cell"; cell: string }
  | { place: "list"; cell: string }
  | { place: "notice"; cell: "notice" };

export const noticeRoot = "notice";

/** Root name of a household's cell: a Y.Map of itemId → Y.Map. */
export function cellRoot(householdId: string): string {
  return `cell:${householdId}`;
}

/** Root name of a shared list: a Y.Array of Y.Map entries. */
export function listRoot(listId: string): string {
  return `list:${listId}`;
}

/** The place behind a root name, or null for a name no board has. */
export function placeOfRoot(root: string): BoardPlace | null {
  if (root === noticeRoot) return { place: "notice", cell: "notice" };
  if (root.startsWith("cell:")) return { place: "cell", cell: root.slice(5) };
  if (root.startsWith("list:")) return { place: "list", cell: root.slice(5) };
  return null;
}

const idPattern = /^[A-Za-z0-9_-]{1,32}$/;

/** Whether a text may be the id of an item or of a list entry. */
export function isItemId(id: string): boolean {
  return idPattern.test(id);
}
