import type * as Y from "yjs";
import { addEntry, editEntry, editNotice, removeEntry } from "../../shared/board/list-rules.ts";
import { readCell, readList } from "../../shared/board/model.ts";
import { addItem, editItem, moveItem, removeItem } from "../../shared/board/rules.ts";
import type { Chance } from "./chance.ts";

/** Where a person may write on a board, as the client knows it. */
export type Scope = { cells: readonly string[]; lists: readonly string[]; notice: boolean };

export const scopeIsEmpty = ({ cells, lists, notice }: Scope): boolean =>
  cells.length + lists.length === 0 && !notice;

/** So many items are enough for a cell; a full one is edited and cleared. */
const fullCell = 6;

/** One edit that a form could make; `word` gives words nobody has written yet. */
export function honestEdit(
  doc: Y.Doc,
  undo: Y.UndoManager,
  scope: Scope,
  chance: Chance,
  word: () => string,
  origin: unknown,
): void {
  const what = chance.next();
  if (what < 0.72 && scope.cells.length > 0)
    editCell(doc, undo, chance.pick(scope.cells), chance, word, origin);
  else if (what > 0.95 && scope.notice) editNotice(doc, `告示 ${word()}`, origin);
  else if (scope.lists.length > 0) editList(doc, chance.pick(scope.lists), chance, word, origin);
}

function editCell(
  doc: Y.Doc,
  undo: Y.UndoManager,
  cell: string,
  chance: Chance,
  word: () => string,
  origin: unknown,
): void {
  const items = readCell(doc, cell);
  const some = items[chance.between(0, items.length)]?.id;
  const what = chance.next();
  if (some === undefined || (what < 0.4 && items.length < fullCell)) {
    const title = word();
    addItem(doc, cell, `i${title}`, { title, category: "tools", note: "", quantity: 1 }, origin);
  } else if (what < 0.55) editItem(doc, cell, some, { note: word() }, origin);
  else if (what < 0.65) editItem(doc, cell, some, { title: word(), quantity: chance.between(1, 9) }, origin);
  else if (what < 0.72) moveItem(doc, cell, some, items[0]?.id ?? null, origin);
  else if (what < 0.86) removeItem(doc, cell, some, origin);
  else if (what < 0.95) undo.undo();
  else undo.redo();
}

function editList(doc: Y.Doc, listId: string, chance: Chance, word: () => string, origin: unknown): void {
  const entries = readList(doc, listId);
  const some = entries[chance.between(0, entries.length)]?.id;
  const what = chance.next();
  if (some === undefined || what < 0.5) {
    const text = word();
    addEntry(doc, listId, `e${text}`, text, origin);
  } else if (what < 0.7) editEntry(doc, listId, some, { text: word() }, origin);
  else if (what < 0.85) editEntry(doc, listId, some, { done: chance.hit(0.5) }, origin);
  else removeEntry(doc, listId, some, origin);
}
