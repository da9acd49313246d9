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

/**
 * The client ids under which two updates hold different structs for one clock. A client that moves from node to node may
 * have the same edit taken twice, which is harmless; two edits under one number are not, for each node would keep the
 * one it saw first.
 * @throws MalformedBytes when one of them is no update
 */
export function contradictions(a: Uint8Array, b: Uint8Array): number[] {
  const [one, other] = [decodeUpdate(a, committed), decodeUpdate(b, committed)];
  const found: number[] = [];
  for (const section of one.sections.values()) {
    const same = other.sections.get(section.client);
    if (same !== undefined && differ(section, one, same, other)) found.push(section.client);
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

function differ(a: Section, inA: DecodedUpdate, b: Section, inB: DecodedUpdate): boolean {
  let [at, of] = [0, 0];
  for (;;) {
    const [one, other] = [a.structs[at], b.structs[of]];
    if (one === undefined || other === undefined) return false;
    const [endOne, endOther] = [one.clock + one.length, other.clock + other.length];
    const range = { clock: Math.max(one.clock, other.clock), end: Math.min(endOne, endOther) };
    if (range.clock < range.end && !alike(one, inA, other, inB, range)) return true;
    if (endOne <= endOther) at++;
    if (endOther <= endOne) of++;
  }
}

/**
 * Whether two structs are the same where they overlap. One may be removed already in the later copy of an edit: that
 * is the same edit when its update deletes what the other still has, and when it stood in the same place.
 */
function alike(
  one: Struct,
  inOne: DecodedUpdate,
  other: Struct,
  inOther: DecodedUpdate,
  range: Range,
): boolean {
  if (isGone(one) !== isGone(other)) {
    const [gone, there, inGone] = isGone(one) ? [one, other, inOne] : [other, one, inOther];
    const removed = inGone.deletes.get(gone.client) ?? [];
    if (!removed.some(({ clock, end }) => clock <= range.clock && range.end <= end)) return false;
    // What hangs in a cell or list itself is never forgotten so far that its place is.
    if (gone.kind === "gc") return there.parentRoot === null;
    return placeAt(gone, range.clock) === placeAt(there, range.clock);
  }
  if (one.kind === "gc" || other.kind === "gc") return true;
  return (
    one.kind === other.kind &&
    placeAt(one, range.clock) === placeAt(other, range.clock) &&
    valuesIn(one, range) === valuesIn(other, range)
  );
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
