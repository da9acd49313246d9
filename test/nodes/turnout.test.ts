import type { KyselyPlugin } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followVotes } from "../../server/fanout/follow-votes.ts";
import type { SocketClient } from "../server/socket-client.ts";
import { until } from "../services/until.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, type ProxiedNode, readiness } from "./nodes.ts";
import { timed } from "./trial.ts";
import { openVote, yes } from "./vote.ts";

/** The promise is two seconds; a machine that also runs everything else gets twice as long. */
const followsWithin = 4_000;

describe("the turnout of a vote, when one node alone is cut off from Redis", () => {
  let all: Nodes;
  let people: Neighbours;
  let cutOff: ProxiedNode;
  let other: ProxiedNode;
  let proposalId = "";
  let voters = 2;
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
  };

  it("[FO-34] what is cast on either side is shown on the other within the time of following, without another ballot", async () => {
    await vote(cutOff);
    await until("both are told over Redis", () => onCutOff().includes(1) && onOther().includes(1));
    cutOff.toRedis.hold();
    await until("it knows that it is alone", async () => (await readiness(cutOff)).status === "degraded");
    await vote(cutOff);
    const there = await timed("the other node is told", followsWithin, () => onOther().includes(2));
    await vote(other);
    const here = await timed("the node that is cut off is told", followsWithin, () => onCutOff().includes(3));
    console.log(`turnout followed in ${there} ms by the others, in ${here} ms by the node that is cut off`);
  });

  it("[FO-34] a last call on one side is shown on the other while it lasts", async () => {
    const facilitator = await people.facilitator(cutOff);
    expect(await facilitator.send("proposal.call-last", { proposalId, round: 1 })).toMatchObject({
      ok: true,
    });
    const calls = () => watching[1]?.signals.filter(({ name }) => name === "proposal.last-call") ?? [];
    await timed("the other node is told", followsWithin, () => calls().length > 0);
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
    expect(signals).toContainEqual(turnout(3));
    signals.length = 0;
    await follow();
    expect(signals).toEqual([]);
    await vote(other);
    await follow();
    expect(signals).toEqual([turnout(4)]);
    expect(asked).toEqual([1, 1, 1]);
    here = ["elsewhere"];
    await vote(other);
    await follow();
    here = [];
    await follow();
    expect(signals).toHaveLength(1);
    expect(asked).toEqual([1, 1, 1, 0]);
  });
});
