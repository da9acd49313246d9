import { createEventFeed, type EventFeed } from "./events/feed.ts";
import type { EventBatch, EventLog, LoggedEvent } from "./events/log.ts";
import type { Bus } from "./fanout/bus.ts";
import { createEventBus } from "./fanout/event-bus.ts";
import type { NodeDuties } from "./node-duties.ts";
import type { Timers } from "./sync/timers.ts";

/**
 * What happens in communities, on one node: each event of this node's own units and of other nodes' is heard once and in
 * order, by the node itself or by its clients.
 */
export function createCommunityFeed(deps: {
  /** Makes the log, which tells what is committed. */
  openLog(publish: (batch: EventBatch) => void): EventLog;
  bus: Bus;
  duties: NodeDuties;
  /** Hands an event to the clients it is for. */
  tell(event: LoggedEvent): void;
  onFault(error: unknown): void;
  timers?: Timers;
  /** Milliseconds a community is followed after the last listener has gone. */
  lingerMs?: number;
}): { log: EventLog; feed: EventFeed } {
  const { openLog, bus, duties, tell, ...options } = deps;
  const line = createEventBus(bus);
  const log = openLog((batch) => {
    duties.did(batch);
    feed.accept(batch);
    line.publish(batch);
  });
  const feed = createEventFeed({
    ...options,
    log,
    line,
    deliver: (communityId, event) => {
      if (!duties.hear(communityId, event)) tell(event);
    },
  });
  return { log, feed };
}
