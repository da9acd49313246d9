import type { EventFeed } from "../events/feed.ts";
import type { EventLog, LoggedEvent } from "../events/log.ts";
import { gatewayLimits } from "./gateway-limits.ts";

/** Where somebody who has come in stands in the log of events. */
export interface ComingIn {
  /** All up to this number is told by the welcome, all after it as it happens. */
  seq: number;
  /** Everything after the cursor, for whomever it is; null when that is too much, or there is no cursor that fits. */
  missed: LoggedEvent[] | null;
}

/**
 * Lets somebody hear a community that is followed already. They listen first, and then it is read: what happens in
 * between arrives as events that they expect.
 * @param listen from when it resolves on, all that the feed hands out is sent to them
 */
export async function comeIn(
  deps: { log: Pick<EventLog, "head" | "since">; feed: Pick<EventFeed, "reach"> },
  communityId: string,
  cursor: unknown,
  listen: () => unknown,
): Promise<ComingIn> {
  const { log, feed } = deps;
  await listen();
  const seq = await log.head(communityId);
  // What the welcome contains must not come as an event after it.
  await feed.reach(communityId, seq);
  const missed = isNumber(cursor) ? await missedSince(log, communityId, cursor, seq) : null;
  return { seq, missed };
}

const isNumber = (cursor: unknown): cursor is number => Number.isSafeInteger(cursor);

async function missedSince(
  log: Pick<EventLog, "since">,
  communityId: string,
  cursor: number,
  head: number,
): Promise<LoggedEvent[] | null> {
  if (cursor > head || head - cursor > gatewayLimits.catchUp) return null;
  const events = await log.since(communityId, cursor, gatewayLimits.catchUp + 1);
  const upTo = events.filter((event) => event.seq <= head);
  return upTo.length === head - cursor ? upTo : null;
}
