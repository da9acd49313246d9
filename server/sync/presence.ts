import type { RoomLimits } from "../../shared/board/limits.ts";
import type { Peer } from "./peer.ts";
import { type AwarenessEntry, awarenessFrame, encodeEntry } from "./protocol.ts";

type Mine = { clientId: number; clientClock: number; json: string; encoded: Uint8Array; clock: number };

/**
 * Who is looking at a board, in memory only. One client id a socket; the name comes from the session.
 * The server counts the clocks itself, in milliseconds of time: a client that comes back is seen at once,
 * although others remember a later clock of it, and nobody can block an id with a huge clock.
 */
export class Presence {
  readonly #limits: RoomLimits;
  readonly #ownerOf: (clientId: number) => string | undefined;
  readonly #byPeer = new Map<Peer, Mine>();
  readonly #byClient = new Map<number, Peer>();
  readonly #changed = new Set<Peer>();
  readonly #left = new Map<number, Uint8Array>();
  #clock = 0;

  /** `ownerOf` names the account a client id of the document belongs to. */
  constructor(limits: RoomLimits, ownerOf: (clientId: number) => string | undefined) {
    this.#limits = limits;
    this.#ownerOf = ownerOf;
  }

  get dirty(): boolean {
    return this.#changed.size > 0 || this.#left.size > 0;
  }

  /** Takes from a message what is the sender's own; stock providers repeat everyone else's. */
  take(peer: Peer, entries: AwarenessEntry[], now: number): void {
    if (peer.options.writer === null) return;
    for (const entry of entries) {
      const mine = this.#byPeer.get(peer);
      if (mine === undefined ? this.#mayBind(peer, entry) : mine.clientId === entry.clientId) {
        this.#update(peer, entry, now);
      }
    }
  }

  /** The socket is gone, and its client id with it. */
  leave(peer: Peer, now: number): void {
    const mine = this.#byPeer.get(peer);
    this.#byPeer.delete(peer);
    this.#changed.delete(peer);
    if (mine === undefined || this.#byClient.get(mine.clientId) !== peer) return;
    this.#byClient.delete(mine.clientId);
    this.#left.set(
      mine.clientId,
      encodeEntry({ clientId: mine.clientId, clock: this.#tick(now), json: "null" }),
    );
  }

  /** One frame with all that others show, or null when there is nobody else. */
  everyone(peer: Peer): Uint8Array | null {
    const entries: Uint8Array[] = [];
    for (const [other, mine] of this.#byPeer)
      if (other !== peer && mine.json !== "null") entries.push(mine.encoded);
    return entries.length === 0 ? null : awarenessFrame(entries);
  }

  /** Frames with what changed since the last flush: one for all, and one for each peer that is in it itself. */
  flush(): { all: Uint8Array; without: Map<Peer, Uint8Array | null> } {
    const left = [...this.#left.values()];
    const changed = [...this.#changed].flatMap((peer) => {
      const mine = this.#byPeer.get(peer);
      return mine === undefined ? [] : [{ peer, encoded: mine.encoded }];
    });
    this.#left.clear();
    this.#changed.clear();
    const frameWithout = (not: Peer | null) => {
      const entries = changed.filter(({ peer }) => peer !== not).map(({ encoded }) => encoded);
      return entries.length + left.length === 0 ? null : awarenessFrame([...left, ...entries]);
    };
    const all = frameWithout(null) ?? awarenessFrame([]);
    return { all, without: new Map(changed.map(({ peer }) => [peer, frameWithout(peer)])) };
  }

  /** A client id may be bound when nobody else shows or writes under it; a returning device takes its own over. */
  #mayBind(peer: Peer, entry: AwarenessEntry): boolean {
    if (entry.json === "null") return false;
    const account = peer.options.writer?.residentId;
    const owner = this.#ownerOf(entry.clientId);
    if (owner !== undefined && owner !== account) return false;
    const holder = this.#byClient.get(entry.clientId);
    if (holder === undefined) return true;
    if (holder.options.writer?.residentId !== account) return false;
    this.#byPeer.delete(holder);
    this.#changed.delete(holder);
    return true;
  }

  #update(peer: Peer, entry: AwarenessEntry, now: number): void {
    const before = this.#byPeer.get(peer);
    if (before !== undefined && entry.clock < before.clientClock) return;
    const json = entry.json === "null" ? "null" : this.#stamped(peer, entry.json);
    if (json === null || (before?.clientClock === entry.clock && before.json === json)) return;
    const clock = this.#tick(now);
    const encoded = encodeEntry({ clientId: entry.clientId, clock, json });
    this.#byPeer.set(peer, { clientId: entry.clientId, clientClock: entry.clock, json, encoded, clock });
    this.#byClient.set(entry.clientId, peer);
    this.#left.delete(entry.clientId);
    this.#changed.add(peer);
  }

  /** The state as others get it: whatever it says about who it is, the session knows better. */
  #stamped(peer: Peer, json: string): string | null {
    const { writer } = peer.options;
    if (writer === null || json.length > this.#limits.awarenessBytes) return null;
    let state: unknown;
    try {
      state = JSON.parse(json);
    } catch {
      return null;
    }
    if (typeof state !== "object" || state === null || Array.isArray(state)) return null;
    const { displayName: name, householdId, door } = writer;
    return JSON.stringify({ ...state, user: { name, householdId, door } });
  }

  #tick(now: number): number {
    this.#clock = Math.max(this.#clock + 1, now);
    return this.#clock;
  }
}
