import type { EventLine } from "../events/feed.ts";
import type { EventBatch } from "../events/log.ts";
import type { Bus } from "./bus.ts";

/** Community events on the bus: one channel for each community, subscribed while somebody of it is here. */
export function createEventBus(bus: Bus): EventLine & { publish(batch: EventBatch): void } {
  return {
    publish: (batch) => bus.publish(channelOf(batch.communityId), Buffer.from(JSON.stringify(batch.events))),
    open: (communityId, hear) =>
      bus.subscribe(channelOf(communityId), (message) =>
        hear({ communityId, events: JSON.parse(Buffer.from(message).toString("utf8")) }),
      ),
  };
}

const channelOf = (communityId: string): string => `community:${communityId}`;
