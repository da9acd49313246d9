import * as Y from "yjs";
import {
  cellRoot,
  type ItemCategory,
  type ItemFieldName,
  isItemId,
  itemCategories,
  listRoot,
  noticeRoot,
} from "./layout.ts";
import { boardLimits } from "./limits.ts";

/** An item as everyone reads it: always complete, whatever the document holds. */
export type ItemFields = {
  title: string;
  category: string;
  note: string;
  quantity: number;
  /** Fractional order key; items sort by it, then by id. */
  order: string;
};

export type Item = ItemFields & { id: string };

/** One line of a shared list. */
export type ListEntry = { id: string; text: string; done: boolean; order: string };

/** The notice of a board, plain text. */
export type Notice = { text: string };

/** A whole board as plain values. */
export type BoardView = {
  /** householdId → items in their order; a household without items has an empty cell. */
  cells: Record<string, Item[]>;
  lists: Record<string, ListEntry[]>;
  notice: string;
};

/** Length as people count it: an emoji is one. */
export function textLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

export function isCategory(value: unknown): value is ItemCategory {
  return (itemCategories as readonly unknown[]).includes(value);
}

/** The item in a Y.Map, completed: a missing title is "", an unknown category "other", a wrong quantity 1. */
export function readItemFields(map: Y.Map<unknown>): ItemFields {
  const category = map.get("category");
  const quantity = map.get("quantity");
  return {
    title: textOf(map.get("title")),
    category: isCategory(category) ? category : "other",
    note: textOf(map.get("note")),
    quantity: isQuantity(quantity) ? quantity : 1,
    order: textOf(map.get("order")),
  };
}

/** One item of a cell, or null when the cell has none with this id. */
export function readItem(doc: Y.Doc, householdId: string, itemId: string): ItemFields | null {
  const map = doc.getMap(cellRoot(householdId)).get(itemId);
  return map instanceof Y.Map ? readItemFields(map) : null;
}

/** The items of a cell in their order. */
export function readCell(doc: Y.Doc, householdId: string): Item[] {
  const items: Item[] = [];
  for (const [id, map] of doc.getMap(cellRoot(householdId)).entries()) {
    if (map instanceof Y.Map && isItemId(id)) items.push({ id, ...readItemFields(map) });
  }
  return items.sort(byOrder);
}

/** The entries of a shared list in their order. An id that occurs twice is read once, as first written. */
export function readList(doc: Y.Doc, listId: string): ListEntry[] {
  const entries = new Map<string, ListEntry>();
  doc.getArray(listRoot(listId)).forEach((map) => {
    if (!(map instanceof Y.Map)) return;
    const entry = readEntry(map);
    if (isItemId(entry.id) && !entries.has(entry.id)) entries.set(entry.id, entry);
  });
  return [...entries.values()].sort(byOrder);
}

/** One entry of a list, completed. */
export function readEntry(map: Y.Map<unknown>): ListEntry {
  return {
    id: textOf(map.get("id")),
    text: textOf(map.get("text")),
    done: map.get("done") === true,
    order: textOf(map.get("order")),
  };
}

export function readNotice(doc: Y.Doc): string {
  return doc.getText(noticeRoot).toString();
}

/** The whole board, for the places it is said to have. */
export function readBoard(doc: Y.Doc, households: Iterable<string>, lists: Iterable<string>): BoardView {
  const cells: BoardView["cells"] = {};
  for (const householdId of households) cells[householdId] = readCell(doc, householdId);
  const listViews: BoardView["lists"] = {};
  for (const listId of lists) listViews[listId] = readList(doc, listId);
  return { cells, lists: listViews, notice: readNotice(doc) };
}

/**
 * Whether a value may stand in a field of an item. The guard asks this of every byte a client sends;
 * it must therefore allow all that the rules of this folder can write.
 */
export function isItemValue(field: ItemFieldName, value: unknown): boolean {
  switch (field) {
    case "title":
      return isText(value, boardLimits.titleLength) && isOneLine(value);
    case "note":
      return isText(value, boardLimits.noteLength) && isPlain(value);
    case "category":
      return isCategory(value);
    case "quantity":
      return isQuantity(value);
    case "order":
      return isOrderKey(value);
  }
}

/** Whether a value may stand in a field of a list entry. */
export function isEntryValue(field: keyof ListEntry, value: unknown): boolean {
  switch (field) {
    case "id":
      return typeof value === "string" && isItemId(value);
    case "text":
      return isText(value, boardLimits.entryLength) && isOneLine(value);
    case "done":
      return typeof value === "boolean";
    case "order":
      return isOrderKey(value);
  }
}

export function isOrderKey(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= boardLimits.orderKeyLength && /^[0-9A-Za-z]+$/.test(value)
  );
}

export function isQuantity(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= boardLimits.quantity;
}

/** No control characters; line breaks are allowed. */
export function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text);
}

function isOneLine(text: string): boolean {
  return isPlain(text) && !text.includes("\n");
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === "string" && (value.length <= limit || textLength(value) <= limit);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function byOrder(a: { order: string; id: string }, b: { order: string; id: string }): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
