import * as Y from "yjs";
import { type BoardPlace, cellRoot, listRoot, noticeRoot, placeOfRoot } from "../../shared/board/layout.ts";

/**
 * What a struct hangs in: a root of the board, or one record (an item, a list entry) in such a root.
 * Two parents are the same parent exactly when they are the same object.
 */
export type Parent = {
  level: "root" | "record";
  place: BoardPlace;
  /** The item's id for a record in a cell, else null. */
  itemId: string | null;
};

/** Answers where the types of one live document stand. Keeps its answers as long as the types live. */
export class PlaceIndex {
  readonly #doc: Y.Doc;
  readonly #roots = new Map<string, Parent>();
  readonly #known = new WeakMap<object, Parent>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** The parent that a root name means, or null for a name no board has. */
  root(name: string): Parent | null {
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const place = placeOfRoot(name);
    if (place === null) return null;
    const parent: Parent = { level: "root", place, itemId: null };
    // Names are remembered only for roots the document has: a client could name endless others.
    if (this.#doc.share.has(name)) this.#roots.set(name, parent);
    return parent;
  }

  /** The parent that a live type is, or null when it stands nowhere a board has. */
  parent(type: Y.AbstractType<unknown>): Parent | null {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const parent = type._item === null ? this.#ofRoot(type) : this.#ofRecord(type._item);
    if (parent !== null) this.#known.set(type, parent);
    return parent;
  }

  #ofRoot(type: Y.AbstractType<unknown>): Parent | null {
    return this.root(Y.findRootTypeKey(type));
  }

  #ofRecord(item: Y.Item): Parent | null {
    const outer = item.parent instanceof Y.AbstractType ? this.parent(item.parent) : null;
    return outer === null ? null : recordIn(outer, item.parentSub);
  }
}

/** The record that a map becomes in a root, or null where no record may be. */
export function recordIn(outer: Parent, sub: string | null): Parent | null {
  if (outer.level !== "root" || outer.place.place === "notice") return null;
  return { level: "record", place: outer.place, itemId: sub };
}

/** Gives every place of a board its typed root, so that nothing is ever read from an untyped one. */
export function declareRoots(doc: Y.Doc, households: Iterable<string>, lists: Iterable<string>): void {
  for (const householdId of households) doc.getMap(cellRoot(householdId));
  for (const listId of lists) doc.getArray(listRoot(listId));
  doc.getText(noticeRoot);
}
