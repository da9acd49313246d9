import * as Y from "yjs";
import { listRoot, noticeRoot } from "./layout.ts";
import { boardLimits } from "./limits.ts";
import { type ListEntry, readEntry, readList, textLength } from "./model.ts";
import { placeBefore } from "./order.ts";
import { type BoardRefusal, tidyLine, tidyText } from "./rules.ts";

/** Adds an entry at the end of a shared list. The id is made by the caller and must be new. */
export function addEntry(
  doc: Y.Doc,
  listId: string,
  entryId: string,
  text: string,
  origin?: unknown,
): BoardRefusal | null {
  const tidy = tidyLine(text);
  const refusal = checkEntryText(tidy);
  if (refusal !== null) return refusal;
  const entries = readList(doc, listId);
  if (entries.length >= boardLimits.listEntries) return "list-full";
  doc.transact(() => {
    const fields = { id: entryId, text: tidy, done: false, order: place(doc, listId, entries, null) };
    doc.getArray(listRoot(listId)).push([new Y.Map<unknown>(Object.entries(fields))]);
  }, origin);
  return null;
}

/** Changes the text or the tick of an entry. */
export function editEntry(
  doc: Y.Doc,
  listId: string,
  entryId: string,
  change: Partial<Pick<ListEntry, "text" | "done">>,
  origin?: unknown,
): BoardRefusal | null {
  const found = findEntry(doc, listId, entryId);
  if (found === null) return "item-missing";
  const text = change.text === undefined ? undefined : tidyLine(change.text);
  const refusal = text === undefined ? null : checkEntryText(text);
  if (refusal !== null) return refusal;
  const before = readEntry(found.map);
  doc.transact(() => {
    if (text !== undefined && text !== before.text) found.map.set("text", text);
    if (change.done !== undefined && change.done !== before.done) found.map.set("done", change.done);
  }, origin);
  return null;
}

/** Moves an entry before another of the list, or to the end. */
export function moveEntry(
  doc: Y.Doc,
  listId: string,
  entryId: string,
  beforeId: string | null,
  origin?: unknown,
): BoardRefusal | null {
  const found = findEntry(doc, listId, entryId);
  if (found === null) return "item-missing";
  const others = readList(doc, listId).filter((entry) => entry.id !== entryId);
  doc.transact(() => found.map.set("order", place(doc, listId, others, beforeId)), origin);
  return null;
}

export function removeEntry(
  doc: Y.Doc,
  listId: string,
  entryId: string,
  origin?: unknown,
): BoardRefusal | null {
  const found = findEntry(doc, listId, entryId);
  if (found === null) return "item-missing";
  doc.transact(() => doc.getArray(listRoot(listId)).delete(found.index, 1), origin);
  return null;
}

/** Rewrites the notice, touching only the part that differs, so that two hands at once merge. */
export function editNotice(doc: Y.Doc, text: string, origin?: unknown): BoardRefusal | null {
  const after = tidyText(text);
  if (textLength(after) > boardLimits.noticeLength) return "notice-too-long";
  const notice = doc.getText(noticeRoot);
  const before = notice.toString();
  if (before === after) return null;
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  if (splitsPair(before, start) || splitsPair(after, start)) start--;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (splitsPair(before, before.length - end) || splitsPair(after, after.length - end)) end--;
  doc.transact(() => {
    if (before.length - end > start) notice.delete(start, before.length - end - start);
    if (after.length - end > start) notice.insert(start, after.slice(start, after.length - end));
  }, origin);
  return null;
}

/** Yjs replaces the halves of a surrogate pair that is cut in two; an emoji must stay whole. */
function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return at > 0 && at < text.length && before >= 0xd800 && before <= 0xdbff;
}

function checkEntryText(text: string): BoardRefusal | null {
  if (text === "") return "text-missing";
  return textLength(text) > boardLimits.entryLength ? "text-too-long" : null;
}

function findEntry(
  doc: Y.Doc,
  listId: string,
  entryId: string,
): { index: number; map: Y.Map<unknown> } | null {
  const rows = doc.getArray(listRoot(listId)).toArray();
  for (const [index, map] of rows.entries()) {
    if (map instanceof Y.Map && map.get("id") === entryId) return { index, map };
  }
  return null;
}

function place(doc: Y.Doc, listId: string, others: ListEntry[], beforeId: string | null): string {
  const { order, rekeyed } = placeBefore(others, beforeId);
  for (const [id, key] of rekeyed) findEntry(doc, listId, id)?.map.set("order", key);
  return order;
}
