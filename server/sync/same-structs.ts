import { serverEditLimits, type UpdateLimits } from "../../shared/board/limits.ts";
import { type DecodedUpdate, decodeUpdate, type Id, type Section, type Struct } from "./guard-decode.ts";
import type { ClientBinding } from "./ports.ts";

/** What stands in the log was bounded when it was taken; a tick has the edits of many. */
const committed: UpdateLimits = { ...serverEditLimits, clients: 100_000 };

/**
 * Whether two updates hold different structs under one client id and clock. A client that moves from node to node may
 * have the same edit taken twice, which is harmless; two edits under one number are not, for each node would keep the
 * one it saw first.
 * @throws MalformedBytes when one of them is no update
 */
export function contradict(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [decodeUpdate(a, committed), decodeUpdate(b, committed)];
  for (const section of one.sections.values()) {
    const same = other.sections.get(section.client);
    if (same !== undefined && differ(section, one, same, other)) return true;
  }
  return false;
}

/** Whether a row says of one of these client ids that it is another account's. */
export function boundOtherwise(mine: readonly ClientBinding[], theirs: readonly ClientBinding[]): boolean {
  return theirs.some(({ clientId, residentId }) =>
    mine.some((own) => own.clientId === clientId && own.residentId !== residentId),
  );
}

/** What is gone, and is deleted by the same update: whatever stood there is deleted wherever that update comes. */
const gone = "gone";

function differ(a: Section, inA: DecodedUpdate, b: Section, inB: DecodedUpdate): boolean {
  const [from, to] = [Math.max(a.clock, b.clock), Math.min(a.end, b.end)];
  const units = new Map<number, string>();
  for (const struct of a.structs)
    eachUnit(struct, inA, from, to, (clock, unit) => {
      units.set(clock, unit);
    });
  let different = false;
  for (const struct of b.structs)
    eachUnit(struct, inB, from, to, (clock, unit) => {
      const other = units.get(clock);
      if (other !== unit && other !== gone && unit !== gone) different = true;
    });
  return different;
}

/** What stands at each clock of a struct, as text, however the struct is cut: a run goes on from its own last unit. */
function eachUnit(
  struct: Struct,
  update: DecodedUpdate,
  from: number,
  to: number,
  tell: (clock: number, unit: string) => void,
): void {
  const { client, clock: start, length, kind, rightOrigin, values } = struct;
  const removed = kind === "gc" || kind === "deleted" ? (update.deletes.get(client) ?? []) : [];
  for (let clock = Math.max(start, from); clock < Math.min(start + length, to); clock++) {
    if (removed.some((range) => range.clock <= clock && clock < range.end)) {
      tell(clock, gone);
      continue;
    }
    const at = clock - start;
    const origin = at === 0 ? struct.origin : { client, clock: clock - 1 };
    const ownParent = at === 0 && origin === null && rightOrigin === null;
    const parent = ownParent ? [struct.parentRoot, idText(struct.parentId), struct.parentSub] : [];
    const value = kind === "text" ? String(values[0]).charCodeAt(at) : values[at];
    tell(clock, JSON.stringify([kind, value ?? null, idText(origin), idText(rightOrigin), ...parent]));
  }
}

const idText = (id: Id | null): string => (id === null ? "" : `${id.client}:${id.clock}`);
