import type { WireEvent } from "../../shared/wire/contract.ts";
import type { Chance } from "./chance.ts";
import type { ProcessLife } from "./process-life.ts";
import type { SimWelcome } from "./sim-gateway.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export type EventPacket = { welcome: SimWelcome } | { event: WireEvent };

/** Milliseconds until the server gives up a client that has fallen silent, as Socket.IO's heartbeat does. */
const silence = 45_000;

/** One Socket.IO connection: packets go down in order, and both ends learn of its end, or only the silent line's server. */
export class EventLine {
  readonly sessionId: string;
  readonly #clock: VirtualClock;
  readonly #life: ProcessLife;
  readonly #chance: Chance;
  readonly #hear: (packet: EventPacket) => void;
  readonly #lost: () => void;
  readonly #ended: (() => void)[] = [];
  #lastDown = 0;
  /** The server's end is gone. */
  #hasEnded = false;
  /** The client's end is gone. */
  #isLeft = false;

  constructor(
    sessionId: string,
    ports: { clock: VirtualClock; life: ProcessLife; chance: Chance },
    client: { hear(packet: EventPacket): void; lost(): void },
  ) {
    this.sessionId = sessionId;
    ({ clock: this.#clock, life: this.#life, chance: this.#chance } = ports);
    this.#hear = client.hear;
    this.#lost = client.lost;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  connect(welcome: () => void): void {
    this.#clock.after(this.#delay(), () => this.#hasEnded || welcome(), this.#life);
  }

  onEnd(run: () => void): void {
    if (this.#hasEnded) run();
    else this.#ended.push(run);
  }

  send(packet: EventPacket): void {
    if (this.#life.acts() && !this.#hasEnded) this.#toClient(() => this.#hear(packet));
  }

  /** The server ends it. */
  end(): void {
    if (!this.#life.acts() || this.#hasEnded) return;
    this.#toClient(() => this.#leave());
    this.#end();
  }

  /** The client goes, and the server hears of it, or has to notice the silence. */
  leave(how: "both" | "silent"): void {
    this.#isLeft = true;
    this.#clock.after(how === "both" ? this.#delay() : silence, () => this.#end(), this.#life);
  }

  /** The process behind the server's end is gone. */
  processDied(): void {
    this.#clock.after(this.#delay(), () => this.#leave());
  }

  #leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#lost();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const run of this.#ended) run();
  }

  #toClient(run: () => void): void {
    this.#lastDown = Math.max(this.#lastDown, this.#clock.now + this.#delay());
    this.#clock.after(this.#lastDown - this.#clock.now, () => this.#isLeft || run());
  }

  #delay(): number {
    return this.#chance.between(1, 12);
  }
}
