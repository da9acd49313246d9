import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { Turns } from "../turns.ts";
import type { Accounts } from "./accounts.ts";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import { type BoardAtHand, Doorway } from "./doorway.ts";
import { SharedFrame } from "./frame.ts";
import type { Peer } from "./peer.ts";
import { PeerCare } from "./peer-care.ts";
import type { ShownEntry } from "./ports.ts";
import { Presence } from "./presence.ts";
import { type AwarenessEntries, savedFrame, sharedUpdate } from "./protocol.ts";
import type { RoomSettings } from "./settings.ts";
import type { Saved, TickWork } from "./tick-work.ts";
import type { Timer, Timers } from "./timers.ts";

type AudiencePorts = {
  timers: Timers;
  turns: Turns;
  settings: RoomSettings;
  counters: SyncCounters;
  accounts: Accounts;
};

/** What an audience asks its room. */
type AudienceHooks = BoardAtHand & {
  /** The account a client id of the document belongs to. */
  ownerOf(clientId: number): string | undefined;
  /** What the sockets of this node show of themselves has changed. */
  shown(entries: readonly ShownEntry[]): void;
};

/** Everyone in a room, and all that is sent to them. */
export class Audience {
  readonly peers = new Set<Peer>();
  readonly doorway: Doorway;
  readonly #ports: AudiencePorts;
  readonly #hooks: AudienceHooks;
  readonly #presence: Presence;
  readonly #care: PeerCare;
  /** How many connections each person has here. */
  readonly #ofResident = new Map<string, number>();
  #presenceTimer: Timer | null = null;

  constructor(ports: AudiencePorts, hooks: AudienceHooks) {
    this.#ports = ports;
    this.#hooks = hooks;
    this.#presence = new Presence(ports.settings.limits, hooks.ownerOf);
    this.doorway = new Doorway(ports, hooks, {
      peers: this.peers,
      showPresence: (peer) => this.showPresence(peer),
      slowDown: (peer) => this.#slowDown(peer),
      turnAway: (peer) => this.dismiss(peer, "board-renewed"),
    });
    this.#care = new PeerCare(
      this.peers,
      ports.timers,
      ports.settings,
      (peer) => (peer.stale === null ? this.showPresence(peer) : this.#catchUp(peer)),
      (peer) => {
        peer.terminate("too-slow");
        this.leave(peer);
      },
    );
  }

  add(peer: Peer): void {
    this.peers.add(peer);
    this.#count(peer, 1);
    this.#ports.counters.peers++;
    this.doorway.arrive(peer);
    this.#care.watch();
  }

  /** Whether there is no room for one more, or its person has as many here as they may. */
  isFullFor(newcomer: Peer): boolean {
    const { peersPerRoom, peersPerResident } = this.#ports.settings.limits;
    const residentId = newcomer.options.writer?.residentId;
    const own = residentId === undefined ? 0 : (this.#ofResident.get(residentId) ?? 0);
    return this.peers.size >= peersPerRoom || own >= peersPerResident;
  }

  /** The socket is gone or going. False when it was gone already. */
  leave(peer: Peer): boolean {
    peer.gone = true;
    this.doorway.leave(peer);
    if (!this.peers.delete(peer)) return false;
    this.#count(peer, -1);
    if (peer.options.writer !== null) this.#ports.accounts.leave(peer.options.writer.residentId);
    this.#ports.counters.peers--;
    if (peer.joined && peer.stale === null) this.#rememberWhatItHas();
    this.#presence.leave(peer, this.#now());
    if (this.peers.size === 0) this.stop();
    else this.#presenceSoon();
    return true;
  }

  stop(): void {
    this.#care.stop();
    this.#presenceTimer?.cancel();
    this.#presenceTimer = null;
    // Others must not believe that somebody is still here.
    const last = this.#flushPresence();
    if (last !== null && last.ours.length > 0) this.#hooks.shown(last.ours);
  }

  dismiss(peer: Peer, name: CloseName): void {
    if (peer.gone) return;
    // Behind all that it has not read the reason would wait for long, and all of that with it.
    if (peer.overBudget) peer.terminate(name);
    else peer.close(name);
    this.leave(peer);
  }

  /**
   * Closes the sockets of one person; what they sent and is not committed yet does not count any more.
   * @param ended sessions that are over: their sockets are told so
   */
  closeResident(residentId: string, name: CloseName, ended: ReadonlySet<string> = noSessions): void {
    for (const peer of [...this.peers]) {
      if (peer.options.writer?.residentId !== residentId) continue;
      this.dismiss(peer.revoke(), ended.has(peer.options.sessionId ?? "") ? "session-ended" : name);
    }
  }

  /** One committed update of another node for everyone: encoded once, one write a peer. */
  broadcast(update: Uint8Array): void {
    const frame = sharedUpdate(update);
    const now = this.#now();
    for (const peer of this.peers) this.#pass(peer, frame, now);
  }

  /**
   * What a tick has brought: its update to everyone, and to those who asked for it what of theirs is on disk now, with
   * one write a peer. A sole author has the update already.
   */
  tell(document: BoardDocument, update: Uint8Array | null, { authors, saved }: TickWork): void {
    const frame = update === null ? null : sharedUpdate(update);
    const now = this.#now();
    const sole = authors.size === 1 ? [...authors][0] : null;
    if (frame !== null)
      for (const peer of this.peers) if (peer !== sole && !saved.has(peer)) this.#pass(peer, frame, now);
    for (const [peer, own] of saved) {
      peer.together(() => {
        if (frame !== null && peer !== sole) this.#pass(peer, frame, now);
        this.#acknowledge(document, peer, own, now);
      });
      if (peer.overBudget) this.#slowDown(peer);
    }
  }

  #pass(peer: Peer, frame: SharedFrame, now: number): void {
    if (!peer.joined || peer.stale !== null) return;
    if (peer.sendShared(frame, now) && peer.overBudget) this.#slowDown(peer);
  }

  #acknowledge(document: BoardDocument, peer: Peer, { upTo, clients }: Saved, now: number): void {
    peer.durable = upTo;
    for (const client of clients) peer.lastClient = client;
    if (clients.size === 0) clients.add(peer.lastClient);
    if (!peer.options.wantsSaved || peer.stale !== null) return;
    for (const client of clients)
      peer.sendShared(SharedFrame.of(savedFrame(client, document.clockOf(client), upTo)), now);
  }

  /** Asks a peer for all it has: an increment of it built on something the board lacks. */
  askAgain(document: BoardDocument, peer: Peer): void {
    this.#ports.counters.resyncs++;
    if (peer.stale !== null) return;
    peer.sendShared(this.doorway.greetingOf(document), this.#now());
    if (peer.overBudget) this.#slowDown(peer);
  }

  takePresence(peer: Peer, entries: AwarenessEntries): void {
    this.#presence.take(peer, entries(this.#presence.idOf(peer)), this.#now());
    this.#presenceSoon();
  }

  /** The account that shows itself under a client id, if any does or did. */
  shownBy(clientId: number): string | undefined {
    return this.#presence.shownBy(clientId);
  }

  takePresenceElsewhere(entries: readonly ShownEntry[]): void {
    this.#presence.takeElsewhere(entries, this.#now());
    this.#presenceSoon();
  }

  /** Tells the other nodes all that is shown here. */
  showOurs(): void {
    const ours = this.#presence.ours(this.#now());
    if (ours.length > 0) this.#hooks.shown(ours);
  }

  /** Tells a peer who is there, or later when it is busy reading. */
  showPresence(peer: Peer): void {
    if (peer.options.writer === null || peer.stale !== null) return;
    if (peer.busy) {
      this.#showLater(peer);
      return;
    }
    const frame = this.#presence.everyone(peer, this.#now());
    peer.missesPresence = false;
    if (frame !== null) peer.send(frame, this.#now());
  }

  #showLater(peer: Peer): void {
    peer.missesPresence = true;
    this.#care.watchSlow();
  }

  #count(peer: Peer, by: 1 | -1): void {
    const residentId = peer.options.writer?.residentId;
    if (residentId === undefined) return;
    const count = (this.#ofResident.get(residentId) ?? 0) + by;
    if (count === 0) this.#ofResident.delete(residentId);
    else this.#ofResident.set(residentId, count);
  }

  /** From now on no frames for it. What it has is what was committed, so this waits while a tick is on its way. */
  #slowDown(peer: Peer): void {
    const board = this.#hooks.committed();
    if (board === null || peer.stale !== null) return;
    const has = board.document.stateVector();
    board.replies.remember(has, board.seq);
    peer.becomeStale(has, this.#now());
    this.#care.watchSlow();
  }

  /** A slow peer has read what it had: it gets all it missed in one frame. */
  #catchUp(peer: Peer): void {
    const board = this.#hooks.committed();
    if (board === null || peer.stale === null) return;
    const { has } = peer.stale;
    const { document } = board;
    peer.stale = null;
    for (const frame of board.replies.reply(has, board.seq)) peer.sendShared(frame, this.#now());
    if (peer.options.wantsSaved && peer.durable > 0) {
      peer.send(savedFrame(peer.lastClient, document.clockOf(peer.lastClient), peer.durable), this.#now());
    }
    if (peer.awaitsStepTwo) this.askAgain(document, peer);
    this.showPresence(peer);
    if (peer.overBudget) this.#slowDown(peer);
  }

  #rememberWhatItHas(): void {
    const board = this.#hooks.committed();
    if (board !== null) board.replies.remember(board.document.stateVector(), board.seq);
  }

  #presenceSoon(): void {
    if (!this.#presence.dirty || this.peers.size === 0) return;
    const { presenceMs } = this.#ports.settings;
    const wait = Math.min(presenceMs + this.peers.size / 2, presenceMs * 4);
    this.#presenceTimer ??= this.#ports.timers.after(wait, () => {
      this.#presenceTimer = null;
      const now = this.#now();
      const flushed = this.#flushPresence();
      // What was too much for now waits.
      this.#presenceSoon();
      if (flushed === null) return;
      const { without, ours } = flushed;
      const all = SharedFrame.of(flushed.all);
      if (ours.length > 0) this.#hooks.shown(ours);
      for (const peer of this.peers) {
        if (peer.options.writer === null || peer.stale !== null || this.doorway.awaits(peer)) continue;
        // Shed first: who reads slowly gets the edits, and later all that is shown by then.
        if (peer.busy) this.#showLater(peer);
        else if (peer.missesPresence) this.showPresence(peer);
        else {
          const own = without.get(peer);
          if (own === undefined) peer.sendShared(all, now);
          else if (own !== null) peer.send(own, now);
        }
      }
    });
  }

  /** Each entry is paid for by whose it is, once for every peer here; its own stands for the other nodes. */
  #flushPresence(): ReturnType<Presence["flush"]> {
    const { accounts } = this.#ports;
    const now = this.#now();
    return this.#presence.flush((account, bytes) => accounts.mayShow(account, bytes * this.peers.size, now));
  }

  #now(): number {
    return this.#ports.timers.now();
  }
}

const noSessions: ReadonlySet<string> = new Set();
