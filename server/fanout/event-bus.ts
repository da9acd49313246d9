import { z } from "zod";
import type { EventLine } from "../events/feed.ts";
import type { EventBatch } from "../events/log.ts";
import type { Bus } from "./bus.ts";

/** What one word may hold; a larger one is not believed, and the log has it. */
export const eventWordLimits = { events: 500, rooms: 100 };

const whole = z.int().min(0);
const text = z.string().min(1).max(200);

/** Events as a node logs them. Names are not looked up: a newer node may have others. */
const heardEvents = z
  .array(
    z.object({
      seq: whole.min(1),
      at: whole,
      name: text,
      rooms: z.array(text).max(eventWordLimits.rooms),
      data: z.record(z.string(), z.unknown()),
    }),
  )
  .min(1)
  .max(eventWordLimits.events)
  .refine((events) => events.every(({ seq }, at) => seq === (events[0]?.seq ?? 0) + at), "not one batch");

/** Community events on the bus: one channel for each community, subscribed while somebody of it is here. */
export function createEventBus(bus: Bus): EventLine & { publish(batch: EventBatch): void } {
  return {
    publish: (batch) => bus.publish(channelOf(batch.communityId), Buffer.from(JSON.stringify(batch.events))),
    open: (communityId, hear) =>
      bus.subscribe(channelOf(communityId), (message) => {
        const events = heardEvents.parse(JSON.parse(Buffer.from(message).toString("utf8")));
        hear({ communityId, events: events as EventBatch["events"] });
      }),
  };
}

const channelOf = (communityId: string): string => `community:${communityId}`;
