import type { DecodedUpdate, Id, Section, Struct } from "./guard-decode.ts";

export type Ordered = { ok: true; structs: Struct[] } | { ok: false; reason: "orphan" | "cycle" };

/**
 * The new structs in an order in which each finds what it refers to: in the store (below `known`), or
 * earlier in this list. It is the order Yjs would find; what is left over would stay pending there and be
 * integrated later under somebody else's message, so it is refused.
 * Every section must begin exactly at `known`. Linear: a client sleeps until the one struct it lacks is there.
 */
export function orderStructs(update: DecodedUpdate, known: (client: number) => number): Ordered {
  const structs: Struct[] = [];
  const sleepers = new Map<number, { clock: number; section: Section }[]>();
  const next = new Map<number, number>();
  const state = new Map<number, number>();
  let left = 0;
  for (const section of update.sections.values()) {
    next.set(section.client, 0);
    state.set(section.client, section.clock);
    left += section.structs.length;
  }

  const awake = [...update.sections.values()];
  for (let section = awake.pop(); section !== undefined; section = awake.pop()) {
    let at = next.get(section.client) ?? 0;
    for (let struct = section.structs[at]; struct !== undefined; struct = section.structs[++at]) {
      const missing = missingOf(struct, update, state, known);
      if (missing === "never") return { ok: false, reason: "orphan" };
      if (missing !== null) {
        const waiting = sleepers.get(missing.client) ?? [];
        waiting.push({ clock: missing.clock, section });
        sleepers.set(missing.client, waiting);
        break;
      }
      structs.push(struct);
      left--;
      state.set(section.client, struct.clock + struct.length);
      wake(section.client, struct.clock + struct.length);
    }
    next.set(section.client, at);
  }
  return left === 0 ? { ok: true, structs } : { ok: false, reason: "cycle" };

  function wake(client: number, clock: number): void {
    const waiting = sleepers.get(client);
    if (waiting === undefined) return;
    const still = waiting.filter((sleeper) => sleeper.clock >= clock);
    if (still.length === waiting.length) return;
    for (const sleeper of waiting) if (sleeper.clock < clock) awake.push(sleeper.section);
    if (still.length === 0) sleepers.delete(client);
    else sleepers.set(client, still);
  }
}

function missingOf(
  struct: Struct,
  update: DecodedUpdate,
  state: Map<number, number>,
  known: (client: number) => number,
): Id | "never" | null {
  for (const id of [struct.origin, struct.rightOrigin, struct.parentId]) {
    if (id === null) continue;
    if (id.client === struct.client) {
      // Yjs does not wait for a client's own future; it would throw half way through the transaction.
      if (id.clock >= struct.clock) return "never";
      continue;
    }
    const section = update.sections.get(id.client);
    if (id.clock >= (section?.end ?? known(id.client))) return "never";
    if (id.clock >= (state.get(id.client) ?? known(id.client))) return id;
  }
  return null;
}
