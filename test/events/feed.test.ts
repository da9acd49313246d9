import { describe, expect, it } from "vitest";
import { createEventFeed } from "../../server/events/feed.ts";
import type { LoggedEvent } from "../../server/events/log.ts";
import { HandTimers } from "../sync/hand-timers.ts";
import { Gate } from "../sync/memory-store.ts";

const event = (seq: number): LoggedEvent => ({
  seq,
  at: 5,
  name: "resident.was-renamed",
  rooms: ["courtyard:y"],
  data: { seq },
});

/** A feed over a log whose reading can be held up. */
function openFeed() {
  const rows: LoggedEvent[] = [];
  const heard: number[] = [];
  const timers = new HandTimers();
  const reading = new Gate();
  const feed = createEventFeed({
    log: {
      since: async (_community, cursor) => {
        const found = rows.filter(({ seq }) => seq > cursor);
        await reading.pass();
        return found;
      },
      sinceEach: async (behind) => {
        const found = behind.flatMap(({ communityId, cursor }) =>
          rows.filter(({ seq }) => seq > cursor).map((event) => ({ communityId, event })),
        );
        await reading.pass();
        return found;
      },
      head: async () => rows.length,
      heads: async () => new Map([["a", rows.length]]),
    },
    deliver: (_community, { seq }) => heard.push(seq),
    onFault: (error) => {
      throw error;
    },
    timers,
    lingerMs: 100,
  });
  return { rows, heard, timers, reading, feed };
}

describe("the feed of a community", () => {
  it("[EV-5] what is read for a community that nobody followed any more meanwhile is handed to nobody", async () => {
    const { rows, heard, timers, reading, feed } = openFeed();
    const first = feed.follow("a");
    await first.ready;
    await new Promise(setImmediate);
    rows.push(event(1), event(2));
    reading.shut();
    const caughtUp = feed.catchUp();
    await new Promise(setImmediate);
    first.release();
    timers.advance(101);
    // Whoever comes now begins after what has happened, and is told of that by a welcome.
    const second = feed.follow("a");
    await second.ready;
    reading.open();
    await caughtUp;
    expect(heard).toEqual([]);
    rows.push(event(3));
    await feed.catchUp();
    expect(heard).toEqual([3]);
    second.release();
    timers.advance(101);
    expect(timers.waiting).toBe(0);
    feed.close();
  });
});
