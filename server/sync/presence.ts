import type { RoomLimits } from "../../shared/board/limits.ts";
import type { Peer } from "./peer.ts";
import type { ShownEntry } from "./ports.ts";
import { type AwarenessEntry, awarenessFrame, decodeEntry, encodeEntry } from "./protocol.ts";

type Mine = { clientId: number; clientClock: number; json: string; encoded: Uint8Array; clock: number };
/** What one flush says, to whom (`Presence.flush`). */
type PresenceFlush = { all: Uint8Array; without: Map<Peer, Uint8Array | null>; ours: ShownEntry[] };
type Elsewhere = ShownEntry & { clock: number; at: number };
/** Who has left, for those who did not hear it then: peers that were busy reading, and nodes that were cut off. */
type Gone = ShownEntry & { at: number; ours: boolean };
/** What was last told of a client id, newest first, and whose it is. Kept when it is gone: others still repeat it. */
type Told = { account: string; clocks: readonly number[] };

/** What is shown on another node and not repeated is forgotten after this, as y-protocols does it, milliseconds. */
const forgottenAfter = 30_000;

/** Client ids remembered after they are gone, the newest. */
const toldIds = 4_000;
/** Told clocks of an id that are known again when they are repeated. */
const toldClocks = 8;

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
  /** What other nodes have told of their sockets. */
  readonly #elsewhere = new Map<number, Elsewhere>();
  readonly #changed = new Set<Peer>();
  readonly #changedElsewhere = new Set<number>();
  readonly #left = new Map<number, Gone>();
  readonly #gone = new Map<number, Gone>();
  readonly #told = new Map<number, Told>();
  #clock = 0;

  /** `ownerOf` names the account a client id of the document belongs to. */
  constructor(limits: RoomLimits, ownerOf: (clientId: number) => string | undefined) {
    this.#limits = limits;
    this.#ownerOf = ownerOf;
  }

  get dirty(): boolean {
    return this.#changed.size + this.#changedElsewhere.size + this.#left.size > 0;
  }

  /** Takes from a message what is the sender's own; stock providers repeat everyone else's. */
  take(peer: Peer, entries: Iterable<AwarenessEntry>, now: number): void {
    if (peer.options.writer === null) return;
    for (const entry of entries) {
      const mine = this.#byPeer.get(peer);
      if (mine === undefined ? this.#mayBind(peer, entry) : mine.clientId === entry.clientId) {
        this.#update(peer, entry, now);
      }
    }
  }

  /** The client id a socket shows itself under, or null when it has none yet. */
  idOf(peer: Peer): number | null {
    return this.#byPeer.get(peer)?.clientId ?? null;
  }

  /** The account that shows, or has shown, itself under a client id; nobody else may begin to write under it. */
  shownBy(clientId: number): string | undefined {
    return this.#told.get(clientId)?.account;
  }

  /** Entries of sockets of another node. Whoever was told later is where it was told. */
  takeElsewhere(entries: readonly ShownEntry[], now: number): void {
    for (const { account, encoded } of entries) {
      const { clientId, clock, json } = decodeEntry(encoded);
      this.#clock = Math.max(this.#clock, clock);
      const told = this.#told.get(clientId);
      if (told !== undefined && (told.account !== account || clock <= (told.clocks[0] ?? 0))) continue;
      this.#forgetHolder(clientId);
      this.#tell(clientId, account, clock);
      if (json === "null") {
        if (this.#elsewhere.delete(clientId))
          this.#leaves(clientId, { account, encoded, at: now, ours: false });
        this.#changedElsewhere.delete(clientId);
        continue;
      }
      if (this.#elsewhere.size >= this.#limits.awarenessEntries) this.#forget(now);
      if (this.#elsewhere.size >= this.#limits.awarenessEntries) return;
      this.#gone.delete(clientId);
      this.#elsewhere.set(clientId, { account, clock, encoded, at: now });
      this.#changedElsewhere.add(clientId);
    }
  }

  /** The socket is gone, and its client id with it. */
  leave(peer: Peer, now: number): void {
    const mine = this.#byPeer.get(peer);
    this.#byPeer.delete(peer);
    this.#changed.delete(peer);
    if (mine === undefined || this.#byClient.get(mine.clientId) !== peer) return;
    this.#byClient.delete(mine.clientId);
    const clock = this.#tick(now);
    const account = accountOf(peer);
    this.#tell(mine.clientId, account, clock);
    const encoded = encodeEntry({ clientId: mine.clientId, clock, json: "null" });
    this.#leaves(mine.clientId, { account, encoded, at: now, ours: true });
  }

  /** One frame with all that others show, and who has left when it may not know that; null when there is nobody. */
  everyone(peer: Peer, now: number): Uint8Array | null {
    this.#forget(now);
    const others = [...this.#elsewhere.values(), ...(peer.missesPresence ? this.#gone.values() : [])];
    const entries = others.map(({ encoded }) => encoded);
    for (const [other, mine] of this.#byPeer)
      if (other !== peer && mine.json !== "null") entries.push(mine.encoded);
    return entries.length === 0 ? null : awarenessFrame(entries);
  }

  /** What the sockets of this node show, and who of them has left lately, for another node that asks. */
  ours(now: number): ShownEntry[] {
    this.#forget(now);
    const shown = [...this.#byPeer].flatMap(([peer, { json, encoded }]) =>
      json === "null" ? [] : [{ account: accountOf(peer), encoded }],
    );
    return [...shown, ...[...this.#gone.values()].filter(({ ours }) => ours)];
  }

  /**
   * What changed since the last flush: a frame for all, one for each peer that is in it itself, and the entries of
   * this node's own sockets, for the others. Who has left is always told; what else a person may not pass on now waits,
   * and is by then the latest. Null when there is nothing.
   */
  flush(mayShow: (account: string, bytes: number) => boolean): PresenceFlush | null {
    const left = [...this.#left.values()];
    const changed: { peer: Peer | null; encoded: Uint8Array }[] = [];
    const ours: ShownEntry[] = left.filter((gone) => gone.ours);
    // What waits stays in front, so that of one person's pages each has its turn.
    for (const peer of this.#changed) {
      const mine = this.#byPeer.get(peer);
      const account = accountOf(peer);
      if (mine !== undefined && !mayShow(account, mine.encoded.length)) continue;
      this.#changed.delete(peer);
      if (mine === undefined) continue;
      changed.push({ peer, encoded: mine.encoded });
      ours.push({ account, encoded: mine.encoded });
    }
    for (const clientId of this.#changedElsewhere) {
      const entry = this.#elsewhere.get(clientId);
      if (entry !== undefined && !mayShow(entry.account, entry.encoded.length)) continue;
      this.#changedElsewhere.delete(clientId);
      if (entry !== undefined) changed.push({ peer: null, encoded: entry.encoded });
    }
    if (left.length > 0) this.#left.clear();
    if (left.length + changed.length === 0) return null;

    const entries = [...left, ...changed].map(({ encoded }) => encoded);
    const body = Buffer.concat(entries);
    const without = new Map<Peer, Uint8Array | null>();
    let at = left.reduce((sum, { encoded }) => sum + encoded.length, 0);
    for (const { peer, encoded } of changed) {
      const end = at + encoded.length;
      // The same bytes but for one entry: copied, not encoded again for each who moves.
      if (peer !== null) {
        const rest = [body.subarray(0, at), body.subarray(end)];
        without.set(peer, entries.length === 1 ? null : awarenessFrame(rest, entries.length - 1));
      }
      at = end;
    }
    return { all: awarenessFrame([body], entries.length), without, ours };
  }

  /** A client id may be bound when nobody else shows or writes under it; a returning device takes its own over. */
  #mayBind(peer: Peer, entry: AwarenessEntry): boolean {
    if (entry.json === "null") return false;
    const account = peer.options.writer?.residentId;
    const owner = this.#ownerOf(entry.clientId);
    if (owner !== undefined && owner !== account) return false;
    const told = this.#told.get(entry.clientId);
    if (told !== undefined) {
      if (told.account !== account) return false;
      // Stock providers repeat what others show, with the clock that was told; a claim has the next one or its own.
      if (told.clocks.includes(entry.clock)) return false;
    }
    const holder = this.#byClient.get(entry.clientId);
    if (holder === undefined) return true;
    if (accountOf(holder) !== account) return false;
    this.#forgetHolder(entry.clientId);
    return true;
  }

  /** A socket here no longer shows itself under this id: its device has another one, here or on another node. */
  #forgetHolder(clientId: number): void {
    const holder = this.#byClient.get(clientId);
    if (holder === undefined) return;
    this.#byClient.delete(clientId);
    this.#byPeer.delete(holder);
    this.#changed.delete(holder);
  }

  #tell(clientId: number, account: string, clock: number): void {
    const clocks = [clock, ...(this.#told.get(clientId)?.clocks ?? [])].slice(0, toldClocks);
    this.#told.delete(clientId);
    this.#told.set(clientId, { account, clocks });
    if (this.#told.size > toldIds) this.#told.delete(this.#told.keys().next().value ?? 0);
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
    this.#tell(entry.clientId, accountOf(peer), clock);
    this.#elsewhere.delete(entry.clientId);
    this.#changedElsewhere.delete(entry.clientId);
    this.#left.delete(entry.clientId);
    this.#gone.delete(entry.clientId);
    this.#changed.add(peer);
  }

  /** The state as others get it: whatever it says about who it is, the session knows better. */
  #stamped(peer: Peer, json: string): string | null {
    const { writer } = peer.options;
    if (writer === null || Buffer.byteLength(json) > this.#limits.awarenessBytes) return null;
    let state: unknown;
    try {
      state = JSON.parse(json);
    } catch {
      return null;
    }
    if (typeof state !== "object" || state === null || Array.isArray(state)) return null;
    const { displayName: name, householdId, door } = writer;
    const shown = JSON.stringify({ ...state, user: { name, householdId, door } });
    // Measured again: what is written short, a number like 1e20, leaves as all its digits.
    return Buffer.byteLength(shown) > this.#limits.awarenessBytes ? null : shown;
  }

  #leaves(clientId: number, gone: Gone): void {
    this.#left.set(clientId, gone);
    if (this.#gone.size >= this.#limits.awarenessEntries) this.#gone.clear();
    this.#gone.set(clientId, gone);
  }

  /** Lets go of what no other node has repeated: its client forgets it as well. */
  #forget(now: number): void {
    for (const entries of [this.#elsewhere, this.#gone])
      for (const [clientId, { at }] of entries) if (now - at > forgottenAfter) entries.delete(clientId);
  }

  #tick(now: number): number {
    this.#clock = Math.max(this.#clock + 1, now);
    return this.#clock;
  }
}

const accountOf = (peer: Peer): string => peer.options.writer?.residentId ?? "";
