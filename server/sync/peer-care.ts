import type { Peer } from "./peer.ts";
import { awarenessFrame } from "./protocol.ts";
import type { RoomSettings } from "./settings.ts";
import type { Timer, Timers } from "./timers.ts";

/** An empty awareness frame: changes nothing, and tells a y-websocket provider that the line is alive. */
const stillHere = awarenessFrame([]);

/** A crowd is greeted so many at a time, with a pause: it answers at once, and edits are to have their turn in between. */
export const greetedAtOnce = 100;
const greetingPauseMs = 50;

/** Looks after the sockets of one room: those that say nothing any more, and those that read too slowly. */
export class PeerCare {
  readonly #peers: ReadonlySet<Peer>;
  readonly #timers: Timers;
  readonly #settings: RoomSettings;
  readonly #catchUp: (peer: Peer) => void;
  readonly #drop: (peer: Peer) => void;
  #beat: Timer | null = null;
  #greeting: Timer | null = null;
  #check: Timer | null = null;

  /** `catchUp` sends a drained peer what it missed; `drop` ends a socket that is dead or far too slow. */
  constructor(
    peers: ReadonlySet<Peer>,
    timers: Timers,
    settings: RoomSettings,
    catchUp: (peer: Peer) => void,
    drop: (peer: Peer) => void,
  ) {
    this.#peers = peers;
    this.#timers = timers;
    this.#settings = settings;
    this.#catchUp = catchUp;
    this.#drop = drop;
  }

  /** Begins the heartbeat; it ends by itself with the last peer. */
  watch(): void {
    this.#beat ??= this.#timers.after(this.#settings.heartbeatMs, () => {
      this.#beat = null;
      // A room that is larger than that takes half of the time between two beats.
      const slices = this.#settings.heartbeatMs / 2 / greetingPauseMs;
      this.#greet([...this.#peers], Math.max(greetedAtOnce, Math.ceil(this.#peers.size / slices)));
      if (this.#peers.size > 0) this.watch();
    });
  }

  #greet(peers: readonly Peer[], atOnce: number): void {
    const now = this.#timers.now();
    const { heartbeatMs } = this.#settings;
    for (const peer of peers.slice(0, atOnce)) {
      if (!this.#peers.has(peer)) continue;
      if (now - peer.lastHeard > 2.5 * heartbeatMs) this.#drop(peer);
      else {
        peer.socket.ping();
        if (peer.stale === null && now - peer.lastSent > heartbeatMs / 2) peer.send(stillHere, now);
      }
    }
    const rest = peers.slice(atOnce);
    this.#greeting?.cancel();
    this.#greeting = null;
    if (rest.length > 0)
      this.#greeting = this.#timers.after(greetingPauseMs, () => this.#greet(rest, atOnce));
  }

  /** Begins to look at slow peers; ends by itself when there is none. */
  watchSlow(): void {
    this.#check ??= this.#timers.after(this.#settings.staleCheckMs, () => {
      this.#check = null;
      const now = this.#timers.now();
      for (const peer of [...this.#peers]) {
        if (!isSlow(peer)) continue;
        if (peer.drained) this.#catchUp(peer);
        else if (peer.stale !== null && now > peer.stale.until) this.#drop(peer);
      }
      for (const peer of this.#peers) if (isSlow(peer)) return this.watchSlow();
    });
  }

  stop(): void {
    for (const timer of [this.#beat, this.#greeting, this.#check]) timer?.cancel();
    this.#beat = null;
    this.#greeting = null;
    this.#check = null;
  }
}

/** It has missed edits, or who is there. */
const isSlow = ({ stale, missesPresence }: Peer): boolean => stale !== null || missesPresence;
