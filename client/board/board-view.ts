import type * as Y from "yjs";
import { cellRoot, listRoot, noticeRoot } from "../../shared/board/layout.ts";
import { type Item, type ListEntry, readCell, readList, readNotice } from "../../shared/board/model.ts";
import { freshItems } from "../../shared/board/news.ts";
import type { BoardConnection } from "../wire/board-connection.ts";
import type { Visit } from "./visit.ts";

/**
 * What the pages read of a board: plain values that stay the same objects until they change. After an edit
 * only the place it touched is read anew, never the whole document.
 */
export class BoardView {
  readonly #connection: BoardConnection;
  readonly #visit: Visit;
  #values = new Map<string, unknown>();
  /** The root types read so far, to know which place a change belongs to. */
  #rootOf = new WeakMap<object, string>();
  readonly #listeners = new Set<() => void>();
  readonly #ends: (() => void)[];
  #unwatch: () => void;

  constructor(connection: BoardConnection, visit: Visit) {
    this.#connection = connection;
    this.#visit = visit;
    this.#unwatch = this.#watch(connection.document.get());
    this.#ends = [
      connection.document.subscribe(() => {
        this.#unwatch();
        this.#values.clear();
        this.#unwatch = this.#watch(connection.document.get());
        this.#tell();
      }),
      connection.writing.subscribe(() => this.#tell()),
      visit.subscribe(() => {
        for (const key of this.#values.keys()) if (key.startsWith("fresh:")) this.#values.delete(key);
        this.#tell();
      }),
    ];
  }

  cell(householdId: string): readonly Item[] {
    return this.#read(cellRoot(householdId), (doc) => {
      this.#remember(doc.getMap(cellRoot(householdId)), cellRoot(householdId));
      return readCell(doc, householdId);
    });
  }

  /** Ids of the things in a cell that are new since the last visit. */
  fresh(householdId: string): ReadonlySet<string> {
    return this.#read(`fresh:${cellRoot(householdId)}`, (doc) => {
      this.#remember(doc.getMap(cellRoot(householdId)), cellRoot(householdId));
      return freshItems(doc, householdId, this.#visit.before, this.#visit.seen);
    });
  }

  list(listId: string): readonly ListEntry[] {
    return this.#read(listRoot(listId), (doc) => {
      this.#remember(doc.getArray(listRoot(listId)), listRoot(listId));
      return readList(doc, listId);
    });
  }

  notice(): string {
    return this.#read(noticeRoot, (doc) => {
      this.#remember(doc.getText(noticeRoot), noticeRoot);
      return readNotice(doc);
    });
  }

  /** Whether somebody else is writing at a place (`cell:<id>`, `list:<id>`). */
  writing(place: string): boolean {
    return this.#connection.writing.get().has(place);
  }

  /** What was new in a cell has been looked at. */
  markSeen(householdId: string): void {
    const fresh = this.fresh(householdId);
    if (fresh.size > 0) this.#visit.markSeen([...fresh].map((itemId) => `${householdId}/${itemId}`));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  destroy(): void {
    this.#unwatch();
    for (const end of this.#ends) end();
  }

  #read<T>(key: string, read: (doc: Y.Doc) => T): T {
    if (!this.#values.has(key)) this.#values.set(key, read(this.#connection.document.get()));
    return this.#values.get(key) as T;
  }

  #remember(type: object, root: string): void {
    this.#rootOf.set(type, root);
  }

  #watch(doc: Y.Doc): () => void {
    const changed = (transaction: Y.Transaction) => {
      let told = false;
      // Holds every changed type with all its parents, so each root is in it.
      for (const type of transaction.changedParentTypes.keys()) {
        const root = this.#rootOf.get(type);
        if (root === undefined) continue;
        this.#values.delete(root);
        this.#values.delete(`fresh:${root}`);
        told = true;
      }
      if (told) this.#tell();
    };
    doc.on("afterTransaction", changed);
    return () => doc.off("afterTransaction", changed);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
