import type { DecodedUpdate, Id, Struct } from "./guard-decode.ts";

export type Ordered = { ok: true; structs: Struct[] } | { ok: false; reason: "orphan" | "cycle" };

/**
 * The new structs in the order in which Yjs takes them (integrateStructs): the highest client id first, and of
 * another client as much as a struct waits for. Each finds what it refers to in the store (below `known`), or
 * earlier in this list. What is left over would stay pending in Yjs and be integrated later under somebody else's
 * message, so it is refused. Every section must begin exactly at `known`. Linear.
 */
export function orderStructs(update: DecodedUpdate, known: (client: number) => number): Ordered {
  const structs: Struct[] = [];
  const state = new Map<number, number>();
  const taken = new Map<number, number>();
  /** Those that wait for the one under way, the first to wait at the bottom. */
  const waiting: Struct[] = [];
  for (const { client, clock } of update.sections.values()) state.set(client, clock);

  const next = (client: number): Struct | undefined => {
    const at = taken.get(client) ?? 0;
    taken.set(client, at + 1);
    return update.sections.get(client)?.structs[at];
  };

  for (const client of [...update.sections.keys()].sort((a, b) => b - a)) {
    for (let struct = next(client); struct !== undefined; ) {
      // An earlier struct of the same client waits for something that waits for this one.
      if (struct.clock !== state.get(struct.client)) return { ok: false, reason: "cycle" };
      const missing = missingOf(struct, update, state, known);
      if (missing === "never") return { ok: false, reason: "orphan" };
      if (missing === null) {
        structs.push(struct);
        state.set(struct.client, struct.clock + struct.length);
        struct = waiting.pop() ?? next(client);
      } else {
        waiting.push(struct);
        struct = next(missing.client);
        if (struct === undefined) return { ok: false, reason: "cycle" };
      }
    }
  }
  return { ok: true, structs };
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
