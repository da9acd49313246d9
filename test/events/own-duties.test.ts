import { describe, expect, it } from "vitest";
import { createCommunityFeed } from "../../server/community-feed.ts";
import { createEventLogOver, type LoggedEvent } from "../../server/events/log.ts";
import { silentBus } from "../../server/fanout/bus.ts";
import { closeAfterCommit } from "../../server/identity/session-ends.ts";
import { createNodeDuties } from "../../server/node-duties.ts";

/** One node on a database that stores everything, and does not always say so. */
function openNode() {
  const rows: LoggedEvent[] = [];
  const closed: string[] = [];
  const answers = { lost: false };
  const doors = {
    endSession: (id: string) => void closed.push(id),
    closeResident: (id: string) => void closed.push(id),
  };
  const duties = createNodeDuties({
    doors,
    rooms: { readPlaces: async () => {}, closeBoard: async () => {} },
    onFault: () => {},
  });
  const { log, feed } = createCommunityFeed({
    openLog: (publish) =>
      createEventLogOver({
        storage: {
          write: async (work) => {
            const hooks: (() => void)[] = [];
            const value = await work({ db: {} as never, afterCommit: (hook) => void hooks.push(hook) });
            if (answers.lost) throw new Error("no answer");
            for (const hook of hooks) hook();
            return value;
          },
        },
        table: {
          append: async (_db, _community, told) => {
            const events = told.map((event, at) => ({ ...event, seq: rows.length + 1 + at }));
            rows.push(...events);
            return events;
          },
          since: async (_community, cursor) => structuredClone(rows.filter(({ seq }) => seq > cursor)),
          sinceEach: async (behind) =>
            behind.flatMap(({ communityId, cursor }) =>
              structuredClone(rows.filter(({ seq }) => seq > cursor)).map((event) => ({
                communityId,
                event,
              })),
            ),
          head: async () => rows.length,
          heads: async () => new Map([["a", rows.length]]),
        },
        clock: { now: () => 5 },
        publish,
      }),
    bus: silentBus,
    duties,
    tell: () => {},
    onFault: (error) => {
      throw error;
    },
  });
  const change = () => log.write("a", async (unit) => closeAfterCommit(unit, "r1", [{ id: "s1" }], doors));
  return { rows, feed, closed, answers, change };
}

describe("what a node itself has told of somebody's rights", () => {
  it("[FO-5] is done once, in the turn of the commit", async () => {
    const { feed, closed, change } = openNode();
    await feed.follow("a").ready;
    await change();
    await feed.catchUp();
    expect(closed).toEqual(["s1", "r1"]);
    feed.close();
  });

  it("[FO-5] is done once, also when it has to wait behind what another node has told and is read from the log with it", async () => {
    const { rows, feed, closed, change } = openNode();
    await feed.follow("a").ready;
    await new Promise(setImmediate);
    rows.push({ seq: 1, at: 1, name: "node.places-have-changed", rooms: [], data: { boardIds: [] } });
    await change();
    expect(closed).toEqual(["s1", "r1"]);
    await feed.catchUp();
    expect(closed).toEqual(["s1", "r1"]);
    feed.close();
  });

  it("[FO-17 FO-5] is done when it is found in the log, after a commit whose answer was lost", async () => {
    const { feed, closed, answers, change } = openNode();
    await feed.follow("a").ready;
    await new Promise(setImmediate);
    answers.lost = true;
    await expect(change()).rejects.toThrow("no answer");
    expect(closed).toEqual([]);
    await feed.catchUp();
    expect(closed).toEqual(["s1", "r1"]);
    feed.close();
  });
});
