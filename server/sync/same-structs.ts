import * as Y from "yjs";
import { serverEditLimits, type UpdateLimits } from "../../shared/board/limits.ts";
import {
  type DecodedUpdate,
  decodeUpdate,
  type Id,
  type Range,
  type Section,
  type Struct,
} from "./guard-decode.ts";
import type { ClientBinding } from "./ports.ts";

/** What stands in the log was bounded when it was taken; a tick has the edits of many, and runs grow together. */
const committed: UpdateLimits = {
  ...serverEditLimits,
  clients: 100_000,
  values: serverEditLimits.clock,
  runLength: serverEditLimits.clock,
};

/** A row of the log and a tick of this node, and the board that holds the tick and all rows before that one. */
type Rivals = { row: DecodedUpdate; tick: DecodedUpdate; board: Y.Doc };

/**
 * The client ids under which a row and a tick hold different structs for one clock. A client that moves from node to
 * node may have the same edit taken twice, which is harmless; two edits under one number are not, for each node would
 * keep the one it saw first.
 * @param board holds the tick and all rows before this one
 * @throws MalformedBytes when one of them is no update
 */
export function contradictions(row: Uint8Array, tick: Uint8Array, board: Y.Doc): number[] {
  const rivals = { row: decodeUpdate(row, committed), tick: decodeUpdate(tick, committed), board };
  const found: number[] = [];
  for (const section of rivals.row.sections.values()) {
    const same = rivals.tick.sections.get(section.client);
    if (same !== undefined && differ(section, same, rivals)) found.push(section.client);
  }
  return found;
}

/** The client ids of `mine` of which a row says that they are another account's. */
export function boundOtherwise(mine: readonly ClientBinding[], theirs: readonly ClientBinding[]): number[] {
  const others = mine.filter(({ clientId, residentId }) =>
    theirs.some((their) => their.clientId === clientId && their.residentId !== residentId),
  );
  return others.map(({ clientId }) => clientId);
}

function differ(a: Section, b: Section, rivals: Rivals): boolean {
  let [at, of] = [0, 0];
  for (;;) {
    const [one, other] = [a.structs[at], b.structs[of]];
    if (one === undefined || other === undefined) return false;
    const [endOne, endOther] = [one.clock + one.length, other.clock + other.length];
    const range = { clock: Math.max(one.clock, other.clock), end: Math.min(endOne, endOther) };
    if (range.clock < range.end && !alike(one, other, range, rivals)) return true;
    if (endOne <= endOther) at++;
    if (endOther <= endOne) of++;
  }
}

/**
 * Whether two structs are the same where they overlap. One may be removed already in the later copy of an edit: that
 * is the same edit when its update deletes what the other still has, and when it stood in the same place, or its place
 * is gone for everyone.
 */
function alike(one: Struct, other: Struct, range: Range, { row, tick, board }: Rivals): boolean {
  if (one.kind === "gc" && other.kind === "gc") return true;
  if (isGone(one) !== isGone(other)) {
    const [gone, its] = isGone(one) ? [one, row] : [other, tick];
    if (!isDeleted(its, gone.client, range)) return false;
  }
  if (one.kind === "gc" || other.kind === "gc")
    return hasLostItsPlace(one.kind === "gc" ? other : one, row, board);
  if (placeAt(one, range.clock) !== placeAt(other, range.clock)) return false;
  if (isGone(one) || isGone(other)) return true;
  return one.kind === other.kind && valuesIn(one, range) === valuesIn(other, range);
}

/**
 * Whether Yjs keeps of a struct nothing but an empty run, as soon as the board has taken the row in: what it hung in is
 * removed. As long as that is there the place of a removed struct is there as well, and others may come to stand beside
 * it: they would be lost wherever only the run is.
 */
function hasLostItsPlace(struct: Struct, row: DecodedUpdate, board: Y.Doc): boolean {
  if (struct.parentId !== null) return isRemoved(structAt(board, struct.parentId), row);
  for (const id of [struct.origin, struct.rightOrigin]) {
    if (id === null) continue;
    const neighbour = structAt(board, id);
    if (neighbour instanceof Y.GC) return true;
    const parent = neighbour?.parent;
    if (parent instanceof Y.AbstractType && isRemoved(parent._item, row)) return true;
  }
  return false;
}

function isRemoved(struct: Y.Item | Y.GC | null, row: DecodedUpdate): boolean {
  if (struct === null || struct.deleted) return struct !== null;
  const { client, clock } = struct.id;
  return isDeleted(row, client, { clock, end: clock + 1 });
}

const isDeleted = ({ deletes }: DecodedUpdate, client: number, { clock, end }: Range): boolean =>
  deletes.get(client)?.some((range) => range.clock <= clock && end <= range.end) ?? false;

function structAt({ store }: Y.Doc, id: Id): Y.Item | Y.GC | null {
  return id.clock < Y.getState(store, id.client) ? Y.getItem(store, Y.createID(id.client, id.clock)) : null;
}

const isGone = ({ kind }: Struct): boolean => kind === "gc" || kind === "deleted";

/** Where one unit of a struct stands, however the struct is cut: a run goes on from its own last unit. */
function placeAt({ client, clock: start, origin, rightOrigin, ...struct }: Struct, clock: number): string {
  if (clock > start) return `${idText({ client, clock: clock - 1 })}|${idText(rightOrigin)}`;
  const neighbours = `${idText(origin)}|${idText(rightOrigin)}`;
  if (origin !== null || rightOrigin !== null) return neighbours;
  return JSON.stringify([struct.parentRoot, idText(struct.parentId), struct.parentSub]);
}

function valuesIn({ kind, clock: start, values }: Struct, { clock, end }: Range): string {
  const [from, to] = [clock - start, end - start];
  return kind === "text" ? String(values[0]).slice(from, to) : JSON.stringify(values.slice(from, to));
}

const idText = (id: Id | null): string => (id === null ? "" : `${id.client}:${id.clock}`);
