import type { KyselyPlugin } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followVotes } from "../../server/fanout/follow-votes.ts";
import type { SocketClient } from "../server/socket-client.ts";
import { until } from "../services/until.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, type ProxiedNode, readiness } from "./nodes.ts";
import { bestOf, followsWithin, longest, timed } from "./trial.ts";
import { openVote, yes } from "./vote.ts";

describe("the turnout of a vote, when one node alone is cut off from Redis", () => {
  let all: Nodes;
  let people: Neighbours;
  let cutOff: ProxiedNode;
  let other: ProxiedNode;
  let proposalId = "";
  let voters = 2;
  let cast = 0;
  const watching: SocketClient[] = [];
  const [onCutOff, onOther] = [() => told(watching[0]), () => told(watching[1])];
  beforeAll(async () => {
    all = await openNodes(0, { households: 24 });
    cutOff = await all.addProxied();
    other = await all.addProxied();
    await all.ready();
    people = neighboursOf(all.seeded);
    watching.push(await people.socket(cutOff, 0), await people.socket(other, 1));
    proposalId = await openVote(await people.facilitator(cutOff), 36_000);
  });
  afterAll(async () => {
    people.leave();
    await all.close();
  });

  /** What a page was told of the turnout, in order. */
  const told = (client: SocketClient | undefined): number[] =>
    client?.signals.flatMap((signal) => (signal.name === "proposal.turnout" ? [signal.data.voted] : [])) ??
    [];
  const vote = async (node: ProxiedNode): Promise<void> => {
    const voter = await people.socket(node, voters++);
    expect(await voter.send("ballot.cast", yes(proposalId))).toMatchObject({ ok: true });
    cast++;
  };

  it("[FO-34] what is cast on either side is shown on the other within the time of following, without another ballot", async () => {
    await vote(cutOff);
    await until("both are told over Redis", () => onCutOff().includes(1) && onOther().includes(1));
    cutOff.toRedis.hold();
    await until("it knows that it is alone", async () => (await readiness(cutOff)).status === "degraded");
    const followed = (from: ProxiedNode, seen: () => number[]) =>
      bestOf(followsWithin, async () => {
        await vote(from);
        return timed("the other side is told", longest, () => Math.max(...seen()) === cast);
      });
    const there = await followed(cutOff, onOther);
    const here = await followed(other, onCutOff);
    expect([there, here].filter((took) => took > followsWithin)).toEqual([]);
    console.log(`turnout followed in ${there} ms by the others, in ${here} ms by the node that is cut off`);
  });

  it("[FO-34] a last call on one side is shown on the other while it lasts", async () => {
    const facilitator = await people.facilitator(cutOff);
    const took = await bestOf(followsWithin, async () => {
      const called = await openVote(facilitator, 36_000);
      const call = { proposalId: called, round: 1 };
      expect(await facilitator.send("proposal.call-last", call)).toMatchObject({ ok: true });
      return timed("the other node is told", longest, () =>
        watching[1]?.signals.some(
          (told) => told.name === "proposal.last-call" && told.data.proposalId === called,
        ),
      );
    });
    expect(took).toBeLessThanOrEqual(followsWithin);
  });

  it("[FO-34] asked is where somebody is, and told what has changed there", async () => {
    const signals: unknown[][] = [];
    let here = [all.seeded.courtyardId];
    const asked: number[] = [];
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        asked.push(result.rows.length);
        return result;
      },
    };
    const follow = followVotes({
      db: other.app.storage.db.withPlugin(counting),
      tell: { signal: (...signal) => void signals.push(signal) },
      clock: other.app.clock,
      courtyards: () => here,
    });
    const audience = { courtyard: all.seeded.courtyardId, wall: all.seeded.courtyardId };
    const turnout = (voted: number) => [
      "proposal.turnout",
      { proposalId, round: 1, voted, total: 24 },
      audience,
      null,
    ];
    await follow();
    expect(signals).toContainEqual(turnout(cast));
    signals.length = 0;
    await follow();
    expect(signals).toEqual([]);
    await vote(other);
    await follow();
    expect(signals).toEqual([turnout(cast)]);
    expect(asked.map((votes) => votes > 0)).toEqual([true, true, true]);
    here = ["elsewhere"];
    await vote(other);
    await follow();
    here = [];
    await follow();
    expect(signals).toHaveLength(1);
    // Nothing is asked at all where nobody is.
    expect([asked.length, asked.at(-1)]).toEqual([4, 0]);
  });
});
