import type * as Y from "yjs";
import { cellRoot, listRoot } from "../../shared/board/layout.ts";
import {
  type BoardView,
  type Item,
  type ListEntry,
  readCell,
  readList,
  readNotice,
} from "../../shared/board/model.ts";

/** A document as it reads, of which only the places that have changed are read again. */
export class SeenBoard {
  readonly #doc: Y.Doc;
  readonly #cells = new Map<unknown, Item[]>();
  readonly #lists = new Map<unknown, ListEntry[]>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    doc.on("afterTransaction", ({ changedParentTypes }: Y.Transaction) => {
      for (const root of changedParentTypes.keys()) {
        this.#cells.delete(root);
        this.#lists.delete(root);
      }
    });
  }

  /** The same object until something in the cell changes. */
  cell(householdId: string): Item[] {
    const root = this.#doc.getMap(cellRoot(householdId));
    const seen = this.#cells.get(root) ?? readCell(this.#doc, householdId);
    this.#cells.set(root, seen);
    return seen;
  }

  list(listId: string): ListEntry[] {
    const root = this.#doc.getArray(listRoot(listId));
    const seen = this.#lists.get(root) ?? readList(this.#doc, listId);
    this.#lists.set(root, seen);
    return seen;
  }

  cells(households: Iterable<string>): BoardView["cells"] {
    const cells: BoardView["cells"] = {};
    for (const household of households) cells[household] = this.cell(household);
    return cells;
  }

  view(households: Iterable<string>, lists: Iterable<string>): BoardView {
    const listViews: BoardView["lists"] = {};
    for (const listId of lists) listViews[listId] = this.list(listId);
    return { cells: this.cells(households), lists: listViews, notice: readNotice(this.#doc) };
  }
}
