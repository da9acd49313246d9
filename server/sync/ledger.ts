import type * as Y from "yjs";
import { readItem, readList, readNotice } from "../../shared/board/model.ts";
import type { Touched } from "./guard.ts";
import type { BoardWriter, ItemChange } from "./ports.ts";

type Value = ItemChange["before"];
type Entry = { touched: Touched; writer: BoardWriter; values: Map<string, Value> };

/** How many entries of a list, and how many characters of the notice, are read for one struct's worth of work. */
const entriesForWork = 50;
const charactersForWork = 500;

/**
 * What a tick changes, item by item. However often one person touches an item in a tick, it is read twice: before
 * the first edit and after the last. Another person's edit of the same item ends the first one's. A list and the notice
 * are read as a whole.
 */
export class ChangeLedger {
  readonly #doc: Y.Doc;
  readonly #open = new Map<string, Entry>();
  #changes: ItemChange[] = [];
  #unseen: ItemChange[] = [];

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /**
   * Before an edit is applied: what it may touch, and whose it is.
   * @returns what reading it was worth, in new structs: two who write to one list by turns have it read for each edit
   */
  before(touched: readonly Touched[], writer: BoardWriter): number {
    let work = 0;
    for (const one of touched) {
      const key = `${one.place}:${one.cell}/${one.itemId ?? ""}`;
      const entry = this.#open.get(key);
      if (entry !== undefined && entry.writer.residentId === writer.residentId) continue;
      const values = readValues(this.#doc, one);
      work += workOf(one, values);
      if (entry !== undefined) this.#close(entry, values);
      this.#open.delete(key);
      this.#open.set(key, { touched: one, writer, values });
    }
    return work;
  }

  /** Closes what is open and answers every change since the last call, in the order it began. */
  take(): ItemChange[] {
    for (const entry of this.#open.values()) this.#close(entry, readValues(this.#doc, entry.touched));
    this.#open.clear();
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /**
   * Items that were written to and look as before: the same value once more, or nothing, for what somebody brings who
   * made it on another node and has removed it since. Behind that node's row it is a change all the same.
   */
  takeUnseen(): ItemChange[] {
    const unseen = this.#unseen;
    this.#unseen = [];
    return unseen;
  }

  /** A cell other than the writer's own is marked "on behalf of". */
  #close({ touched, writer, values }: Entry, now: Map<string, Value>): void {
    const { place, cell } = touched;
    const onBehalf = place === "cell" && cell !== writer.householdId;
    const written = touched.itemId === null ? [] : [touched.itemId];
    for (const itemId of new Set([...written, ...values.keys(), ...now.keys()])) {
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

function workOf({ place }: Touched, values: Map<string, Value>): number {
  switch (place) {
    case "cell":
      return 0;
    case "list":
      return values.size / entriesForWork;
    case "notice":
      return textOf(values.get("notice")).length / charactersForWork;
  }
}

const textOf = (value: Value | undefined): string => (value && "text" in value ? value.text : "");

/** Field by field, for a list is compared entry by entry; values of one place have the same fields, all plain. */
function same(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  const other: Record<string, unknown> = b;
  for (const [field, value] of Object.entries(a)) if (other[field] !== value) return false;
  return true;
}
