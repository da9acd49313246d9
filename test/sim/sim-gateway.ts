import type { EventFeed } from "../../server/events/feed.ts";
import { type EventLog, type LoggedEvent, wireEvent } from "../../server/events/log.ts";
import { comeIn } from "../../server/sockets/coming-in.ts";
import type { WireEvent } from "../../shared/wire/contract.ts";
import type { DiskLine } from "./disk-line.ts";
import type { EventLine } from "./event-line.ts";
import { communityId, type SimCommunity } from "./sim-community.ts";
import type { Witness } from "./witness.ts";

/** The room of everybody in the community. */
export const everybody = "courtyard:y";

/** What a client is told first: where it stands, and what it has missed, if that can be told. */
export type SimWelcome = { seq: number; events: WireEvent[] | null };

export type GatewayPorts = {
  log: EventLog;
  feed: EventFeed;
  store: DiskLine;
  community: SimCommunity;
  witness: Witness;
  now(): number;
};

/** Lets listeners in as the server's gateway does, and hands them what the feed hands out. */
export class SimGateway {
  /** Of everybody who has come and not gone: what they may hear was asked so long ago, at most. */
  readonly lines = new Map<EventLine, { judgedAt: number; welcomedAt: number; sentTo: number }>();
  readonly #joined = new Set<EventLine>();
  readonly #ports: GatewayPorts;

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
  }

  /** A client has connected; where its access is asked for, the community is followed already. */
  async welcome(line: EventLine, cursor: number | undefined): Promise<void> {
    const { log, feed, store, now, community } = this.#ports;
    const state = { judgedAt: now(), welcomedAt: Number.POSITIVE_INFINITY, sentTo: 0 };
    this.lines.set(line, state);
    const following = feed.follow(communityId);
    line.onEnd(() => {
      this.lines.delete(line);
      this.#joined.delete(line);
      following.release();
    });
    try {
      await following.ready;
      await store.ask("access", () => {
        state.judgedAt = now();
      });
      const { seq, missed } = await comeIn({ log, feed }, communityId, cursor, () => {
        if (!line.hasEnded) this.#joined.add(line);
      });
      for (const event of missed ?? []) this.#judge(event);
      if (seq > community.seq) this.#ports.witness.fail("event-unstored", `a welcome says ${seq}`);
      const events = missed?.filter(({ rooms }) => rooms.includes(everybody)).map(wireEvent) ?? null;
      state.welcomedAt = now();
      state.sentTo = Math.max(state.sentTo, seq);
      line.send({ welcome: { seq, events } });
    } catch {
      line.end();
    }
  }

  /** The feed has handed an event out that is for clients. */
  tell(event: LoggedEvent): void {
    this.#judge(event);
    if (!event.rooms.includes(everybody)) return;
    for (const line of this.#joined) {
      const state = this.lines.get(line);
      if (state !== undefined) state.sentTo = Math.max(state.sentTo, event.seq);
      line.send({ event: wireEvent(event) });
    }
  }

  endSession(sessionId: string): void {
    for (const line of this.lines.keys()) if (line.sessionId === sessionId) line.end();
  }

  /** Whatever is told stands in the log. */
  #judge(event: LoggedEvent): void {
    if (!this.#ports.community.has(event))
      this.#ports.witness.fail("event-unstored", `${event.name} ${event.seq} was told`);
  }
}
