import * as Y from "yjs";
import { declareRoots } from "../../server/sync/guard-places.ts";
import { type BoardView, type Item, readBoard } from "../../shared/board/model.ts";
import { SeenBoard } from "./seen-board.ts";
import { simDoc } from "./sim-doc.ts";
import { wordsOf } from "./words.ts";

/** One generation of a board as it has been on the disk: every replica is measured against it. */
export class DurableRecord {
  readonly doc = simDoc();
  /** All marked words that were ever committed. */
  readonly words: Set<string>;
  readonly #seen = new SeenBoard(this.doc);
  #cells = new Map<string, { items: Item[]; text: string }>();

  constructor(words: Set<string>) {
    this.words = words;
  }

  /** Takes in a committed update; answers whether it fits on what is there. */
  add(update: Uint8Array, decoded = Y.decodeUpdate(update)): boolean {
    for (const word of wordsOf(decoded)) this.words.add(word);
    Y.applyUpdate(this.doc, update);
    return this.doc.store.pendingStructs === null && this.doc.store.pendingDs === null;
  }

  /** The cells that look different since the last call. */
  changedCells(households: readonly string[]): string[] {
    const changed: string[] = [];
    for (const cell of households) {
      const items = this.#seen.cell(cell);
      const before = this.#cells.get(cell);
      if (items === before?.items) continue;
      const text = JSON.stringify(items);
      if (text !== (before?.text ?? "[]")) changed.push(cell);
      this.#cells.set(cell, { items, text });
    }
    return changed;
  }

  view(households: readonly string[], lists: readonly string[]): BoardView {
    declareRoots(this.doc, households, lists);
    return readBoard(this.doc, households, lists);
  }

  /** Why not all of an update has been committed, or null when it has. */
  lacks({ structs, ds }: ReturnType<typeof Y.decodeUpdate>): string | null {
    for (const struct of structs) {
      const { client, clock } = struct.id;
      if (struct instanceof Y.Skip) continue;
      if (clock + struct.length > Y.getState(this.doc.store, client))
        return `struct ${client}:${clock}+${struct.length}`;
    }
    for (const [client, ranges] of ds.clients)
      for (const { clock, len } of ranges)
        if (!this.#isDeleted(client, clock, clock + len)) return `deletion ${client}:${clock}+${len}`;
    return null;
  }

  #isDeleted(client: number, clock: number, end: number): boolean {
    const structs = this.doc.store.clients.get(client);
    if (structs === undefined || end > Y.getState(this.doc.store, client)) return false;
    for (let at = Y.findIndexSS(structs, clock); at < structs.length; at++) {
      const struct = structs[at];
      if (struct === undefined || struct.id.clock >= end) return true;
      if (!struct.deleted) return false;
    }
    return true;
  }
}
