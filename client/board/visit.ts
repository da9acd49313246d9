import type * as Y from "yjs";
import { beginVisit, noteState, noteVisit, parseVisit, type StateNote } from "../../shared/board/news.ts";

const storageKey = (residentId: string, boardId: string): string => `yuanba.visit.${residentId}.${boardId}`;

/** This device's visit to one board: what it compares with, and what has been looked at since. */
export class Visit {
  before: StateNote | null;
  seen: ReadonlySet<string>;
  readonly #key: string;
  readonly #listeners = new Set<() => void>();

  constructor(residentId: string, boardId: string, now: number) {
    this.#key = storageKey(residentId, boardId);
    const { before, seen } = beginVisit(parseVisit(read(this.#key)), now);
    this.before = before;
    this.seen = new Set(seen);
  }

  /** On a first visit everything that is there is old, and what comes while one looks is new. */
  firstLook(doc: Y.Doc): void {
    this.before ??= noteState(doc);
  }

  markSeen(things: readonly string[]): void {
    this.seen = new Set([...this.seen, ...things]);
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Remembers that the board was looked at in this state. */
  keep(doc: Y.Doc, now: number): void {
    const note = noteVisit({ before: this.before, seen: [...this.seen] }, noteState(doc), now);
    try {
      if (note) localStorage.setItem(this.#key, JSON.stringify(note));
      else localStorage.removeItem(this.#key);
    } catch {
      // Without storage nothing is ever new, which is better than everything.
    }
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
