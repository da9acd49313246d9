import * as Y from "yjs";
import { type DecodedUpdate, type Id, type Struct, TooLarge } from "./guard-decode.ts";
import type { StoreView } from "./guard-resolve.ts";

/**
 * Bounds the work Yjs would have in weaving an update in. Where a struct's neighbours are not neighbours any
 * more, Yjs walks over all that stands between them (Item.integrate), so a thousand structs at the same place
 * of a long list cost seconds. Honest edits hardly walk: what they insert beside is mostly still there.
 */
export class ConflictBudget {
  readonly #store: StoreView;
  readonly #update: DecodedUpdate;
  readonly #limit: number;
  /** New structs of this update by the place they ask for: each is walked over by the next. */
  readonly #sameplace = new Map<string, number>();
  spent = 0;

  constructor(store: StoreView, update: DecodedUpdate, limit: number) {
    this.#store = store;
    this.#update = update;
    this.#limit = limit;
  }

  /** Counts one struct that will stand. @throws TooLarge */
  spend(struct: Struct): void {
    const { origin, rightOrigin } = struct;
    const place = `${keyOf(origin)}|${keyOf(rightOrigin)}|${struct.parentRoot ?? keyOf(struct.parentId)}|${struct.sub}`;
    const before = this.#sameplace.get(place) ?? 0;
    this.#sameplace.set(place, before + 1);
    this.spent += before + this.#walk(struct);
    if (this.spent > this.#limit) throw new TooLarge("conflicts");
  }

  #walk(struct: Struct): number {
    const right = this.#item(struct.rightOrigin);
    let { at, steps } =
      struct.origin === null
        ? this.#head(struct, right)
        : { at: this.#item(struct.origin)?.right ?? null, steps: 0 };
    for (; at !== null && at !== right && this.spent + steps <= this.#limit; at = at.right) steps++;
    return steps;
  }

  /** The first item of the list or key chain a struct without a left neighbour goes to, and the way back to it. */
  #head(struct: Struct, right: Y.Item | null): { at: Y.Item | null; steps: number } {
    if (struct.rightOrigin !== null && right?.left === null) return { at: right, steps: 0 };
    const type = right === null ? this.#parentType(struct) : right.parent;
    if (!(type instanceof Y.AbstractType)) return { at: null, steps: 0 };
    if (struct.sub === null) return { at: type._start, steps: 0 };
    let at = type._map.get(struct.sub) ?? null;
    let steps = 0;
    for (; at !== null && at.left !== null && this.spent + steps <= this.#limit; at = at.left) steps++;
    return { at, steps };
  }

  #parentType(struct: Struct): unknown {
    if (struct.parentRoot !== null) return this.#store.rootType(struct.parentRoot);
    const item = this.#item(struct.parentId);
    return item?.content instanceof Y.ContentType ? item.content.type : null;
  }

  /** The live item behind an id, or null when it is of this update or gone. */
  #item(id: Id | null): Y.Item | null {
    if (id === null) return null;
    const section = this.#update.sections.get(id.client);
    if (section !== undefined && id.clock >= section.clock) return null;
    const item = this.#store.find(id);
    return item instanceof Y.Item ? item : null;
  }
}

function keyOf(id: Id | null): string {
  return id === null ? "" : `${id.client}:${id.clock}`;
}
