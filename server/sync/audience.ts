import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import type { Peer } from "./peer.ts";
import { PeerCare } from "./peer-care.ts";
import { Presence } from "./presence.ts";
import { type AwarenessEntry, savedFrame, stepOneFrame, updateFrame } from "./protocol.ts";
import type { RoomSettings } from "./settings.ts";
import type { TickWork } from "./tick-work.ts";
import type { Timer, Timers } from "./timers.ts";

type AudiencePorts = { timers: Timers; settings: RoomSettings; counters: SyncCounters };

/**
 * Everyone in a room, and all that is sent to them. The document is asked for through `committed`, which
 * answers null while it holds something that is not on disk: what cannot be seen cannot be sent (INV-1).
 */
export class Audience {
  readonly peers = new Set<Peer>();
  readonly #ports: AudiencePorts;
  readonly #committed: () => BoardDocument | null;
  readonly #presence: Presence;
  readonly #care: PeerCare;
  /** Peers that have not been greeted with our sync step 1 yet. */
  readonly #arrivals = new Set<Peer>();
  #presenceTimer: Timer | null = null;

  constructor(
    ports: AudiencePorts,
    committed: () => BoardDocument | null,
    ownerOf: (clientId: number) => string | undefined,
  ) {
    this.#ports = ports;
    this.#committed = committed;
    this.#presence = new Presence(ports.settings.limits, ownerOf);
    this.#care = new PeerCare(
      this.peers,
      ports.timers,
      ports.settings,
      (peer) => this.#catchUp(peer),
      (peer) => {
        peer.terminate("too-slow");
        this.leave(peer);
      },
    );
  }

  add(peer: Peer): void {
    this.peers.add(peer);
    this.#ports.counters.peers++;
    this.#arrivals.add(peer);
    this.#care.watch();
  }

  /** How many connections the person behind this one has here already. */
  peersOf(newcomer: Peer): number {
    const residentId = newcomer.options.writer?.residentId;
    if (residentId === undefined) return 0;
    let count = 0;
    for (const peer of this.peers) if (peer.options.writer?.residentId === residentId) count++;
    return count;
  }

  /** The socket is gone or going. False when it was gone already. */
  leave(peer: Peer): boolean {
    peer.gone = true;
    this.#arrivals.delete(peer);
    if (!this.peers.delete(peer)) return false;
    this.#ports.counters.peers--;
    this.#presence.leave(peer, this.#now());
    this.#presenceSoon();
    if (this.peers.size === 0) this.stop();
    return true;
  }

  stop(): void {
    this.#care.stop();
    this.#presenceTimer?.cancel();
    this.#presenceTimer = null;
  }

  dismiss(peer: Peer, name: CloseName): void {
    if (peer.gone) return;
    peer.close(name);
    this.leave(peer);
  }

  /** Greets who came and answers who asked, as far as the document is committed. */
  serve(): void {
    const document = this.#committed();
    if (document === null) return;
    for (const peer of this.#arrivals) {
      peer.send(stepOneFrame(document.stateVector()), this.#now());
      this.showPresence(peer);
    }
    this.#arrivals.clear();
    for (const peer of this.peers)
      if (peer.waitingStepOne !== null) this.#answer(peer, document, peer.waitingStepOne);
  }

  /** One committed update for everyone: encoded once, one write a peer. A sole author has it already. */
  broadcast(document: BoardDocument, update: Uint8Array, authors: ReadonlySet<Peer | null>): void {
    const frame = updateFrame(update);
    for (const peer of this.peers) {
      const alone = authors.size === 1 && authors.has(peer);
      if (!peer.joined || peer.stale !== null || alone) continue;
      peer.send(frame, this.#now());
      if (peer.overBudget) this.#slowDown(peer, document);
    }
  }

  /** Tells those who asked for it what of theirs is on disk now. */
  acknowledge(document: BoardDocument, saved: TickWork["saved"]): void {
    for (const [peer, { upTo, clients }] of saved) {
      peer.durable = upTo;
      for (const client of clients) peer.lastClient = client;
      if (clients.size === 0) clients.add(peer.lastClient);
      if (!peer.options.wantsSaved || peer.stale !== null) continue;
      for (const client of clients)
        peer.send(savedFrame(client, document.clockOf(client), upTo), this.#now());
    }
  }

  /** Asks a peer for all it has: an increment of it built on something the board lacks. */
  askAgain(document: BoardDocument, peer: Peer): void {
    this.#ports.counters.resyncs++;
    peer.send(stepOneFrame(document.stateVector()), this.#now());
  }

  takePresence(peer: Peer, entries: AwarenessEntry[]): void {
    this.#presence.take(peer, entries, this.#now());
    this.#presenceSoon();
  }

  showPresence(peer: Peer): void {
    if (peer.options.writer === null || peer.stale !== null) return;
    const frame = this.#presence.everyone(peer);
    if (frame !== null) peer.send(frame, this.#now());
  }

  #answer(peer: Peer, document: BoardDocument, has: Uint8Array): void {
    peer.waitingStepOne = null;
    peer.joined = true;
    if (peer.stale !== null) {
      peer.stale.has = has;
      return;
    }
    peer.send(document.stepTwo(has), this.#now());
    if (peer.overBudget) this.#slowDown(peer, document);
  }

  #slowDown(peer: Peer, document: BoardDocument): void {
    peer.becomeStale(document.stateVector(), this.#now());
    this.#care.watchStale();
  }

  /** A slow peer has read what it had: it gets all it missed in one frame. */
  #catchUp(peer: Peer): void {
    const document = this.#committed();
    if (document === null || peer.stale === null) return;
    const { has } = peer.stale;
    peer.stale = null;
    peer.send(document.stepTwo(has), this.#now());
    if (peer.options.wantsSaved && peer.durable > 0) {
      peer.send(savedFrame(peer.lastClient, document.clockOf(peer.lastClient), peer.durable), this.#now());
    }
    this.showPresence(peer);
    if (peer.overBudget) this.#slowDown(peer, document);
  }

  #presenceSoon(): void {
    if (!this.#presence.dirty || this.peers.size === 0) return;
    this.#presenceTimer ??= this.#ports.timers.after(this.#ports.settings.presenceMs, () => {
      this.#presenceTimer = null;
      const { all, without } = this.#presence.flush();
      for (const peer of this.peers) {
        if (peer.options.writer === null || peer.stale !== null || this.#arrivals.has(peer)) continue;
        const frame = without.has(peer) ? without.get(peer) : all;
        if (frame) peer.send(frame, this.#now());
      }
    });
  }

  #now(): number {
    return this.#ports.timers.now();
  }
}
