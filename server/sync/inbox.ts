import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { Audience } from "./audience.ts";
import { MalformedBytes } from "./byte-reader.ts";
import type { SyncCounters } from "./counters.ts";
import type { Peer } from "./peer.ts";
import { decodeFrame, type Incoming } from "./protocol.ts";
import type { RoomSettings } from "./settings.ts";
import type { Message, Waiting } from "./tick-work.ts";
import type { Timers } from "./timers.ts";

type InboxPorts = { timers: Timers; settings: RoomSettings; counters: SyncCounters };

type InboxHooks = {
  /** Somebody asked for the board. */
  asked(): void;
  /** Something waits for the next tick. */
  queued(): void;
  dismiss(peer: Peer, name: CloseName): void;
};

/** What answering one sync step 1 counts as, in new structs (see `workPerSecond`), and how many bytes of it one more. */
const stepOneCost = 200;
const bytesOfStruct = 100;
/** What telling one socket who is there counts as. */
const queryCost = 50;

/** All that comes in to one room: bounded, decoded, and either answered or kept in order for the next tick. */
export class Inbox {
  readonly #ports: InboxPorts;
  readonly #audience: Audience;
  readonly #hooks: InboxHooks;
  readonly #queue: Waiting[] = [];
  /** Bytes that wait. */
  bytes = 0;

  constructor(ports: InboxPorts, audience: Audience, hooks: InboxHooks) {
    this.#ports = ports;
    this.#audience = audience;
    this.#hooks = hooks;
  }

  get length(): number {
    return this.#queue.length;
  }

  takeAll(): Waiting[] {
    this.bytes = 0;
    // Emptied and kept, for the reason told at the document's transactions.
    return this.#queue.splice(0);
  }

  /** Puts messages in front of what waits. */
  putBack(messages: readonly Message[]): void {
    this.#queue.unshift(...messages);
    for (const { update } of messages) this.bytes += update.length;
    this.#hooks.queued();
  }

  addEdit(edit: Waiting & { kind: "edit" }): void {
    this.#queue.push(edit);
    this.#hooks.queued();
  }

  receive(peer: Peer, data: unknown, isBinary: boolean): void {
    if (peer.gone || peer.revoked) return;
    const { counters, settings, timers } = this.#ports;
    if (!isBinary || !(data instanceof Uint8Array)) {
      this.#hooks.dismiss(peer, "malformed");
      return;
    }
    counters.messages++;
    counters.bytesIn += data.length;
    if (!peer.mayReceive(data.length, timers.now())) {
      this.#hooks.dismiss(peer, "rate-limited");
      return;
    }
    try {
      this.#handle(peer, decodeFrame(data, settings.limits));
    } catch (error) {
      if (!(error instanceof MalformedBytes)) throw error;
      this.#hooks.dismiss(peer, "malformed");
    }
  }

  /**
   * A ping or a pong. Who floods with them is no browser and is ended at once, even when it was told to go already: until
   * it answers that, it could go on.
   */
  receiveSign(peer: Peer): void {
    if (peer.maySign(this.#ports.timers.now())) return;
    this.#hooks.dismiss(peer, "rate-limited");
    peer.socket.terminate();
  }

  #handle(peer: Peer, message: Incoming): void {
    switch (message.kind) {
      case "step-one":
        if (!this.#mayAsk(peer, stepOneCost + message.stateVector.length / bytesOfStruct)) return;
        this.#audience.doorway.ask(peer, message.stateVector);
        this.#hooks.asked();
        return;
      case "step-two":
      case "update":
        this.#enqueue(peer, message.update, message.kind === "step-two");
        return;
      case "awareness":
        this.#audience.takePresence(peer, message.entries);
        return;
      case "query-awareness":
        if (this.#mayAsk(peer, queryCost)) this.#audience.showPresence(peer);
    }
  }

  /** A few bytes that ask for the whole board, or for everyone on it: they count as the work they make. */
  #mayAsk(peer: Peer, cost: number): boolean {
    if (peer.mayAsk(cost, this.#ports.timers.now())) return true;
    this.#hooks.dismiss(peer, "rate-limited");
    return false;
  }

  #enqueue(peer: Peer, update: Uint8Array, stepTwo: boolean): void {
    if (!peer.mayQueue(update.length)) {
      this.#hooks.dismiss(peer, "rate-limited");
      return;
    }
    const upTo = ++peer.received;
    peer.queuedMessages++;
    peer.queuedBytes += update.length;
    this.bytes += update.length;
    this.#queue.push({ kind: "message", peer, update, stepTwo, upTo, again: false });
    this.#hooks.queued();
  }
}
