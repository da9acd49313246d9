import * as Y from "yjs";
import type { BoardPlace } from "../../shared/board/layout.ts";
import { guardCounts, type UpdateLimits } from "../../shared/board/limits.ts";
import { MalformedBytes } from "./byte-reader.ts";
import { ConflictBudget } from "./guard-conflicts.ts";
import { GuardCounts } from "./guard-counts.ts";
import { type DecodedUpdate, decodeUpdate, type Struct, TooLarge } from "./guard-decode.ts";
import { orderStructs } from "./guard-order.ts";
import type { PlaceIndex } from "./guard-places.ts";
import { recordOf, resolveSpot, type Spot, StoreView } from "./guard-resolve.ts";
import { type BoardPlaces, mayWrite, mayWriteSomewhere, shapeRefusal } from "./guard-shape.ts";
import type { BoardAccess } from "./ports.ts";

/** The account that the rooms' own client ids belong to; no resident's id may be this. */
export const serverAccount = "server";
/** The account of the one client id a renewed board begins with. Nobody writes as it. */
export const renewalAccount = "renewal";

export type GuardCode =
  /** Not an update of a board at all. */
  | "malformed"
  /** Over a size limit. */
  | "too-large"
  /** A place this account may not write to. */
  | "forbidden"
  /** Structs under a client id that belongs to another account. */
  | "foreign-client"
  /** Builds on something the board does not have. */
  | "out-of-step"
  /** A shape or value the board does not take. */
  | "bad-value"
  /** The cell, list, notice or board is full. */
  | "full";

export type Touched = BoardPlace & { itemId: string | null };

export type GuardVerdict =
  | {
      ok: true;
      /** What to apply: the update, cut to what is new to the board. */
      update: Uint8Array;
      /** False when it changes nothing; then there is nothing to apply or to keep. */
      effect: boolean;
      /** Every cell item, list and notice it may change. */
      touched: Touched[];
      /** Client ids with new structs, and those among them seen for the first time. */
      clients: number[];
      newBindings: number[];
      /** How much work it is, in new structs. */
      cost: number;
      /** How much of it stays on the board: in new structs, and in bytes. What it deletes stays with what it hits. */
      growth: number;
      bytes: number;
    }
  | {
      ok: false;
      code: GuardCode;
      reason: string;
      /** What finding that out cost, when it was more than reading the update. */
      cost?: number;
    };

export type GuardInput = {
  update: Uint8Array;
  doc: Y.Doc;
  index: PlaceIndex;
  /** Which account each client id of the board belongs to. */
  bindings: ReadonlyMap<number, string>;
  /** The account that shows itself under a client id which nobody has written under yet. */
  shownBy?: (clientId: number) => string | undefined;
  account: string;
  access: BoardAccess;
  board: BoardPlaces;
  limits: UpdateLimits;
  /** Bytes the board may still grow. */
  bytesLeft: number;
};

/**
 * Says what an update would touch, and whether this account may, without applying it.
 * Sound against any bytes: what it lets through leaves nothing pending and changes nothing outside the
 * places the access allows. Costs a few microseconds a struct; linear in the update.
 */
export function guard(input: GuardInput): GuardVerdict {
  try {
    return judge(input);
  } catch (error) {
    if (error instanceof TooLarge) return refuse("too-large", error.message);
    if (error instanceof MalformedBytes) return refuse("malformed", error.message);
    throw error;
  }
}

/** Structs of the board that a deletion is held against, of which so many are as much work as a new one. */
const visitedPerStruct = 100;

function judge(input: GuardInput): GuardVerdict {
  const store = new StoreView(input.doc, input.index);
  let bytes = input.update;
  let update = decodeUpdate(bytes, input.limits);
  const repeats = repeated(update, store);
  if (repeats !== null) {
    // Yjs resolves, and splits the neighbours of, even the structs it already has; cut them off first.
    bytes = Y.diffUpdate(bytes, repeats);
    update = decodeUpdate(bytes, input.limits);
  }

  const owners = checkOwners(update, store, input);
  if (!owners.ok) return owners;
  const structs = checkStructs(update, store, input);
  if (!structs.ok) return structs;
  const deletes = checkDeletes(update, store, input, structs.touched);
  if (!deletes.ok) return deletes;

  const effect = update.sections.size > 0 || deletes.effect;
  if (effect && !mayWriteSomewhere(input.access)) return refuse("forbidden", "read-only");
  if (update.sections.size > 0) {
    for (const section of update.sections.values())
      for (const struct of section.structs) {
        if (isStackOfValues(struct)) return refuse("bad-value", "several-values");
        deletes.counts.add(struct);
      }
    const overfull = deletes.counts.overfull(input.doc);
    if (overfull !== null) return refuse("full", overfull);
    if (update.structBytes > input.bytesLeft) return refuse("full", "board-full");
  }
  return {
    ok: true,
    update: bytes,
    effect,
    touched: [...structs.touched.values()],
    clients: [...update.sections.keys()],
    newBindings: owners.unbound,
    cost: structs.count + structs.walked / 10 + deletes.visited / visitedPerStruct,
    growth: Math.max(structs.count, update.structBytes / guardCounts.bytesPerStruct) + structs.walked / 10,
    bytes: update.structBytes,
  };
}

/** A state vector that cuts off what the board already has; null when the update repeats nothing. */
function repeated(update: DecodedUpdate, store: StoreView): Uint8Array | null {
  const known = new Map<number, number>();
  let repeats = false;
  for (const section of update.sections.values()) {
    const clock = store.known(section.client);
    known.set(section.client, clock);
    if (section.clock < clock) repeats = true;
  }
  return repeats ? Y.encodeStateVector(known) : null;
}

/** Each client id with new structs continues where the board is, and belongs to this account or to nobody. */
function checkOwners(
  update: DecodedUpdate,
  store: StoreView,
  { bindings, shownBy, account }: GuardInput,
): { ok: true; unbound: number[] } | Refusal {
  const unbound: number[] = [];
  for (const section of update.sections.values()) {
    const owner = bindings.get(section.client);
    const known = store.known(section.client);
    if (owner === undefined && known > 0) return refuse("foreign-client", "client-of-nobody");
    const holder = owner ?? shownBy?.(section.client);
    if (holder !== undefined && holder !== account) return refuse("foreign-client", "client-of-another");
    if (section.clock !== known) return refuse("out-of-step", "gap");
    if (owner === undefined) unbound.push(section.client);
  }
  return { ok: true, unbound };
}

function checkStructs(
  update: DecodedUpdate,
  store: StoreView,
  input: GuardInput,
): { ok: true; touched: Map<string, Touched>; count: number; walked: number } | Refusal {
  const touched = new Map<string, Touched>();
  if (update.sections.size === 0) return { ok: true, touched, count: 0, walked: 0 };
  const conflicts = new ConflictBudget(store, update, input.limits.conflicts);
  const ordered = orderStructs(update, (client) => store.known(client));
  if (!ordered.ok) return refuse("out-of-step", ordered.reason);
  for (const struct of ordered.structs) {
    if (struct.kind === "gc") continue;
    const resolved = resolveSpot(struct, store, update);
    if (!resolved.ok) return refuse("bad-value", resolved.reason);
    const { spot, empty } = resolved;
    if (spot !== null && !mayWrite(input.access, spot.parent.place, input.board)) {
      return refuse("forbidden", `place-${spot.parent.place.place}`);
    }
    if (spot === null) continue;
    if (empty) {
      conflicts.cut(struct);
      continue;
    }
    const wrong = shapeRefusal(spot, struct.kind, struct.values);
    if (wrong !== null) return refuse("bad-value", wrong);
    struct.parent = spot.parent;
    struct.sub = spot.sub;
    if (struct.kind === "map") struct.record = recordOf(struct);
    const misplaced = conflicts.spend(struct);
    if (misplaced !== null) return refuse("bad-value", misplaced);
    touch(touched, spot);
  }
  return { ok: true, touched, count: ordered.structs.length, walked: conflicts.spent };
}

/**
 * A deletion has no author: what counts is the place of each live thing it hits. What is already deleted
 * is skipped (a step 2 repeats the board's whole delete set); what the board does not have is refused,
 * because Yjs would keep it and delete the struct the moment its owner sends it.
 */
function checkDeletes(
  update: DecodedUpdate,
  store: StoreView,
  input: GuardInput,
  touched: Map<string, Touched>,
): { ok: true; effect: boolean; visited: number; counts: GuardCounts } | Refusal {
  const counts = new GuardCounts();
  let effect = false;
  let visited = 0;
  for (const [client, ranges] of update.deletes) {
    const known = store.known(client);
    const section = update.sections.get(client);
    const end = section?.end ?? known;
    for (const range of ranges) {
      if (range.end > end) return refuse("out-of-step", "unknown-deletion");
      if (range.clock < known) {
        for (const struct of store.structs(client, range.clock, range.end)) {
          visited++;
          if (!(struct instanceof Y.Item) || struct.deleted) continue;
          const spot = store.spot(struct);
          if (spot === null || !mayWrite(input.access, spot.parent.place, input.board)) {
            return refuse("forbidden", `deletes-${spot?.parent.place.place ?? "nowhere"}`);
          }
          effect = true;
          touch(touched, spot);
          counts.remove(spot, overlap(struct.id.clock, struct.length, range));
        }
      }
    }
    if (section !== undefined) markRemoved(section.structs, ranges);
  }
  return { ok: true, effect, visited, counts };
}

/**
 * Values of one field travel in one struct when each was written over by the next and a way back to it is kept. A field
 * that is to show several at once comes from no form, and Yjs fails to remove what holds it once they are told apart.
 */
const isStackOfValues = ({ kind, sub, length, removed }: Struct): boolean =>
  kind === "value" && sub !== null && length > 1 && removed < length;

/** Both lists are sorted, so one walk over the two marks how much of each new struct goes again. */
function markRemoved(
  structs: { clock: number; length: number; removed: number }[],
  ranges: { clock: number; end: number }[],
): void {
  let at = 0;
  for (const struct of structs) {
    const end = struct.clock + struct.length;
    for (let range = ranges[at]; range !== undefined && range.clock < end; range = ranges[++at]) {
      if (range.end > struct.clock) struct.removed += overlap(struct.clock, struct.length, range);
      if (range.end > end) break;
    }
  }
}

function overlap(clock: number, length: number, range: { clock: number; end: number }): number {
  return Math.min(clock + length, range.end) - Math.max(clock, range.clock);
}

function touch(touched: Map<string, Touched>, { parent, sub }: Spot): void {
  const itemId = parent.place.place !== "cell" ? null : parent.level === "root" ? sub : parent.itemId;
  const key = `${parent.place.place}:${parent.place.cell}/${itemId ?? ""}`;
  if (!touched.has(key)) touched.set(key, { ...parent.place, itemId });
}

type Refusal = { ok: false; code: GuardCode; reason: string };

function refuse(code: GuardCode, reason: string): Refusal {
  return { ok: false, code, reason };
}
