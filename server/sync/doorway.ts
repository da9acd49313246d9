import { guardCounts } from "../../shared/board/limits.ts";
import type { Turns } from "../turns.ts";
import type { BoardDocument } from "./document.ts";
import { SharedFrame } from "./frame.ts";
import type { Peer } from "./peer.ts";
import { stepOneFrame } from "./protocol.ts";
import { isOldCopy } from "./renewal.ts";
import type { SyncReplies } from "./replies.ts";
import type { Timers } from "./timers.ts";

type DoorwayPorts = { timers: Timers; turns: Turns };

/** The board as everyone may see it. */
export type CommittedBoard = { document: BoardDocument; replies: SyncReplies; seq: number };

/** What is asked of the room about its board. */
export type BoardAtHand = {
  /** The board while all of it is on disk; null in between: what cannot be seen cannot be sent (INV-1). */
  committed(): CommittedBoard | null;
  /** What is stored, while there is no document of it yet. */
  stored(): SyncReplies | null;
};

type DoorwayHooks = {
  peers: ReadonlySet<Peer>;
  /** Tells a peer who is there. */
  showPresence(peer: Peer): void;
  /** More was sent to a peer than it has read. */
  slowDown(peer: Peer): void;
  /** Somebody brings a copy from before the board was renewed. */
  turnAway(peer: Peer): void;
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
/** Bytes of a board for which Yjs takes all of a turn when they have to be put together first. */
const encodedOfTurn = 64 * 1024;

/** Greets who comes to a board, and answers who asks for it, as soon as all of it is on disk. */
export class Doorway {
  readonly #ports: DoorwayPorts;
  readonly #board: BoardAtHand;
  readonly #hooks: DoorwayHooks;
  /** Peers that have not been greeted with our sync step 1 yet, and those whose own is not answered. */
  readonly #arrivals = new Set<Peer>();
  readonly #asking = new Set<Peer>();
  /** The next of those who asked is waiting for its turn. */
  #inTurn = false;
  /** Our sync step 1 for a version of the board. */
  #greeting: { stateVector: Uint8Array; frame: SharedFrame } | null = null;

  constructor(ports: DoorwayPorts, board: BoardAtHand, hooks: DoorwayHooks) {
    this.#ports = ports;
    this.#board = board;
    this.#hooks = hooks;
  }

  arrive(peer: Peer): void {
    this.#arrivals.add(peer);
  }

  leave(peer: Peer): void {
    this.#arrivals.delete(peer);
    this.#asking.delete(peer);
  }

  /** Whether a peer has not been greeted yet. */
  awaits(peer: Peer): boolean {
    return this.#arrivals.has(peer);
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

  /** Our sync step 1, with which a peer is asked for all it has. */
  greetingOf(document: BoardDocument): SharedFrame {
    const stateVector = document.stateVector();
    if (this.#greeting?.stateVector !== stateVector)
      this.#greeting = { stateVector, frame: SharedFrame.of(stepOneFrame(stateVector)) };
    return this.#greeting.frame;
  }

  #greet(): void {
    const board = this.#board.committed();
    if (board === null) return;
    const greeting = this.greetingOf(board.document);
    for (const peer of this.#arrivals) {
      peer.sendShared(greeting, this.#now());
      this.#hooks.showPresence(peer);
    }
    this.#arrivals.clear();
  }

  /** A herd is answered one after the other, with room for other boards in between. */
  #answerInTurn(): void {
    if (this.#inTurn) return;
    this.#inTurn = true;
    this.#ports.turns.take(() => {
      this.#inTurn = false;
      const share = this.#answerNext();
      if (share === null) return 0;
      this.#answerInTurn();
      return share;
    });
  }

  /** Answers the next of those who asked: what it took of a turn; null when nobody can be answered now. */
  #answerNext(): number | null {
    const board = this.#board.committed();
    const stored = this.#board.stored();
    for (const peer of this.#asking) {
      const has = peer.waitingStepOne;
      if (has === null) continue;
      if (board !== null) return this.#answer(peer, board, has);
      const frames = stored?.atHand(has) ?? null;
      if (frames !== null) return this.#send(peer, frames);
    }
    return null;
  }

  #answer(peer: Peer, board: CommittedBoard, has: Uint8Array): number {
    if (isOldCopy(has, board.document.base)) {
      // Nothing of it is known here any more, and what it sent with it must not be taken for new.
      peer.revoked = true;
      this.#hooks.turnAway(peer);
      return 0;
    }
    if (peer.stale !== null) {
      this.#answered(peer);
      peer.stale.has = has;
      return 0;
    }
    const { replies, seq } = board;
    const before = replies.encoded;
    const frames = replies.reply(has, seq);
    const encoded = replies.encoded - before;
    // Others who ask for the same get what was worked out for the first.
    if (encoded > 0) peer.chargeWork(encoded / guardCounts.bytesEncodedPerStruct, this.#now());
    return encoded / encodedOfTurn + this.#send(peer, frames);
  }

  #send(peer: Peer, frames: readonly SharedFrame[]): number {
    this.#answered(peer);
    const now = this.#now();
    let bytes = 0;
    peer.together(() => {
      for (const frame of frames) {
        peer.sendShared(frame, now);
        bytes += frame.bytes.length;
      }
    });
    if (peer.overBudget) this.#hooks.slowDown(peer);
    return answerShare + bytes / bytesOfTurn;
  }

  #answered(peer: Peer): void {
    peer.waitingStepOne = null;
    peer.joined = true;
    this.#asking.delete(peer);
  }

  #some(of: (peer: Peer) => boolean): boolean {
    for (const peer of this.#hooks.peers) if (of(peer)) return true;
    return false;
  }

  #now(): number {
    return this.#ports.timers.now();
  }
}
