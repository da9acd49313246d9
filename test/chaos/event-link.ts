import { io, type Socket } from "socket.io-client";
import type { Send, Welcome, WireEvent } from "../../shared/wire/contract.ts";
import { packets, protocolVersion } from "../../shared/wire/protocol.ts";
import { bearer } from "../server/yard.ts";
import type { Findings } from "./findings.ts";
import type { Site } from "./fleet.ts";

/** Between two tries to connect, milliseconds. */
const betweenTries = 250;
const connectPatience = 5_000;
const callPatience = 3_000;

/** A stretch of the log that a client heard without interruption, as far as it was told. */
export interface Stretch {
  /** The snapshot it began with holds everything up to here. */
  after: number;
  events: WireEvent[];
  /** Everything up to here should have been heard. */
  upTo: number;
}

/** A Socket.IO client that goes to the next node when its own is gone, and comes back with its cursor. */
export class EventLink {
  readonly name: string;
  readonly stretches: Stretch[] = [];
  readonly #options: { sites: Site[]; token: string; findings: Findings };
  #node: number;
  #socket: Socket | null = null;
  #welcomed = false;
  /** Heard before the welcome, which may hold it already. */
  #early: WireEvent[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(name: string, at: number, options: { sites: Site[]; token: string; findings: Findings }) {
    this.name = name;
    this.#node = at;
    this.#options = options;
    this.#connect();
  }

  get connected(): boolean {
    return this.#welcomed;
  }

  /** The last event or snapshot it has. */
  get cursor(): number {
    return this.#stretch?.upTo ?? 0;
  }

  /** As the contract's `send`, with a refusal named "unreachable" when no answer came. */
  readonly send: Send = async (name, input) => {
    const unknown = { ok: false, error: { code: "unreachable", message: "no answer" } } as const;
    const socket = this.#socket;
    if (!socket || !this.#welcomed) return unknown;
    try {
      return await socket.timeout(callPatience).emitWithAck(packets.command, { name, input });
    } catch {
      // A node that does not answer: the next one may.
      if (this.#socket === socket) this.#goOn();
      return unknown;
    }
  };

  /** Leaves its node for another. */
  goTo(node: number): void {
    if (this.#socket) this.#goOn(node);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#socket?.close();
  }

  get #stretch(): Stretch | undefined {
    return this.stretches.at(-1);
  }

  #connect(): void {
    if (this.#closed) return;
    const { sites, token } = this.#options;
    const socket = io(sites[this.#node]?.url, {
      auth: { protocol: protocolVersion, ...(this.#stretch ? { cursor: this.cursor } : {}) },
      transports: ["websocket"],
      extraHeaders: bearer(token),
      timeout: connectPatience,
      reconnection: false,
      forceNew: true,
    });
    this.#socket = socket;
    this.#early = [];
    const gone = () => this.#socket === socket && this.#goOn();
    const unwelcomed = setTimeout(gone, connectPatience * 2);
    socket.on("connect_error", gone);
    socket.on("disconnect", gone);
    socket.on(packets.event, (event: WireEvent) => {
      if (this.#socket !== socket) return;
      if (this.#welcomed) this.#hear(event);
      else this.#early.push(event);
    });
    socket.on(packets.welcome, (welcome: Welcome) => {
      clearTimeout(unwelcomed);
      if (this.#socket === socket) this.#begin(welcome);
    });
    socket.on("disconnect", () => clearTimeout(unwelcomed));
  }

  #goOn(node = this.#node + 1): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    socket?.close();
    this.#node = node % this.#options.sites.length;
    if (!this.#closed) this.#timer = setTimeout(() => this.#connect(), betweenTries);
  }

  #begin({ seq, snapshot, events }: Welcome): void {
    const stretch = this.#stretch;
    if (snapshot || !stretch) {
      if (!snapshot)
        this.#options.findings.add("no-snapshot", `${this.name} came without a cursor and got no snapshot`);
      this.stretches.push({ after: seq, events: [], upTo: seq });
    } else {
      if (seq < stretch.upTo)
        this.#options.findings.add(
          "log-went-back",
          `${this.name} had ${stretch.upTo}, the welcome says ${seq}`,
        );
      for (const event of events) this.#hear(event);
      stretch.upTo = Math.max(stretch.upTo, seq);
    }
    this.#welcomed = true;
    for (const event of this.#early) if (event.seq > seq) this.#hear(event);
    this.#early = [];
  }

  #hear(event: WireEvent): void {
    const stretch = this.#stretch;
    if (!stretch) return;
    if (event.seq <= stretch.upTo) {
      this.#options.findings.add("event-twice", `${this.name} hears ${event.seq} after ${stretch.upTo}`);
      return;
    }
    stretch.events.push(event);
    stretch.upTo = Math.max(stretch.upTo, event.seq);
  }
}
