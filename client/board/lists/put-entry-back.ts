import type * as Y from "yjs";
import { addEntry, editEntry, moveEntry } from "../../../shared/board/list-rules.ts";
import type { ListEntry } from "../../../shared/board/model.ts";

/** Undoes a removal: the entry stands again before the one it stood before, ticked as it was. */
export function putEntryBack(
  doc: Y.Doc,
  listId: string,
  { id, text, done }: ListEntry,
  beforeId: string | null,
  origin: unknown,
): void {
  doc.transact(() => {
    if (addEntry(doc, listId, id, text) !== null) return;
    if (done) editEntry(doc, listId, id, { done });
    if (beforeId !== null) moveEntry(doc, listId, id, beforeId);
  }, origin);
}
