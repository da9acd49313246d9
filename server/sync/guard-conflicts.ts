import { Chains, type Home, type Link } from "./guard-chains.ts";
import { type DecodedUpdate, type Id, type Struct, TooLarge } from "./guard-decode.ts";
import type { StoreView } from "./guard-resolve.ts";

/**
 * Bounds the work Yjs would have in weaving an update in. Where a struct's neighbours are not neighbours any
 * more, Yjs walks over what stands between them (Item.integrate), so a thousand structs at the same place
 * of a long list cost seconds. Honest edits hardly walk: what they insert beside is mostly still there.
 * The same walk is done here first, over the board and over the update's own structs, and ends at the limit.
 */
export class ConflictBudget {
  readonly #chains: Chains;
  readonly #limit: number;
  /** Items walked over so far. */
  spent = 0;

  constructor(store: StoreView, update: DecodedUpdate, limit: number) {
    this.#chains = new Chains(store, update);
    this.#limit = limit;
  }

  /**
   * Weaves in one struct that will stand; they must come in the order in which Yjs takes them. Answers why it may not
   * stand, or null. @throws TooLarge
   */
  spend(struct: Struct): string | null {
    const { left, right } = this.cut(struct);
    const home = left?.home ?? right?.home ?? this.#chains.homeOf(struct);
    if (struct.sub !== null && right !== null) return "value-neighbour";
    const together =
      left === null
        ? right !== null && this.#chains.left(right) === null
        : this.#chains.right(left) === right;
    let behind = left;
    if (!together) {
      const at = left === null ? this.#first(home, struct.sub) : this.#chains.right(left);
      if (struct.sub !== null && this.#has(struct.client, at)) return "value-before-own";
      behind = this.#walk(struct, left, at, right);
    }
    this.#chains.insert(struct, home, behind, behind === null ? this.#first(home, struct.sub) : null);
    return null;
  }

  /** Cuts the neighbours apart at a struct, as Yjs does even for one that will not stand. */
  cut({ origin, rightOrigin }: Struct): { left: Link | null; right: Link | null } {
    const left = origin === null ? null : this.#chains.endingAt(origin);
    const right = rightOrigin === null ? null : this.#chains.startingAt(rightOrigin);
    return { left, right };
  }

  /** The ids on either side of what begins with this id. */
  neighbours(id: Id): { left: [number, number] | null; right: [number, number] | null } {
    const link = this.#chains.holding(id);
    const left = link && this.#chains.left(link);
    const right = link && this.#chains.right(link);
    return { left: left && [left.client, left.end - 1], right: right && [right.client, right.clock] };
  }

  /** The link behind which a struct goes whose neighbours stand apart (Item.integrate). */
  #walk(struct: Struct, left: Link | null, from: Link | null, right: Link | null): Link | null {
    const passed = new Set<Link>();
    const conflicting = new Set<Link>();
    let behind = left;
    for (let at = from; at !== null && at !== right; at = this.#chains.right(at)) {
      this.#step();
      passed.add(at);
      conflicting.add(at);
      if (sameId(struct.origin, at.origin)) {
        if (at.client < struct.client) {
          behind = at;
          conflicting.clear();
        } else if (sameId(struct.rightOrigin, at.rightOrigin)) break;
      } else {
        const origin = at.origin === null ? null : this.#chains.holding(at.origin);
        if (origin === null || !passed.has(origin)) break;
        if (conflicting.has(origin)) continue;
        behind = at;
        conflicting.clear();
      }
    }
    return behind;
  }

  /**
   * Whether a client has written a value from here on. A device writes behind the last value it sees, and it sees its
   * own: one that does not would have the values of others walked over again for each of its own, in whatever order
   * the board is built anew.
   */
  #has(client: number, from: Link | null): boolean {
    for (let at = from; at !== null; at = this.#chains.right(at)) {
      this.#step();
      if (at.client === client) return true;
    }
    return false;
  }

  /** The first link of a list, or the first value of a key, to which Yjs goes back from the last. */
  #first(home: Home, sub: string | null): Link | null {
    if (sub === null) return this.#chains.start(home);
    let at = this.#chains.last(home, sub);
    for (let left = at && this.#chains.left(at); left !== null; left = this.#chains.left(left)) {
      this.#step();
      at = left;
    }
    return at;
  }

  #step(): void {
    if (++this.spent > this.#limit) throw new TooLarge("conflicts");
  }
}

const sameId = (a: Id | null, b: Id | null): boolean =>
  a === b || (a !== null && b !== null && a.client === b.client && a.clock === b.clock);
