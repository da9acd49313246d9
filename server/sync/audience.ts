import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { Turns } from "../turns.ts";
import type { Accounts } from "./accounts.ts";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import { SharedFrame } from "./frame.ts";
import type { Peer } from "./peer.ts";
import { PeerCare } from "./peer-care.ts";
import type { ShownEntry } from "./ports.ts";
import { Presence } from "./presence.ts";
import { type AwarenessEntries, savedFrame, sharedUpdate, stepOneFrame } from "./protocol.ts";
import { isOldCopy } from "./renewal.ts";
import type { SyncReplies } from "./replies.ts";
import type { RoomSettings } from "./settings.ts";
import type { TickWork } from "./tick-work.ts";
import type { Timer, Timers } from "./timers.ts";

type AudiencePorts = {
  timers: Timers;
  turns: Turns;
  settings: RoomSettings;
  counters: SyncCounters;
  accounts: Accounts;
};

/** The board as everyone may see it. */
export type CommittedBoard = { document: BoardDocument; replies: SyncReplies; seq: number };

/** What an audience asks its room. */
type AudienceHooks = {
  /** The board while all of it is on disk; null in between: what cannot be seen cannot be sent (INV-1). */
  committed(): CommittedBoard | null;
  /** The account a client id of the document belongs to. */
  ownerOf(clientId: number): string | undefined;
  /** What is stored, while there is no document of it yet. */
  stored(): SyncReplies | null;
  /** What the sockets of this node show of themselves has changed. */
  shown(entries: readonly ShownEntry[]): void;
};

/** A board this large, in bytes, takes so long to make a document of that a person would notice. */
const largeBoard = 64 * 1024;
/** How long first questions are waited for before that, and how long answers may leave, milliseconds. */
const longestAsking = 40;
const longestLeave = 300;
const earlyEvery = 4;

/** What answering one who asks takes of a turn of the event loop, and with how many bytes it takes all of one. */
const answerShare = 1 / 32;
const bytesOfTurn = 2 * 1024 * 1024;

/** Everyone in a room, and all that is sent to them. */
export class Audience {
  readonly peers = new Set<Peer>();
  readonly #ports: AudiencePorts;
  readonly #hooks: AudienceHooks;
  readonly #presence: Presence;
  readonly #care: PeerCare;
  /** How many connections each person has here. */
  readonly #ofResident = new Map<string, number>();
  /** Peers that have not been greeted with our sync step 1 yet, and those whose own is not answered. */
  readonly #arrivals = new Set<Peer>();
  readonly #asking = new Set<Peer>();
  /** The next of those who asked is waiting for its turn. */
  #inTurn = false;
  /** Our sync step 1 for a version of the board. */
  #greeting: { stateVector: Uint8Array; frame: SharedFrame } | null = null;
  #presenceTimer: Timer | null = null;

  constructor(ports: AudiencePorts, hooks: AudienceHooks) {
    this.#ports = ports;
    this.#hooks = hooks;
    this.#presence = new Presence(ports.settings.limits, hooks.ownerOf);
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
    this.#arrivals.add(peer);
    this.#care.watch();
  }

  /** How many connections the person behind this one has here already. */
  peersOf(newcomer: Peer): number {
    const residentId = newcomer.options.writer?.residentId;
    return residentId === undefined ? 0 : (this.#ofResident.get(residentId) ?? 0);
  }

  /** The socket is gone or going. False when it was gone already. */
  leave(peer: Peer): boolean {
    peer.gone = true;
    this.#arrivals.delete(peer);
    this.#asking.delete(peer);
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

  /** Notes a sync step 1, to be answered as soon as the board is all on disk. */
  ask(peer: Peer, stateVector: Uint8Array): void {
    peer.waitingStepOne = stateVector;
    this.#asking.add(peer);
  }

  /**
   * Before the long work of making a large board's document: hears who asks already, and lets what they are sent leave.
   * @param wanted whether the board is still loading
   */
  async serveEarly(replies: SyncReplies, wanted: () => boolean): Promise<void> {
    const { timers } = this.#ports;
    const began = timers.now();
    this.serve();
    while (replies.bytes > largeBoard && wanted()) {
      const waited = timers.now() - began;
      const asking =
        waited < longestAsking && this.#some((peer) => !peer.joined && peer.waitingStepOne === null);
      const leaving =
        waited < longestLeave && (this.#inTurn || this.#some((peer) => peer.socket.bufferedAmount > 0));
      if (!asking && !leaving) return;
      await new Promise<void>((resolve) => {
        timers.after(earlyEvery, resolve);
      });
    }
  }

  /** Greets who came and answers who asked, as far as the document is committed. */
  serve(): void {
    if (this.#arrivals.size > 0) this.#greet();
    if (this.#asking.size > 0) this.#answerInTurn();
  }

  #greet(): void {
    const board = this.#hooks.committed();
    if (board === null) return;
    const greeting = this.#greetingOf(board.document);
    for (const peer of this.#arrivals) {
      peer.sendShared(greeting, this.#now());
      this.showPresence(peer);
    }
    this.#arrivals.clear();
  }

  #greetingOf(document: BoardDocument): SharedFrame {
    const stateVector = document.stateVector();
    if (this.#greeting?.stateVector !== stateVector)
      this.#greeting = { stateVector, frame: SharedFrame.of(stepOneFrame(stateVector)) };
    return this.#greeting.frame;
  }

  /** A herd is answered one after the other, with room for other boards in between. */
  #answerInTurn(): void {
    if (this.#inTurn) return;
    this.#inTurn = true;
    this.#ports.turns.take(() => {
      this.#inTurn = false;
      const bytes = this.#answerNext();
      if (bytes === null) return 0;
      this.#answerInTurn();
      return answerShare + bytes / bytesOfTurn;
    });
  }

  /** The bytes that the next of those who asked was sent; null when nobody can be answered now. */
  #answerNext(): number | null {
    const board = this.#hooks.committed();
    const stored = this.#hooks.stored();
    for (const peer of this.#asking) {
      const has = peer.waitingStepOne;
      if (has === null) continue;
      if (board !== null) return this.#answer(peer, board, has);
      const frames = stored?.atHand(has) ?? null;
      if (frames !== null) return this.#send(peer, frames);
    }
    return null;
  }

  /** One committed update for everyone: encoded once, one write a peer. A sole author has it already. */
  broadcast(update: Uint8Array, authors: ReadonlySet<Peer | null>): void {
    const frame = sharedUpdate(update);
    const now = this.#now();
    const sole = authors.size === 1 ? [...authors][0] : null;
    for (const peer of this.peers) {
      if (!peer.joined || peer.stale !== null || peer === sole) continue;
      peer.sendShared(frame, now);
      if (peer.overBudget) this.#slowDown(peer);
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
      if (peer.overBudget) this.#slowDown(peer);
    }
  }

  /** Asks a peer for all it has: an increment of it built on something the board lacks. */
  askAgain(document: BoardDocument, peer: Peer): void {
    this.#ports.counters.resyncs++;
    if (peer.stale !== null) return;
    peer.sendShared(this.#greetingOf(document), this.#now());
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

  #some(of: (peer: Peer) => boolean): boolean {
    for (const peer of this.peers) if (of(peer)) return true;
    return false;
  }

  #count(peer: Peer, by: 1 | -1): void {
    const residentId = peer.options.writer?.residentId;
    if (residentId === undefined) return;
    const count = (this.#ofResident.get(residentId) ?? 0) + by;
    if (count === 0) this.#ofResident.delete(residentId);
    else this.#ofResident.set(residentId, count);
  }

  /** Answers how many bytes it was sent. */
  #answer(peer: Peer, board: CommittedBoard, has: Uint8Array): number {
    if (isOldCopy(has, board.document.base)) {
      // Nothing of it is known here any more, and what it sent with it must not be taken for new.
      peer.revoked = true;
      this.dismiss(peer, "board-renewed");
      return 0;
    }
    if (peer.stale !== null) {
      this.#answered(peer);
      peer.stale.has = has;
      return 0;
    }
    return this.#send(peer, board.replies.reply(has, board.seq));
  }

  #send(peer: Peer, frames: readonly SharedFrame[]): number {
    this.#answered(peer);
    let bytes = 0;
    for (const frame of frames) {
      peer.sendShared(frame, this.#now());
      bytes += frame.bytes.length;
    }
    if (peer.overBudget) this.#slowDown(peer);
    return bytes;
  }

  #answered(peer: Peer): void {
    peer.waitingStepOne = null;
    peer.joined = true;
    this.#asking.delete(peer);
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
        if (peer.options.writer === null || peer.stale !== null || this.#arrivals.has(peer)) continue;
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
