import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Actor } from "../../shared/identity/model.ts";

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
  },
  /** Connections that all sessions of one person hold on one node: as many as boards, `roomLimits.socketsPerAccount`. */
  socketsPerAccount: 64,
  /** Calls of one socket that may wait for their turn. */
  waiting: 50,
  /** Events behind which a snapshot is cheaper than catching up. */
  catchUp: 500,
};

type Rate = "connects" | "calls" | "whispers";

/** Who a limit belongs to: the person, however many sessions they sign in with (INV-11). */
const accountOf = (actor: Actor): string => (actor.kind === "kiosk" ? actor.kioskId : actor.residentId);

/** Counts what one session, and all sessions of one person together, ask of this node. */
export function createGatewayCounts() {
  const counters = (rates: Record<Rate, { points: number; duration: number }>) => ({
    connects: new RateLimiterMemory(rates.connects),
    calls: new RateLimiterMemory(rates.calls),
    whispers: new RateLimiterMemory(rates.whispers),
  });
  const ofSession = counters(gatewayLimits);
  const ofAccount = counters(gatewayLimits.account);
  const sockets = new Map<string, number>();

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
    /** One more connection. @returns what takes it off again, once however often it is called; null when there is no room */
    enter: (actor: Actor): (() => void) | null => {
      const account = accountOf(actor);
      const open = sockets.get(account) ?? 0;
      if (open >= gatewayLimits.socketsPerAccount) return null;
      sockets.set(account, open + 1);
      let entered = true;
      return () => {
        if (!entered) return;
        entered = false;
        const left = (sockets.get(account) ?? 1) - 1;
        if (left > 0) sockets.set(account, left);
        else sockets.delete(account);
      };
    },
  };
}
