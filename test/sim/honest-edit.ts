import type * as Y from "yjs";
import { addEntry, editEntry, editNotice, removeEntry } from "../../shared/board/list-rules.ts";
import { addItem, type BoardRefusal, editItem, moveItem, removeItem } from "../../shared/board/rules.ts";
import type { Chance } from "./chance.ts";
import type { SeenBoard } from "./seen-board.ts";

/** Where a person may write on a board, as the client knows it. */
export type Scope = { cells: readonly string[]; lists: readonly string[]; notice: boolean };

export const scopeIsEmpty = ({ cells, lists, notice }: Scope): boolean =>
  cells.length + lists.length === 0 && !notice;

/** So many items are enough for a cell; a full one is edited and cleared. */
const fullCell = 6;

/** The copy that is edited, as it is seen, and what can be undone there. */
type Edited = { doc: Y.Doc; seen: SeenBoard; undo: Y.UndoManager };

/**
 * One edit that a form could make.
 * @param word gives words nobody has written yet
 * @returns those that can be read now in a cell or a list: a form refuses some edits, such as a note for an item that was
 *   brought back without its title
 */
export function honestEdit(
  edited: Edited,
  scope: Scope,
  chance: Chance,
  word: () => string,
  origin: unknown,
): string[] {
  const what = chance.next();
  if (what < 0.72 && scope.cells.length > 0)
    return editCell(edited, chance.pick(scope.cells), chance, word, origin);
  if (what > 0.95 && scope.notice) {
    editNotice(edited.doc, `告示 ${word()}`, origin);
    return [];
  }
  return scope.lists.length > 0 ? editList(edited, chance.pick(scope.lists), chance, word, origin) : [];
}

function editCell(
  { doc, seen, undo }: Edited,
  cell: string,
  chance: Chance,
  word: () => string,
  origin: unknown,
): string[] {
  const items = seen.cell(cell);
  const some = items[chance.between(0, items.length)]?.id;
  const what = chance.next();
  if (some === undefined || (what < 0.4 && items.length < fullCell)) {
    const title = word();
    const draft = { title, category: "tools", note: "", quantity: 1 };
    return written(title, addItem(doc, cell, `i${title}`, draft, origin));
  }
  if (what < 0.55) {
    const note = word();
    return written(note, editItem(doc, cell, some, { note }, origin));
  }
  if (what < 0.65) {
    const title = word();
    return written(title, editItem(doc, cell, some, { title, quantity: chance.between(1, 9) }, origin));
  }
  if (what < 0.72) moveItem(doc, cell, some, items[0]?.id ?? null, origin);
  else if (what < 0.86) removeItem(doc, cell, some, origin);
  else if (what < 0.95) undo.undo();
  else undo.redo();
  return [];
}

function editList(
  { doc, seen }: Edited,
  listId: string,
  chance: Chance,
  word: () => string,
  origin: unknown,
): string[] {
  const entries = seen.list(listId);
  const some = entries[chance.between(0, entries.length)]?.id;
  const what = chance.next();
  if (some === undefined || what < 0.5) {
    const text = word();
    return written(text, addEntry(doc, listId, `e${text}`, text, origin));
  }
  if (what < 0.7) {
    const text = word();
    return written(text, editEntry(doc, listId, some, { text }, origin));
  }
  if (what < 0.85) editEntry(doc, listId, some, { done: chance.hit(0.5) }, origin);
  else removeEntry(doc, listId, some, origin);
  return [];
}

const written = (word: string, refusal: BoardRefusal | null): string[] => (refusal === null ? [word] : []);
