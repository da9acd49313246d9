import type * as Y from "yjs";
import { readItem, readList, readNotice } from "../../shared/board/model.ts";
import type { Touched } from "./guard.ts";
import type { BoardWriter, ItemChange } from "./ports.ts";

type Value = ItemChange["before"];
type Entry = { touched: Touched; writer: BoardWriter; values: Map<string, Value> };

/**
 * What a tick changes, item by item. However often one person touches an item in a tick, it is read twice: before
 * the first edit and after the last. Another person's edit of the same item ends the first one's.
 */
export class ChangeLedger {
  readonly #doc: Y.Doc;
  readonly #open = new Map<string, Entry>();
  #changes: ItemChange[] = [];
  #unseen: ItemChange[] = [];

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** Before an edit is applied: what it may touch, and whose it is. */
  before(touched: readonly Touched[], writer: BoardWriter): void {
    for (const one of touched) {
      const key = `${one.place}:${one.cell}/${one.itemId ?? ""}`;
      const entry = this.#open.get(key);
      if (entry !== undefined && entry.writer.residentId === writer.residentId) continue;
      if (entry !== undefined) this.#close(entry);
      this.#open.delete(key);
      this.#open.set(key, { touched: one, writer, values: readValues(this.#doc, one) });
    }
  }

  /** Closes what is open and answers every change since the last call, in the order it began. */
  take(): ItemChange[] {
    for (const entry of this.#open.values()) this.#close(entry);
    this.#open.clear();
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /**
   * Items that were written to and look as before: the same value once more. Behind another node's row that is a
   * change all the same.
   */
  takeUnseen(): ItemChange[] {
    const unseen = this.#unseen;
    this.#unseen = [];
    return unseen;
  }

  /** A cell other than the writer's own is marked "on behalf of". */
  #close({ touched, writer, values }: Entry): void {
    const now = readValues(this.#doc, touched);
    const { place, cell } = touched;
    const onBehalf = place === "cell" && cell !== writer.householdId;
    for (const itemId of new Set([...values.keys(), ...now.keys()])) {
      const before = values.get(itemId) ?? null;
      const after = now.get(itemId) ?? null;
      const change = { place, cell, itemId, before, after, residentId: writer.residentId, onBehalf };
      if (!same(before, after)) this.#changes.push(change);
      else if (place === "cell") this.#unseen.push(change);
    }
  }
}

/**
 * The same changes with what stands at their places now: another node's row came in between, and which of two edits
 * of one item shows is for Yjs to say.
 */
export function reread(doc: Y.Doc, changes: readonly ItemChange[]): ItemChange[] {
  const last = new Map(changes.map((change, at) => [`${change.place}:${change.cell}/${change.itemId}`, at]));
  return changes.map((change, at) => {
    const { place, cell, itemId } = change;
    if (last.get(`${place}:${cell}/${itemId}`) !== at) return change;
    const touched = { place, cell, itemId: place === "cell" ? itemId : null } as Touched;
    return { ...change, after: readValues(doc, touched).get(itemId) ?? null };
  });
}

function readValues(doc: Y.Doc, touched: Touched): Map<string, Value> {
  switch (touched.place) {
    case "cell": {
      const item = touched.itemId === null ? null : readItem(doc, touched.cell, touched.itemId);
      return new Map(touched.itemId === null || item === null ? [] : [[touched.itemId, item]]);
    }
    case "list":
      return new Map(readList(doc, touched.cell).map((entry) => [entry.id, entry]));
    case "notice":
      return new Map([["notice", { text: readNotice(doc) }]]);
  }
}

function same(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
