import * as Y from "yjs";
import type { DecodedUpdate, Id, Section, Struct } from "./guard-decode.ts";
import { type Parent, type PlaceIndex, recordIn } from "./guard-places.ts";

/** Where a struct stands: a parent and, in a map, the key. */
export type Spot = { parent: Parent; sub: string | null };

/**
 * `empty`: it refers to something removed for good, so Yjs turns it into an empty run that nobody sees.
 * Its spot, when there is one, must still be permitted.
 */
export type Resolved = { ok: true; spot: Spot | null; empty: boolean } | { ok: false; reason: string };

/** The store of one live document, asked without changing it. */
export class StoreView {
  readonly #doc: Y.Doc;
  readonly #clients: Map<number, (Y.Item | Y.GC)[]>;
  readonly places: PlaceIndex;

  constructor(doc: Y.Doc, places: PlaceIndex) {
    this.#doc = doc;
    this.#clients = doc.store.clients;
    this.places = places;
  }

  /** The clock the next struct of a client must have. */
  known(client: number): number {
    const last = this.#clients.get(client)?.at(-1);
    return last === undefined ? 0 : last.id.clock + last.length;
  }

  /** The structs that overlap a range, which must lie below `known`. */
  *structs(client: number, clock: number, end: number): Generator<Y.Item | Y.GC> {
    const structs = this.#clients.get(client) ?? [];
    for (let at = Y.findIndexSS(structs, clock); at < structs.length; at++) {
      const struct = structs[at];
      if (struct === undefined || struct.id.clock >= end) return;
      yield struct;
    }
  }

  find(id: Id): Y.Item | Y.GC | undefined {
    const structs = this.#clients.get(id.client);
    return structs?.[Y.findIndexSS(structs, id.clock)];
  }

  /** The live root type of a name; unknown because Yjs types it by its events. */
  rootType(name: string): unknown {
    return this.#doc.share.get(name);
  }

  /** Where a live item stands, or null when that is nowhere a board has. */
  spot(item: Y.Item): Spot | null {
    const parent = item.parent instanceof Y.AbstractType ? this.places.parent(item.parent) : null;
    return parent === null ? null : { parent, sub: item.parentSub };
  }
}

/**
 * Where a new struct will stand, found as Yjs finds it (Item.getMissing): by root name, by parent id, or
 * from its neighbours. Everything it refers to must be in the store or already resolved in the update.
 * Neighbours that disagree are refused: Yjs would weave the struct into two lists at once.
 */
export function resolveSpot(struct: Struct, store: StoreView, update: DecodedUpdate): Resolved {
  const left = struct.origin === null ? null : neighbour(struct.origin, store, update);
  const right = struct.rightOrigin === null ? null : neighbour(struct.rightOrigin, store, update);
  if (left === "nowhere" || right === "nowhere") return { ok: false, reason: "neighbour-nowhere" };
  if (left !== null && left !== "gone" && right !== null && right !== "gone") {
    if (left.parent !== right.parent || left.sub !== right.sub)
      return { ok: false, reason: "neighbours-disagree" };
  }
  const spot = left !== null && left !== "gone" ? left : right === "gone" ? null : right;
  // Yjs splits the one neighbour at the struct even when the other is gone: the spot still counts.
  if (left === "gone" || right === "gone") return { ok: true, spot, empty: true };
  if (spot !== null) return { ok: true, spot, empty: false };

  if (struct.parentRoot !== null) {
    const parent = store.places.root(struct.parentRoot);
    if (parent === null) return { ok: false, reason: "unknown-root" };
    return { ok: true, spot: { parent, sub: struct.parentSub }, empty: false };
  }
  if (struct.parentId === null) return { ok: false, reason: "no-parent" };
  const parent = parentById(struct.parentId, store, update);
  if (parent === "gone") return { ok: true, spot: null, empty: true };
  if (parent === null) return { ok: false, reason: "parent-is-no-record" };
  return { ok: true, spot: { parent, sub: struct.parentSub }, empty: false };
}

function neighbour(id: Id, store: StoreView, update: DecodedUpdate): Spot | "gone" | "nowhere" {
  const section = update.sections.get(id.client);
  if (section !== undefined && id.clock >= section.clock) {
    const struct = structAt(section, id.clock);
    return struct.parent === null ? "gone" : { parent: struct.parent, sub: struct.sub };
  }
  const item = store.find(id);
  return item instanceof Y.Item ? (store.spot(item) ?? "nowhere") : "gone";
}

function parentById(id: Id, store: StoreView, update: DecodedUpdate): Parent | "gone" | null {
  const section = update.sections.get(id.client);
  if (section !== undefined && id.clock >= section.clock) {
    const struct = structAt(section, id.clock);
    if (struct.parent === null || struct.kind === "deleted") return "gone";
    return struct.record;
  }
  const item = store.find(id);
  if (!(item instanceof Y.Item) || item.content instanceof Y.ContentDeleted) return "gone";
  return item.content instanceof Y.ContentType ? store.places.parent(item.content.type) : null;
}

/** The struct of a section that contains a clock, by binary search. */
export function structAt(section: Section, clock: number): Struct {
  let low = 0;
  let high = section.structs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((section.structs[middle]?.clock ?? 0) <= clock) low = middle;
    else high = middle - 1;
  }
  const struct = section.structs[low];
  if (struct === undefined) throw new RangeError("clock outside the section");
  return struct;
}

/** The record a new map becomes, once its own spot is known. */
export function recordOf(struct: Struct): Parent | null {
  return struct.parent === null ? null : recordIn(struct.parent, struct.sub);
}
