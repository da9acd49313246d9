import * as Y from "yjs";
import { readItem } from "../../shared/board/model.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { draft } from "../sync/guarded-board.ts";
import type { Neighbour } from "./neighbours.ts";

/** A neighbour who counts: one item whose title rises with each edit, and what of it was told saved. */
export class Counting {
  readonly who: Neighbour;
  count = 0;
  readonly #clocks: { clock: number; count: number }[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(who: Neighbour) {
    this.who = who;
    addItem(who.doc, who.householdId, "n", draft("0"));
  }

  /** One more. @returns the number written */
  next(): number {
    const { doc, householdId } = this.who;
    this.count++;
    editItem(doc, householdId, "n", { title: `${this.count}` });
    this.#clocks.push({ clock: Y.getState(doc.store, doc.clientID), count: this.count });
    return this.count;
  }

  /** Goes on until `stop`. */
  start(everyMs: number): void {
    this.#timer = setInterval(() => this.next(), everyMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** The highest number the server has said is saved. */
  get saved(): number {
    const upTo = this.who.savedUpTo();
    return this.#clocks.findLast(({ clock }) => clock <= upTo)?.count ?? 0;
  }

  /** The number as it stands in some document. */
  in(doc: Y.Doc): number {
    return Number(readItem(doc, this.who.householdId, "n")?.title ?? 0);
  }
}
