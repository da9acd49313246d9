import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { until } from "../services/until.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes } from "./nodes.ts";
import { openStored, type Stored } from "./stored.ts";
import { openVote, yes } from "./vote.ts";

const minutes = 60_000;
/** A vote is looked at again shortly after its time; a machine that also runs everything else gets longer. */
const closesWithin = 5_000;
/** Longer than a node takes to start. */
const closesIn = 1_500;

describe("a node whose own clock is wrong, alone with a vote that has to close", () => {
  let all: Nodes;
  let people: Neighbours;
  let stored: Stored;
  beforeAll(async () => {
    all = await openNodes(0, { redis: false, households: 4 });
    people = neighboursOf(all.seeded);
    stored = openStored(all.database.url);
  });
  afterEach(() => endAll());
  afterAll(async () => {
    await stored.close();
    await all.close();
  });

  /** No other node may close what one has to. */
  const endAll = async () => {
    people.leave();
    for (const { app } of all.nodes.splice(0)) await app.close();
  };

  /** The vote as it is stored, and the database's clock at that moment. */
  const look = async (proposalId: string): Promise<{ state: string; closesAt: number; at: number }> => {
    const [row] = await stored.rows<{ state: string; closesAt: number; at: number }>(
      `select state, closes_at::float8 as "closesAt", (extract(epoch from clock_timestamp()) * 1000)::float8 as at
       from proposals where id = $1`,
      [proposalId],
    );
    if (!row) throw new Error("there is no such vote");
    return row;
  };

  for (const [skew, said] of [
    [20 * minutes, "fast"],
    [-20 * minutes, "slow"],
  ] as const)
    it(`[FO-20 INV-12] twenty minutes ${said}: it closes at its time by the database's clock, neither sooner nor later, and takes no ballot afterwards`, async () => {
      const facilitator = await people.facilitator(await all.add());
      const proposalId = await openVote(facilitator, 600);
      await endAll();
      await stored.rows(
        "update proposals set closes_at = (extract(epoch from clock_timestamp()) * 1000)::bigint + $2 where id = $1",
        [proposalId, closesIn],
      );
      const node = await all.add({ overrides: { clock: { now: () => Date.now() + skew } } });
      const seen = [await look(proposalId)];
      await until("it is closed", async () => {
        seen.push(await look(proposalId));
        return seen.at(-1)?.state !== "open";
      });
      expect(seen.filter(({ state, at, closesAt }) => state !== "open" && at < closesAt)).toEqual([]);
      const [closed] = seen.slice(-1).map(({ at, closesAt }) => at - closesAt);
      expect(closed).toBeLessThan(closesWithin);
      const voter = await people.socket(node, 0);
      expect(await voter.send("ballot.cast", yes(proposalId))).toMatchObject({
        ok: false,
        error: { code: "proposal-closed" },
      });
    });
});
