import type { SharedFrame } from "../../server/sync/frame.ts";
import type { BoardSocket } from "../../server/sync/peer.ts";
import type { Chance } from "./chance.ts";
import type { ProcessLife } from "./process-life.ts";
import type { SentFrames } from "./sent-frames.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The client's end: what a browser's WebSocket tells its owner. */
export type LineClient = {
  opened(): void;
  heard(frame: Uint8Array): void;
  closed(code: number): void;
};

/** Which end learns that a connection is gone: both, only one, or none, who then has to notice the silence. */
export type Cut = "both" | "client-only" | "server-only" | "none";

/** How long a socket waits for the other's close frame before it ends by itself, milliseconds. */
const closeTimeout = 30_000;

/** How long a browser waits for a server that does not answer, milliseconds. */
const handshakeTimeout = 20_000;

/** One WebSocket: two ordered ways with a delay, which can break, fall silent, or stall in the reading. */
export class SimLine {
  readonly server: ServerEnd;
  readonly clock: VirtualClock;
  readonly life: ProcessLife;
  readonly frames: SentFrames;
  readonly #chance: Chance;
  readonly #client: LineClient;
  #open = true;
  #silent = false;
  #lastUp = 0;
  #lastDown = 0;
  #stalled: (() => void)[] | null = null;
  #stalledUntil = 0;

  constructor(
    clock: VirtualClock,
    life: ProcessLife,
    chance: Chance,
    client: LineClient,
    frames: SentFrames,
  ) {
    this.clock = clock;
    this.life = life;
    this.frames = frames;
    this.#chance = chance;
    this.#client = client;
    this.server = new ServerEnd(this);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Not as both ends have it, or not read: it goes on to change by itself. */
  get isOdd(): boolean {
    const { isOpen, hasEnded } = this.server;
    if (!this.#open && hasEnded) return false;
    return this.#silent || this.#stalled !== null || this.#open !== isOpen;
  }

  /** Whether the client has read all that came, at any time since. */
  readsSince(then: number): boolean {
    return !this.#silent && this.#stalled === null && this.#stalledUntil < then;
  }

  /** Asks to be let in; `judge` is the server, which lets the socket in or turns it away. */
  connect(judge: (open: () => BoardSocket, refuse: () => void) => void): void {
    let opened = false;
    this.clock.after(
      this.#delay(),
      () => {
        if (!this.#open) return;
        judge(
          () => {
            this.toClient(() => {
              opened = true;
              this.#client.opened();
            });
            return this.server;
          },
          () => this.cut("both"),
        );
      },
      this.life,
    );
    this.clock.after(handshakeTimeout, () => {
      if (opened || !this.#open) return;
      this.cut("server-only");
      this.tellClosed(1006);
    });
  }

  /** The client sends; bytes go up in their order. */
  send(frame: Uint8Array): void {
    if (!this.#open) return;
    this.frames.up(frame);
    this.toServer(() => this.server.hear(frame));
  }

  /** The client closes and takes no notice of the rest. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.toServer(() => this.server.ended());
  }

  /** The network breaks. */
  cut(how: Cut): void {
    if (this.#silent) return;
    this.#silent = true;
    if (how === "both" || how === "client-only") this.clock.after(this.#delay(), () => this.tellClosed(1006));
    if (how === "both" || how === "server-only")
      this.clock.after(this.#delay(), () => this.server.ended(), this.life);
  }

  /** The client reads nothing for so many milliseconds. */
  stall(ms: number): void {
    if (this.#stalled !== null) return;
    this.#stalled = [];
    this.clock.after(ms, () => {
      const waiting = this.#stalled ?? [];
      this.#stalled = null;
      this.#stalledUntil = this.clock.now;
      this.server.bufferedAmount = 0;
      for (const deliver of waiting) deliver();
    });
  }

  /** The process behind the server's end is gone. */
  processDied(): void {
    this.cut("client-only");
  }

  toServer(run: () => void): void {
    this.#lastUp = Math.max(this.#lastUp, this.clock.now + this.#delay());
    this.clock.after(this.#lastUp - this.clock.now, () => this.#silent || run(), this.life);
  }

  /** Down the ordered way, or kept while the client does not read. */
  toClient(run: () => void, bytes = 0): void {
    const deliver = () => {
      this.#lastDown = Math.max(this.#lastDown, this.clock.now + this.#delay());
      this.clock.after(this.#lastDown - this.clock.now, () => this.#silent || run());
    };
    if (this.#silent) this.server.bufferedAmount += bytes;
    else if (this.#stalled === null) deliver();
    else {
      this.server.bufferedAmount += bytes;
      this.#stalled.push(deliver);
    }
  }

  deliver(frame: Uint8Array): void {
    if (!this.#open) return;
    try {
      this.#client.heard(frame);
    } catch (error) {
      this.frames.unreadable(error);
    }
  }

  tellClosed(code: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.#client.closed(code);
  }

  #delay(): number {
    return this.#chance.between(1, 12);
  }
}

/** The part of a `ws` socket that the rooms use. */
class ServerEnd implements BoardSocket {
  bufferedAmount = 0;
  readonly #line: SimLine;
  readonly #message: ((data: unknown, isBinary: boolean) => void)[] = [];
  readonly #close: (() => void)[] = [];
  readonly #pong: (() => void)[] = [];
  #closing = false;
  #ended = false;

  constructor(line: SimLine) {
    this.#line = line;
  }

  on(event: string, listener: ((data: unknown, isBinary: boolean) => void) & (() => void)): this {
    if (event === "message") this.#message.push(listener);
    else if (event === "close") this.#close.push(listener);
    else if (event === "pong") this.#pong.push(listener);
    return this;
  }

  send(data: Uint8Array): void {
    if (!this.#line.life.acts() || this.#closing || this.#ended) return;
    this.#line.frames.down(data, data);
    this.#line.toClient(() => this.#line.deliver(data), data.length);
  }

  sendShared(frame: SharedFrame): boolean {
    if (!this.#line.life.acts() || this.#closing || this.#ended) return false;
    const { message } = frame;
    this.#line.frames.down(message, frame);
    this.#line.toClient(() => this.#line.deliver(message), message.length);
    return this.bufferedAmount > 0;
  }

  close(code: number): void {
    if (!this.#line.life.acts() || this.#closing || this.#ended) return;
    this.#closing = true;
    this.#line.toClient(() => {
      this.#line.tellClosed(code);
      this.#line.toServer(() => this.ended());
    });
    this.#line.clock.after(closeTimeout, () => this.ended(), this.#line.life);
  }

  terminate(): void {
    if (!this.#line.life.acts()) return;
    this.#line.cut("both");
    this.#line.clock.after(0, () => this.ended(), this.#line.life);
  }

  ping(): void {
    if (!this.#line.life.acts() || this.#ended) return;
    this.#line.toClient(() =>
      this.#line.toServer(() => {
        for (const listener of this.#pong) listener();
      }),
    );
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The server has neither closed it nor heard of its end. */
  get isOpen(): boolean {
    return !this.#closing && !this.#ended;
  }

  hear(frame: Uint8Array): void {
    if (this.#ended) return;
    this.#line.frames.arrived();
    for (const listener of this.#message) listener(frame, true);
  }

  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const listener of this.#close) listener();
  }
}
