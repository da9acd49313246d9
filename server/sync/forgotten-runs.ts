import * as encoding from "lib0/encoding";
import * as Y from "yjs";

/**
 * Structs that came into a document as removed for good. A copy that was elsewhere meanwhile may bring them so, because
 * what they hung in is removed there; the place they had is not in them any more, and Yjs does not say of them in the
 * update that they are deleted. Whoever has them in full would keep them: so it is said with the update.
 */
export class ForgottenRuns {
  readonly #runs = new Map<number, { clock: number; length: number }[]>();

  /** Notes those among the structs of these clients that came behind these clocks. */
  note(doc: Y.Doc, before: readonly { client: number; clock: number }[]): void {
    for (const { client, clock } of before) {
      const structs = doc.store.clients.get(client) ?? [];
      for (let at = structs.length - 1; at >= 0; at--) {
        const struct = structs[at];
        if (struct === undefined || struct.id.clock + struct.length <= clock) break;
        if (struct instanceof Y.Item) continue;
        const from = Math.max(clock, struct.id.clock);
        const runs = this.#runs.get(client) ?? [];
        this.#runs.set(client, runs);
        runs.push({ clock: from, length: struct.id.clock + struct.length - from });
      }
    }
  }

  /** The update with the deletions of all that was noted, which is forgotten then. */
  saidWith(update: Uint8Array): Uint8Array {
    if (this.#runs.size === 0) return update;
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, 0);
    encoding.writeVarUint(out, this.#runs.size);
    for (const [client, runs] of this.#runs) {
      encoding.writeVarUint(out, client);
      encoding.writeVarUint(out, runs.length);
      for (const { clock, length } of runs) {
        encoding.writeVarUint(out, clock);
        encoding.writeVarUint(out, length);
      }
    }
    this.#runs.clear();
    return Y.mergeUpdates([update, encoding.toUint8Array(out)]);
  }
}
