import * as Y from "yjs";
import type { DecodedUpdate, Id, Struct } from "./guard-decode.ts";
import { type StoreView, structAt } from "./guard-resolve.ts";

/** One link of a list, or of the values a key has had: an item of the board, a new struct, or what is left of one after a cut. */
export type Link = {
  client: number;
  clock: number;
  end: number;
  origin: Id | null;
  rightOrigin: Id | null;
  home: Home;
  sub: string | null;
  /** The item of the board it stands for, whose neighbours are looked up when they are asked for. */
  item: Y.Item | null;
  /** Undefined until it is asked for. */
  left: Link | null | undefined;
  right: Link | null | undefined;
};

/** A list or a map: of the board, or, without a type, one that the update itself brings. */
export type Home = {
  type: Y.AbstractType<unknown> | null;
  /** The first link of a list, and the last of each key; undefined or missing until asked for. */
  start: Link | null | undefined;
  last: Map<string, Link | null>;
};

/**
 * The lists and maps of a board as they become when an update is woven in, without changing the board: its items are
 * taken over one by one as they are come to, and cut where Yjs would cut them.
 */
export class Chains {
  readonly #store: StoreView;
  readonly #update: DecodedUpdate;
  readonly #links = new Map<Y.Item | Struct, Link[]>();
  readonly #homes = new Map<object, Home>();

  constructor(store: StoreView, update: DecodedUpdate) {
    this.#store = store;
    this.#update = update;
  }

  /** The link an id lies in; null when that is gone for good. */
  holding(id: Id): Link | null {
    const links = this.#linksAt(id);
    return links?.[indexOf(links, id.clock)] ?? null;
  }

  /** The same, cut so that it ends with this id. */
  endingAt(id: Id): Link | null {
    return this.#cut(id, id.clock + 1)?.before ?? null;
  }

  /** The same, cut so that it begins with this id. */
  startingAt(id: Id): Link | null {
    return this.#cut(id, id.clock)?.after ?? null;
  }

  left(link: Link): Link | null {
    if (link.left === undefined) link.left = this.#ofItem(link.item?.left ?? null)?.at(-1) ?? null;
    return link.left;
  }

  right(link: Link): Link | null {
    if (link.right === undefined) link.right = this.#ofItem(link.item?.right ?? null)?.[0] ?? null;
    return link.right;
  }

  /** Where a new struct goes to that has no neighbours. */
  homeOf({ parentRoot, parentId }: Struct): Home {
    if (parentRoot !== null) return this.#home(this.#store.rootType(parentRoot));
    if (parentId === null) return this.#home(null);
    const fresh = this.#freshAt(parentId);
    if (fresh !== null) return this.#home(fresh);
    const item = this.#store.find(parentId);
    return this.#home(
      item instanceof Y.Item && item.content instanceof Y.ContentType ? item.content.type : null,
    );
  }

  start(home: Home): Link | null {
    if (home.start === undefined) home.start = this.#ofItem(home.type?._start ?? null)?.[0] ?? null;
    return home.start;
  }

  last(home: Home, sub: string): Link | null {
    const known = home.last.get(sub);
    if (known !== undefined) return known;
    const last = this.#ofItem(home.type?._map.get(sub) ?? null)?.at(-1) ?? null;
    home.last.set(sub, last);
    return last;
  }

  /** Puts a new struct behind `left`, or first: before `first`. */
  insert(struct: Struct, home: Home, left: Link | null, first: Link | null): void {
    const { client, clock, origin, rightOrigin, sub } = struct;
    const right = left === null ? first : this.right(left);
    const end = clock + struct.length;
    const link: Link = { client, clock, end, origin, rightOrigin, home, sub, item: null, left, right };
    this.#links.set(struct, [link]);
    if (left !== null) left.right = link;
    else if (sub === null) home.start = link;
    if (right !== null) right.left = link;
    else if (sub !== null) home.last.set(sub, link);
  }

  #freshAt(id: Id): Struct | null {
    const section = this.#update.sections.get(id.client);
    return section !== undefined && id.clock >= section.clock ? structAt(section, id.clock) : null;
  }

  #linksAt(id: Id): Link[] | null {
    const fresh = this.#freshAt(id);
    if (fresh !== null) return this.#links.get(fresh) ?? null;
    const item = this.#store.find(id);
    return item instanceof Y.Item ? this.#ofItem(item) : null;
  }

  #ofItem(item: Y.Item | null): Link[] | null {
    if (item === null) return null;
    const known = this.#links.get(item);
    if (known !== undefined) return known;
    const { id, length, origin, rightOrigin, parentSub: sub } = item;
    const { client, clock } = id;
    const home = this.#home(item.parent);
    const end = clock + length;
    const links: Link[] = [
      { client, clock, end, origin, rightOrigin, home, sub, item, left: undefined, right: undefined },
    ];
    this.#links.set(item, links);
    return links;
  }

  #home(of: unknown): Home {
    const type = of instanceof Y.AbstractType ? of : null;
    const key = typeof of === "object" && of !== null ? of : this;
    const known = this.#homes.get(key);
    if (known !== undefined) return known;
    const home: Home = { type, start: undefined, last: new Map() };
    this.#homes.set(key, home);
    return home;
  }

  /** Cuts the link that holds `id` before `clock`; answers what lies on either side. */
  #cut(id: Id, clock: number): { before: Link | null; after: Link | null } | null {
    const links = this.#linksAt(id);
    if (links === null) return null;
    const at = indexOf(links, id.clock);
    const link = links[at];
    if (link === undefined) return null;
    if (clock === link.clock) return { before: null, after: link };
    if (clock === link.end) return { before: link, after: null };
    const { client, rightOrigin, home, sub, item, end } = link;
    const right = this.right(link);
    const origin = { client, clock: clock - 1 };
    const after: Link = { client, clock, end, origin, rightOrigin, home, sub, item, left: link, right };
    link.end = clock;
    link.right = after;
    if (right !== null) right.left = after;
    else if (sub !== null) home.last.set(sub, after);
    links.splice(at + 1, 0, after);
    return { before: link, after };
  }
}

/** Which of the links of one struct holds a clock, by binary search. */
function indexOf(links: readonly Link[], clock: number): number {
  let low = 0;
  let high = links.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((links[middle]?.clock ?? 0) <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}
