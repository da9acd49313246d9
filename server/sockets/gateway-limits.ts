import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Actor } from "../../shared/identity/model.ts";
import type { Clock } from "../clock.ts";
import { TokenBucket } from "../sync/token-bucket.ts";

export const gatewayLimits = {
  /** Connections one session may begin: `points` in `duration` seconds. Each is answered with a whole snapshot. */
  connects: { points: 40, duration: 10 },
  /** Calls of one session, likewise. */
  calls: { points: 100, duration: 10 },
  /** Passing states of one session, likewise; more are dropped unheard. */
  whispers: { points: 50, duration: 10 },
  /** The same of one person, or one screen, on one node, whatever sessions they have: three busy devices at once. */
  account: {
    connects: { points: 120, duration: 10 },
    calls: { points: 300, duration: 10 },
    whispers: { points: 150, duration: 10 },
    /** What all their connections send, as much as four of them may (`engineLimits`). */
    packetsPerSecond: 400,
    packetBurst: 4_000,
    bytesPerSecond: 256 * 1024,
    byteBurst: 8 * 1024 * 1024,
  },
  /** Connections that all sessions of one person hold on one node: as many as boards, `roomLimits.socketsPerAccount`. */
  socketsPerAccount: 64,
  /** People who have left and are remembered for what they have sent. */
  accountsRemembered: 5_000,
  /** Calls of one socket that may wait for their turn. */
  waiting: 50,
  /** Events behind which a snapshot is cheaper than catching up. */
  catchUp: 500,
};

type Rate = "connects" | "calls" | "whispers";

/** Who a limit belongs to: the person, however many sessions they sign in with (INV-11). */
export const accountOf = (actor: Actor): string =>
  actor.kind === "kiosk" ? actor.kioskId : actor.residentId;

/** What all connections of one person to this node share. */
export class GatewayAccount {
  connections = 0;
  readonly #packets: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(now: number) {
    const { packetsPerSecond, packetBurst, bytesPerSecond, byteBurst } = gatewayLimits.account;
    this.#packets = new TokenBucket(packetsPerSecond, packetBurst, now);
    this.#bytes = new TokenBucket(bytesPerSecond, byteBurst, now);
  }

  /** Whether one more packet of this size is within what they may send together. */
  mayReceive(bytes: number, now: number): boolean {
    return this.#packets.take(1, now) && this.#bytes.take(bytes, now);
  }
}

/** One connection's place among those of its person. */
export interface Place {
  actor: Actor;
  account: GatewayAccount;
  /** Gives it back, once however often it is called. */
  leave(): void;
}

/** Counts what one session, and all sessions of one person together, ask of this node. */
export type GatewayCounts = ReturnType<typeof createGatewayCounts>;

export function createGatewayCounts(clock: Clock) {
  const counters = (rates: Record<Rate, { points: number; duration: number }>) => ({
    connects: new RateLimiterMemory(rates.connects),
    calls: new RateLimiterMemory(rates.calls),
    whispers: new RateLimiterMemory(rates.whispers),
  });
  const ofSession = counters(gatewayLimits);
  const ofAccount = counters(gatewayLimits.account);
  const here = new Map<string, GatewayAccount>();
  /** Coming back must not wipe out what was sent. Those who have left last are last. */
  const left = new Map<string, GatewayAccount>();

  const arrive = (id: string): GatewayAccount => {
    const account = left.get(id) ?? new GatewayAccount(clock.now());
    left.delete(id);
    here.set(id, account);
    return account;
  };

  const depart = (id: string, account: GatewayAccount): void => {
    here.delete(id);
    left.set(id, account);
    const [oldest] = left.keys();
    if (oldest !== undefined && left.size > gatewayLimits.accountsRemembered) left.delete(oldest);
  };

  const hasRoom = (actor: Actor): boolean =>
    (here.get(accountOf(actor))?.connections ?? 0) < gatewayLimits.socketsPerAccount;

  return {
    /** One more of what is counted; false when the session, or the person, has had enough for now. */
    may: async (rate: Rate, actor: Actor): Promise<boolean> => {
      try {
        await ofSession[rate].consume(actor.sessionId);
        await ofAccount[rate].consume(accountOf(actor));
        return true;
      } catch {
        return false;
      }
    },
    /** Whether the person may have one more connection. */
    hasRoom,
    /** One more connection, or null when there is no room. */
    enter: (actor: Actor): Place | null => {
      if (!hasRoom(actor)) return null;
      const id = accountOf(actor);
      const account = here.get(id) ?? arrive(id);
      account.connections += 1;
      let entered = true;
      return {
        actor,
        account,
        leave: () => {
          if (!entered) return;
          entered = false;
          account.connections -= 1;
          if (account.connections === 0) depart(id, account);
        },
      };
    },
  };
}
