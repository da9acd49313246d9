import * as Y from "yjs";
import { cellRoot } from "./layout.ts";
import { boardLimits } from "./limits.ts";
import {
  type Item,
  type ItemFields,
  isCategory,
  isOrderKey,
  isQuantity,
  readCell,
  readItem,
  textLength,
} from "./model.ts";
import { placeBefore } from "./order.ts";

/** Why an edit of the board cannot be made. Each has a sentence in the locale files. */
export type BoardRefusal =
  | "title-missing"
  | "title-too-long"
  | "note-too-long"
  | "category-unknown"
  | "quantity-out-of-range"
  | "cell-full"
  | "item-missing"
  | "text-missing"
  | "text-too-long"
  | "list-full"
  | "notice-too-long";

/** What a person writes about an item; its place in the cell is not written but moved. */
export type ItemDraft = Omit<ItemFields, "order">;

/** Tidies what a person typed: one line, single spaces, no control characters, composed letters. */
export function tidyLine(text: string): string {
  return tidyText(text).replace(/\s+/g, " ").trim();
}

/** Tidies several lines: line breaks stay, control characters go. */
export function tidyText(text: string): string {
  return text
    .normalize("NFC")
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, " ")
    .replace(/\p{Cc}/gu, (char) => (char === "\n" ? char : ""))
    .trim();
}

/** The draft as it will stand on the board. */
export function normaliseItem(draft: ItemDraft): ItemDraft {
  return {
    title: tidyLine(draft.title),
    category: draft.category,
    note: tidyText(draft.note),
    quantity: draft.quantity,
  };
}

/** Whether a normalised draft may stand on the board: null, or the first reason against it. */
export function checkItem(draft: ItemDraft): BoardRefusal | null {
  if (draft.title === "") return "title-missing";
  if (textLength(draft.title) > boardLimits.titleLength) return "title-too-long";
  if (textLength(draft.note) > boardLimits.noteLength) return "note-too-long";
  if (!isCategory(draft.category)) return "category-unknown";
  if (!isQuantity(draft.quantity)) return "quantity-out-of-range";
  return null;
}

/** Adds an item at the end of a cell. The id is made by the caller and must be new. */
export function addItem(
  doc: Y.Doc,
  householdId: string,
  itemId: string,
  draft: ItemDraft,
  origin?: unknown,
): BoardRefusal | null {
  const fields = normaliseItem(draft);
  const refusal = checkItem(fields);
  if (refusal !== null) return refusal;
  const items = readCell(doc, householdId);
  if (items.length >= boardLimits.itemsPerCell) return "cell-full";
  doc.transact(
    () => putItem(doc, householdId, itemId, { ...fields, order: place(doc, householdId, items, null) }),
    origin,
  );
  return null;
}

/** Changes some fields of an item; fields that stay the same are not written, so that two phones merge. */
export function editItem(
  doc: Y.Doc,
  householdId: string,
  itemId: string,
  change: Partial<ItemDraft>,
  origin?: unknown,
): BoardRefusal | null {
  const before = readItem(doc, householdId, itemId);
  if (before === null) return "item-missing";
  const after = normaliseItem({ ...before, ...change });
  const refusal = checkItem(after);
  if (refusal !== null) return refusal;
  doc.transact(() => writeFields(doc, householdId, itemId, { ...after, order: before.order }), origin);
  return null;
}

/** Moves an item before another of the same cell, or to the end. */
export function moveItem(
  doc: Y.Doc,
  householdId: string,
  itemId: string,
  beforeId: string | null,
  origin?: unknown,
): BoardRefusal | null {
  const before = readItem(doc, householdId, itemId);
  if (before === null) return "item-missing";
  const others = readCell(doc, householdId).filter((item) => item.id !== itemId);
  doc.transact(() => {
    const order = place(doc, householdId, others, beforeId);
    writeFields(doc, householdId, itemId, { ...before, order });
  }, origin);
  return null;
}

export function removeItem(
  doc: Y.Doc,
  householdId: string,
  itemId: string,
  origin?: unknown,
): BoardRefusal | null {
  if (readItem(doc, householdId, itemId) === null) return "item-missing";
  doc.transact(() => doc.getMap(cellRoot(householdId)).delete(itemId), origin);
  return null;
}

/** Brings an item back as it was at some time, whether it was removed since or only changed. */
export function restoreItem(
  doc: Y.Doc,
  householdId: string,
  itemId: string,
  fields: ItemFields,
  origin?: unknown,
): BoardRefusal | null {
  const tidy = normaliseItem(fields);
  const refusal = checkItem(tidy);
  if (refusal !== null) return refusal;
  const items = readCell(doc, householdId);
  const there = items.some((item) => item.id === itemId);
  if (!there && items.length >= boardLimits.itemsPerCell) return "cell-full";
  doc.transact(() => {
    if (there) writeFields(doc, householdId, itemId, { ...tidy, order: fields.order });
    else {
      const free = fields.order !== "" && !items.some((item) => item.order === fields.order);
      const order = free ? fields.order : place(doc, householdId, items, null);
      putItem(doc, householdId, itemId, { ...tidy, order });
    }
  }, origin);
  return null;
}

/** Brings a whole cell back to an earlier state: what was added since goes, what was removed returns. */
export function restoreCell(
  doc: Y.Doc,
  householdId: string,
  items: Item[],
  origin?: unknown,
): BoardRefusal | null {
  if (items.length > boardLimits.itemsPerCell) return "cell-full";
  const kept = new Set(items.map((item) => item.id));
  let refusal: BoardRefusal | null = null;
  doc.transact(() => {
    for (const item of readCell(doc, householdId)) {
      if (!kept.has(item.id)) removeItem(doc, householdId, item.id);
    }
    for (const { id, ...fields } of items) refusal ??= restoreItem(doc, householdId, id, fields);
  }, origin);
  return refusal;
}

/** A free order key before `beforeId`; rewrites the keys of the others when there is no room. */
function place(doc: Y.Doc, householdId: string, others: Item[], beforeId: string | null): string {
  const { order, rekeyed } = placeBefore(others, beforeId);
  for (const item of others) {
    const key = rekeyed.get(item.id);
    if (key !== undefined) writeFields(doc, householdId, item.id, { ...item, order: key });
  }
  return order;
}

function putItem(doc: Y.Doc, householdId: string, itemId: string, fields: ItemFields): void {
  const { title, category, note, quantity, order } = fields;
  const map = new Y.Map<unknown>(Object.entries({ title, category, note, quantity, order }));
  doc.getMap(cellRoot(householdId)).set(itemId, map);
}

function writeFields(doc: Y.Doc, householdId: string, itemId: string, fields: ItemFields): void {
  const map = doc.getMap(cellRoot(householdId)).get(itemId);
  if (!(map instanceof Y.Map)) return;
  for (const field of ["title", "category", "note", "quantity", "order"] as const) {
    // An undo that met a move on another phone leaves an item without an order key; "" is how that reads, and no key.
    if (field === "order" && !isOrderKey(fields.order)) continue;
    if (map.get(field) !== fields[field]) map.set(field, fields[field]);
  }
}
