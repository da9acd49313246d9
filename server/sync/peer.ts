import type { RoomLimits } from "../../shared/board/limits.ts";
import { type CloseName, closeCodes } from "../../shared/wire/close-codes.ts";
import type { Account, Cost } from "./accounts.ts";
import type { SyncCounters } from "./counters.ts";
import type { SharedFrame } from "./frame.ts";
import type { BoardAccess, BoardWriter } from "./ports.ts";
import { TokenBucket } from "./token-bucket.ts";

/** The part of a `ws` socket that a peer needs. */
export type BoardSocket = {
  readonly bufferedAmount: number;
  send(data: Uint8Array): void;
  /**
   * Writes a frame that many sockets get; without it the message is sent like any other. Answers whether something of
   * it, or of what was sent before, is not with the system yet.
   */
  sendShared?(frame: SharedFrame): boolean;
  /** What `send` sends with `sendShared`, and it sends nothing else, goes out in one write; without it each by itself. */
  together?(send: () => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
  on(event: "message", listener: (data: unknown, isBinary: boolean) => void): unknown;
  on(event: "close" | "ping" | "pong", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
};

export type PeerOptions = {
  boardId: string;
  sessionId?: string;
  /** Null for somebody who only looks: sees the board, and nobody sees them. */
  writer: BoardWriter | null;
  access: BoardAccess;
  /** Whether the client asked for `saved` messages. */
  wantsSaved: boolean;
};

/** One socket in one room: what it may, what it was sent, what it still owes. */
export class Peer {
  readonly socket: BoardSocket;
  readonly options: PeerOptions;
  /** Gets the room's frames: its first sync step 1 has been answered. */
  joined = false;
  /** Its increments are ignored until its sync step 2 is there, which contains them. */
  awaitsStepTwo = true;
  /** The state vector of a sync step 1 that waits for a committed document. */
  waitingStepOne: Uint8Array | null = null;
  /** Sync step 2 and update frames received so far, and how many of them are durable. */
  received = 0;
  durable = 0;
  /** The client id it last wrote under; 0 before. */
  lastClient = 0;
  /** Messages and bytes of this socket that wait in the room's queue. */
  queuedMessages = 0;
  queuedBytes = 0;
  /** What it has, when it reads too slowly to be sent more. */
  stale: { has: Uint8Array; until: number } | null = null;
  /** Something of it waits for a second look, and all that it sends waits behind that. */
  heldBack = false;
  /** Presence was not passed on to it because it was busy reading. */
  missesPresence = false;
  /** Its socket is closed or closing: nothing is sent to it any more. */
  gone = false;
  /** Refused, or its rights have ended: what it still has in the queue does not count. */
  revoked = false;
  lastHeard: number;
  lastSent: number;
  /** What all sockets of this person may do together; null for a screen. */
  readonly #account: Account | null;
  readonly #limits: RoomLimits;
  readonly #counters: SyncCounters;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #signs: TokenBucket;
  readonly #work: TokenBucket;

  constructor(
    socket: BoardSocket,
    options: PeerOptions,
    limits: RoomLimits,
    counters: SyncCounters,
    now: number,
    account: Account | null = null,
  ) {
    this.#account = account;
    this.socket = socket;
    this.options = options;
    this.#limits = limits;
    this.#counters = counters;
    this.lastHeard = now;
    this.lastSent = now;
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messageBurst, now);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.byteBurst, now);
    this.#signs = new TokenBucket(limits.signsPerSecond, limits.signBurst, now);
    this.#work = new TokenBucket(limits.workPerSecond, limits.workBurst, now);
  }

  /** Whether one more message of this size is within the socket's rate. */
  mayReceive(bytes: number, now: number): boolean {
    this.lastHeard = now;
    if (!this.#messages.take(1, now) || !this.#bytes.take(bytes, now)) return false;
    return this.#account?.mayReceive(bytes, now) ?? true;
  }

  /** What it has sent and is not committed yet counts no more. */
  revoke(): this {
    this.revoked = true;
    return this;
  }

  /** Whether one more ping or pong is within the socket's rate: apart from messages, for an answer to ours costs it none. */
  maySign(now: number): boolean {
    this.lastHeard = now;
    return this.#signs.take(1, now);
  }

  /** Whether what it asked for is within the socket's rate. */
  mayAsk(work: number, now: number): boolean {
    this.#account?.chargeWork(work, now);
    return this.#work.take(work, now);
  }

  /** Notes what it has made the board do already: it has to be earned back before anything more of it is taken. */
  chargeWork(work: number, now: number): void {
    this.#account?.chargeWork(work, now);
    this.#work.charge(work, now);
  }

  /** Notes what its edits leave in the history of the board, bytes. */
  chargeHistory(bytes: number, now: number): void {
    this.#account?.chargeHistory(bytes, now);
  }

  /** Whether it, or its person, owes for what is done already. */
  owes(now: number): boolean {
    return this.#work.inDebt(now) || (this.#account?.owes(now) ?? false);
  }

  /** Whether the work its edit made is within the socket's rate. */
  mayCost(cost: Cost, now: number): boolean {
    this.#account?.chargeEdit(cost, now);
    return this.#work.take(cost.work, now);
  }

  /** Whether the room may queue one more message of this socket. */
  mayQueue(bytes: number): boolean {
    return (
      this.queuedMessages < this.#limits.queuedMessages &&
      this.queuedBytes + bytes <= this.#limits.queuedBytes
    );
  }

  send(frame: Uint8Array, now: number): void {
    if (this.gone) return;
    this.lastSent = now;
    this.#counters.bytesOut += frame.length;
    this.socket.send(frame);
  }

  /** Answers whether it may be over its budget now: asking a socket for that costs as much as the rest of this. */
  sendShared(frame: SharedFrame, now: number): boolean {
    if (this.gone) return false;
    this.lastSent = now;
    this.#counters.bytesOut += frame.bytes.length;
    if (this.socket.sendShared) return this.socket.sendShared(frame);
    this.socket.send(frame.message);
    return true;
  }

  /** What `send` sends with `sendShared` goes out in one write, where the socket can. */
  together(send: () => void): void {
    if (this.socket.together) this.socket.together(send);
    else send();
  }

  /** Whether what was sent and not yet read is over the budget. */
  get overBudget(): boolean {
    return this.socket.bufferedAmount > this.#limits.staleBytes;
  }

  /** Whether it should get nothing but edits for now. */
  get busy(): boolean {
    return this.socket.bufferedAmount > this.#limits.staleBytes / 4;
  }

  /** Whether the peer has read enough to be sent more. */
  get drained(): boolean {
    return this.socket.bufferedAmount <= this.#limits.staleBytes / 4;
  }

  /**
   * From now on no frames, until it has drained; `has` is the board as it was sent so far. The time it
   * gets grows with what it still has to read, so that a slow phone can finish a large first load.
   */
  becomeStale(has: Uint8Array, now: number): void {
    const slowestRead = 16 * 1024;
    const reading = (this.socket.bufferedAmount / slowestRead) * 1000;
    this.stale = { has, until: now + this.#limits.staleFor + reading };
    // Who comes and goes meanwhile is told to those who read.
    this.missesPresence = true;
    this.#counters.stale++;
  }

  close(name: CloseName): void {
    this.#counters.closed[name] = (this.#counters.closed[name] ?? 0) + 1;
    this.gone = true;
    this.socket.close(closeCodes[name], name);
  }

  /** Ends the socket at once: a close frame would wait behind all that is not read. */
  terminate(name: CloseName): void {
    this.#counters.closed[name] = (this.#counters.closed[name] ?? 0) + 1;
    this.gone = true;
    this.socket.terminate();
  }
}
