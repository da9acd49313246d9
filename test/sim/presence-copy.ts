import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

export type Shown = Record<string, unknown>;
type Entry = { clock: number; state: Shown | null; at: number };

/** Milliseconds: y-protocols repeats its own state after half of it, and forgets the others' after all of it. */
const outdatedAfter = 30_000;

/** What one client believes of who is there: the awareness of y-protocols, on the virtual clock. */
export class PresenceCopy {
  readonly clientId: number;
  readonly #entries = new Map<number, Entry>();
  readonly #now: () => number;

  constructor(clientId: number, now: () => number) {
    this.clientId = clientId;
    this.#now = now;
  }

  get own(): Shown | null {
    return this.#entries.get(this.clientId)?.state ?? null;
  }

  /** The others who are shown, by client id. */
  others(): Map<number, Shown> {
    const shown = new Map<number, Shown>();
    for (const [id, { state }] of this.#entries)
      if (id !== this.clientId && state !== null) shown.set(id, state);
    return shown;
  }

  /** Whether everybody shown has been told of in so many milliseconds. */
  isFresh(ms: number): boolean {
    const now = this.#now();
    return [...this.#entries.values()].every(({ state, at }) => state === null || now - at <= ms);
  }

  show(state: Shown | null): void {
    const clock = (this.#entries.get(this.clientId)?.clock ?? -1) + 1;
    this.#entries.set(this.clientId, { clock, state, at: this.#now() });
  }

  /** From time to time: answers the ids whose entry a provider now tells. */
  check(): number[] {
    const now = this.#now();
    const told: number[] = [];
    for (const [id, entry] of this.#entries) {
      if (entry.state === null) continue;
      if (id === this.clientId) {
        if (now - entry.at < outdatedAfter / 2) continue;
        this.show(entry.state);
      } else {
        if (now - entry.at < outdatedAfter) continue;
        entry.state = null;
      }
      told.push(id);
    }
    return told;
  }

  /** The line is gone, and with it all others. */
  forgetOthers(): void {
    for (const [id, entry] of this.#entries) if (id !== this.clientId) entry.state = null;
  }

  encode(ids: readonly number[]): Uint8Array {
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, ids.length);
    for (const id of ids) {
      const { clock, state } = this.#entries.get(id) ?? { clock: 0, state: null };
      encoding.writeVarUint(out, id);
      encoding.writeVarUint(out, clock);
      encoding.writeVarString(out, JSON.stringify(state));
    }
    return encoding.toUint8Array(out);
  }

  /** What a provider says of itself before it disconnects; its own state it keeps. */
  encodeLeaving(): Uint8Array {
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, 1);
    encoding.writeVarUint(out, this.clientId);
    encoding.writeVarUint(out, this.#entries.get(this.clientId)?.clock ?? 0);
    encoding.writeVarString(out, "null");
    return encoding.toUint8Array(out);
  }

  /** Takes a message in; answers the ids that changed, which a stock provider tells on to the server. */
  apply(message: Uint8Array): number[] {
    const from = decoding.createDecoder(message);
    const changed: number[] = [];
    for (let left = decoding.readVarUint(from); left > 0; left--) {
      const id = decoding.readVarUint(from);
      let clock = decoding.readVarUint(from);
      const state = JSON.parse(decoding.readVarString(from)) as Shown | null;
      const known = this.#entries.get(id);
      const newer = (known?.clock ?? 0) < clock;
      const ends = known?.clock === clock && state === null && known.state !== null;
      if (!newer && !ends) continue;
      const mine = state === null && id === this.clientId && known !== undefined && known.state !== null;
      if (mine) clock++;
      this.#entries.set(id, { clock, state: mine ? known.state : state, at: this.#now() });
      if (known !== undefined || state !== null) changed.push(id);
    }
    return changed;
  }
}
