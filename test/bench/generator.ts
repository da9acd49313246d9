import type { Seat } from "./peers/peer.ts";
import {
  type JoinResult,
  measureJoin,
  measurePaced,
  measureSaturated,
  type PacedResult,
  type SaturatedResult,
} from "./phases.ts";

/** What the load generator is told to do, over the channel to its parent. */
export interface Order {
  serverPid: number;
  joining: Seat[];
  live: Seat[];
  seconds: number;
  perSecond: number;
  inFlight: number;
}

export interface Result {
  join: JoinResult;
  paced: PacedResult;
  saturated: SaturatedResult;
}

export type Answer = { result: Result } | { error: string };

const WARM_UP_CLIENTS = 10;

async function carryOut(order: Order): Promise<Result> {
  await measureJoin(order.joining.slice(0, WARM_UP_CLIENTS));
  const join = await measureJoin(order.joining);
  const paced = await measurePaced(order.live, order.serverPid, order.perSecond, order.seconds);
  const saturated = await measureSaturated(order.live, order.inFlight, order.seconds);
  return { join, paced, saturated };
}

const answer = (message: Answer) => process.send?.(message);
process.once("message", (order: Order) => {
  carryOut(order)
    .then((result) => answer({ result }))
    .catch((error: unknown) =>
      answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    .finally(() => process.disconnect());
});
