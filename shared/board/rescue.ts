import * as Y from "yjs";
import { cellRoot, isItemId, listRoot } from "./layout.ts";
import { addEntry, editEntry, removeEntry } from "./list-rules.ts";
import { type ItemFields, type ListEntry, readEntry, readItem, readItemFields, readList } from "./model.ts";
import { checkItem, normaliseItem, removeItem, restoreItem } from "./rules.ts";

/** Where a person may write, and so where something of theirs can be rescued. */
export interface RescuePlaces {
  cells: readonly string[];
  lists: readonly string[];
}

/** What was written on this device, is not on the board, and can be written again. `null` means taken away. */
export interface Rescued {
  items: { householdId: string; itemId: string; fields: ItemFields | null }[];
  entries: { listId: string; entryId: string; change: Partial<ListEntry> | null }[];
}

/** What this device has written and nobody has confirmed: the client ids it wrote under, and from which clock on. */
export type UnsavedSince = Readonly<Record<number, number>>;

/**
 * Compares a refused local copy with the board as the server has it. A change is this device's own and
 * unsaved when the struct that made it is beyond what the server knows of its client id; a removal, when
 * something that the local copy once had is gone there and still stands on the board.
 *
 * A board that was renewed knows none of the old client ids. There the device's own record tells (`since`), and
 * nothing is removed: what is gone here may have been put back since.
 */
export function findUnsaved(
  local: Y.Doc,
  fresh: Y.Doc,
  places: RescuePlaces,
  since: UnsavedSince | null = null,
): Rescued {
  const compared: Compared = {
    local,
    fresh,
    isUnsaved: (item) => {
      if (item === null) return false;
      const { client, clock } = item.id;
      return since === null
        ? clock >= Y.getState(fresh.store, client)
        : clock >= (since[client] ?? Number.POSITIVE_INFINITY);
    },
  };
  return {
    items: places.cells.flatMap((householdId) => unsavedItems(compared, householdId)),
    entries: places.lists.flatMap((listId) => unsavedEntries(compared, listId)),
  };
}

/** Writes what was rescued as new edits, through the same rules as the forms; says how much was kept and how much not. */
export function applyRescued(doc: Y.Doc, rescued: Rescued, origin?: unknown): { kept: number; lost: number } {
  let kept = 0;
  let lost = 0;
  const count = (refusal: unknown) => {
    if (refusal === null) kept++;
    else lost++;
  };
  doc.transact(() => {
    for (const { householdId, itemId, fields } of rescued.items) {
      if (fields === null) count(removeItem(doc, householdId, itemId));
      else count(restoreItem(doc, householdId, itemId, fields));
    }
    for (const { listId, entryId, change } of rescued.entries) {
      const there = readList(doc, listId).some((entry) => entry.id === entryId);
      if (change === null) count(removeEntry(doc, listId, entryId));
      else if (there) count(editEntry(doc, listId, entryId, change));
      else {
        const refusal = addEntry(doc, listId, entryId, change.text ?? "");
        if (refusal === null && change.done) editEntry(doc, listId, entryId, { done: true });
        count(refusal);
      }
    }
  }, origin);
  return { kept, lost };
}

type Compared = { local: Y.Doc; fresh: Y.Doc; isUnsaved: (item: Y.Item | null) => boolean };

function unsavedItems({ local, fresh, isUnsaved }: Compared, householdId: string): Rescued["items"] {
  const found: Rescued["items"] = [];
  const here = local.getMap<unknown>(cellRoot(householdId));
  for (const [itemId, map] of here.entries()) {
    if (!(map instanceof Y.Map) || !isItemId(itemId)) continue;
    const isNew = isUnsaved(map._item);
    const mine = changedFields(isUnsaved, map);
    const there = readItem(fresh, householdId, itemId);
    if (!isNew && (mine.size === 0 || there === null)) continue;
    const fields = readItemFields(map);
    // Fields this device did not touch stay as the board has them: the other phone may have been there.
    const merged = there === null ? fields : { ...there, ...pick(fields, mine) };
    if (checkItem(normaliseItem(merged)) === null) found.push({ householdId, itemId, fields: merged });
  }
  for (const [itemId, map] of fresh.getMap<unknown>(cellRoot(householdId)).entries()) {
    if (map instanceof Y.Map && isItemId(itemId) && !here.has(itemId) && wasRemovedIn(local, map._item)) {
      found.push({ householdId, itemId, fields: null });
    }
  }
  return found;
}

function unsavedEntries({ local, fresh, isUnsaved }: Compared, listId: string): Rescued["entries"] {
  const found: Rescued["entries"] = [];
  const there = new Set(readList(fresh, listId).map((entry) => entry.id));
  const here = new Set(readList(local, listId).map((entry) => entry.id));
  local.getArray<unknown>(listRoot(listId)).forEach((map) => {
    if (!(map instanceof Y.Map)) return;
    const entry = readEntry(map);
    if (!isItemId(entry.id)) return;
    if (isUnsaved(map._item) && !there.has(entry.id)) {
      found.push({ listId, entryId: entry.id, change: entry });
      return;
    }
    const { text, done } = pick(entry, changedFields(isUnsaved, map));
    const change = { ...(text !== undefined && { text }), ...(done !== undefined && { done }) };
    if (there.has(entry.id) && Object.keys(change).length > 0)
      found.push({ listId, entryId: entry.id, change });
  });
  fresh.getArray<unknown>(listRoot(listId)).forEach((map) => {
    if (!(map instanceof Y.Map)) return;
    const { id } = readEntry(map);
    if (isItemId(id) && !here.has(id) && wasRemovedIn(local, map._item)) {
      found.push({ listId, entryId: id, change: null });
    }
  });
  return found;
}

/** The fields of a map whose present value the server does not have. */
function changedFields(isUnsaved: Compared["isUnsaved"], map: Y.Map<unknown>): Set<string> {
  const changed = new Set<string>();
  for (const [field, item] of map._map) if (!item.deleted && isUnsaved(item)) changed.add(field);
  return changed;
}

/** The local copy has had this struct, and it is deleted there. */
function wasRemovedIn(local: Y.Doc, item: Y.Item | null): boolean {
  if (item === null || item.id.clock >= Y.getState(local.store, item.id.client)) return false;
  const { structs, index } = structAt(local, item.id);
  return structs[index]?.deleted === true;
}

function structAt(doc: Y.Doc, id: Y.ID): { structs: (Y.Item | Y.GC)[]; index: number } {
  const structs = doc.store.clients.get(id.client) ?? [];
  return { structs, index: structs.length === 0 ? 0 : Y.findIndexSS(structs, id.clock) };
}

function pick<T extends object>(from: T, fields: ReadonlySet<string>): Partial<T> {
  return Object.fromEntries(Object.entries(from).filter(([field]) => fields.has(field))) as Partial<T>;
}
