import type { WireEvent } from "../../shared/wire/contract.ts";
import type { Chance } from "./chance.ts";
import type { EventLine, EventPacket } from "./event-line.ts";
import type { SimCommunity } from "./sim-community.ts";
import { everybody, type SimWelcome } from "./sim-gateway.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";

/** Milliseconds a client waits for its welcome, and before it comes back. */
const patience = 6_000;
const comesBackAfter: [number, number] = [100, 900];

export type ListenerPorts = {
  clock: VirtualClock;
  chance: Chance;
  community: SimCommunity;
  witness: Witness;
  /** Connects to some node; null when that is down. */
  dial(
    listener: Listener,
    client: { hear(packet: EventPacket): void; lost(): void },
    cursor: number | undefined,
  ): EventLine | null;
};

/**
 * One person's open page, as the client of the house hears a community: it waits for the welcome, drops what that
 * contains already, and comes back with the number of the last event it has. All it hears is held against the log.
 */
export class Listener {
  readonly name: string;
  readonly residentId: string;
  readonly sessionId: string;
  /** What happened up to this number is known here; undefined before the first welcome. */
  cursor: number | undefined;
  heard = 0;
  #line: EventLine | null = null;
  /** Heard before the welcome; null after it. */
  #early: WireEvent[] | null = [];
  /** The last number that came over this connection. */
  #came = 0;
  #away = true;
  readonly #ports: ListenerPorts;

  constructor(name: string, residentId: string, ports: ListenerPorts) {
    this.name = name;
    this.residentId = residentId;
    this.sessionId = `session of ${name}`;
    this.#ports = ports;
  }

  get isWelcome(): boolean {
    return this.#line !== null && this.#early === null;
  }

  goOnline(): void {
    if (!this.#away) return;
    this.#away = false;
    this.#connect();
  }

  goAway(how: "both" | "silent"): void {
    this.#away = true;
    this.#line?.leave(how);
    this.#line = null;
  }

  #connect(): void {
    if (this.#away || this.#line !== null) return;
    this.#early = [];
    this.#came = 0;
    const mine: { line: EventLine | null } = { line: null };
    const isMine = () => mine.line !== null && mine.line === this.#line;
    const lost = () => {
      if (!isMine()) return;
      this.#line = null;
      this.#connectSoon();
    };
    const hear = (packet: EventPacket) => {
      if (!isMine()) return;
      if ("welcome" in packet) this.#welcomed(packet.welcome);
      else this.#event(packet.event);
    };
    mine.line = this.#line = this.#ports.dial(this, { hear, lost }, this.cursor);
    if (mine.line === null) {
      this.#connectSoon();
      return;
    }
    this.#ports.clock.after(patience, () => {
      if (!isMine() || this.#early === null) return;
      mine.line?.leave("both");
      lost();
    });
  }

  #connectSoon(): void {
    const { clock, chance } = this.#ports;
    clock.after(chance.between(...comesBackAfter), () => this.#connect());
  }

  #welcomed({ seq, events }: SimWelcome): void {
    for (const event of events ?? []) this.#take(event);
    if (events !== null) this.#expect(seq + 1);
    this.cursor = seq;
    this.#came = Math.max(this.#came, seq);
    const early = this.#early ?? [];
    this.#early = null;
    for (const event of early) this.#hear(event);
  }

  #event(event: WireEvent): void {
    if (event.seq <= this.#came)
      this.#ports.witness.fail("event-order", `${this.name} heard ${event.seq} after ${this.#came}`);
    this.#came = event.seq;
    if (this.#early !== null) this.#early.push(event);
    else this.#hear(event);
  }

  #hear(event: WireEvent): void {
    if (event.seq > (this.cursor ?? 0)) this.#take(event);
  }

  #take(event: WireEvent): void {
    this.#expect(event.seq);
    this.cursor = event.seq;
    this.heard++;
  }

  /** Nothing for this client lies between what it has and what comes now. */
  #expect(next: number): void {
    const { cursor = 0 } = this;
    const hole = this.#ports.community.rows.find(
      ({ seq, rooms }) => seq > cursor && seq < next && rooms.includes(everybody),
    );
    if (hole !== undefined)
      this.#ports.witness.fail(
        "event-order",
        `${this.name} heard ${next} after ${cursor}, without ${hole.seq}`,
      );
  }
}
