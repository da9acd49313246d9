import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addItem } from "../../shared/board/rules.ts";
import { openSocket } from "../server/socket-client.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { screenToken } from "./neighbours.ts";
import { type Nodes, openNodes, type ProxiedNode, readiness } from "./nodes.ts";
import { Trial } from "./trial.ts";

describe("nodes whose Redis fails", () => {
  let all: Nodes;
  let here: ProxiedNode;
  let there: ProxiedNode;
  let trial: Trial;
  const measured: string[] = [];

  beforeAll(async () => {
    all = await openNodes(0, { households: 16 });
    // Down before anybody starts.
    await all.redis.kill();
    here = await all.addProxied();
    there = await all.addProxied();
    trial = new Trial(all.seeded, here, there);
    await trial.begin();
  });
  afterAll(async () => {
    console.log(measured.join("\n"));
    trial.people.leave();
    await all.close();
  });

  const goThrough = async (fault: string, end: () => unknown, limps: readonly ProxiedNode[]) => {
    const followed = await trial.duringFault();
    for (const node of limps) await trial.degraded(node);
    await end();
    const back = await trial.afterFault();
    measured.push(`Redis ${fault}: followed by the log in ${followed} ms, all live in ${back} ms`);
  };

  it("[FO-6 FO-7 FO-8 INV-5 T26] nodes that start without Redis serve, follow by the log, and take it up when it comes", async () => {
    await goThrough("down at the start", () => all.redis.revive(), [here, there]);
  });

  it("[FO-6 FO-7 FO-8 INV-5 T16 T26 T27] Redis is killed and comes back empty: nothing is lost, nothing comes twice, all is live again", async () => {
    await all.redis.kill();
    await goThrough("killed", () => all.redis.revive(), [here, there]);
  });

  it("[FO-6 FO-7 FO-8 T28] a frozen Redis holds up nobody, and its connections are made anew", async () => {
    all.redis.pause();
    await goThrough("frozen", () => all.redis.resume(), [here, there]);
  });

  it("[FO-6 FO-7 FO-8 T17] one node alone loses Redis: it and the others follow one another by the log", async () => {
    here.toRedis.hold();
    await goThrough("lost by one node", () => here.toRedis.mend(), [here]);
  });

  it("[FO-6 FO-7 FO-8] the node that hears nothing may be the other one", async () => {
    await there.toRedis.refuse();
    await goThrough("lost by the other node", () => there.toRedis.mend(), [there]);
  });

  it("[FO-6 FO-7 FO-8] a slow Redis delays nobody on one node, and the log is quicker for the other", async () => {
    const both = [here, there];
    for (const { toRedis } of both) toRedis.delayAnswers(1_500);
    // Also when words come one after the other again, each as late as the one before.
    let since = Number.POSITIVE_INFINITY;
    await until("both have said degraded for two seconds on end", async () => {
      const states = await Promise.all(both.map(readiness));
      const limp = states.every(({ status }) => status === "degraded");
      since = limp ? Math.min(since, performance.now()) : Number.POSITIVE_INFINITY;
      return performance.now() - since > 2_000;
    });
    await goThrough("slow", () => Promise.all(both.map(({ toRedis }) => toRedis.mend())), both);
  });

  it("[FO-6 FO-7 FO-8 T30] Redis comes and goes many times: no process ends, and all is whole", async () => {
    for (let flap = 0; flap < 12; flap++) {
      for (const node of [here, there]) node.toRedis.reset();
      await until("a connection was tried again", async () => (await readiness(here)).http === 200);
    }
    await all.redis.kill();
    await all.redis.revive();
    await all.redis.kill();
    await goThrough("coming and going", () => all.redis.revive(), [here, there]);
  });

  it("[FO-14] a wall shows what was hung up on a node that lacks Redis, also when its own node's commits come after", async () => {
    await all.redis.revive();
    await all.ready();
    const screen = await openSocket(there.url, await screenToken(there, all.seeded));
    const [cutOff, near] = [await trial.people.board(here, 0), await trial.people.board(there, 1)];
    const told = () =>
      screen.signals.flatMap((signal) =>
        signal.name === "wall.cells-changed" ? signal.data.cells.flatMap(({ labels }) => labels) : [],
      );
    const shows = (title: string) => told().some((label) => label.title === title);
    here.toRedis.hold();
    await until("it knows that it is alone", async () => (await readiness(here)).status === "degraded");
    addItem(cutOff.doc, cutOff.householdId, "x", draft("折叠梯"));
    await until("the other node has it by the log", () =>
      near.doc.getMap(`cell:${cutOff.householdId}`).has("x"),
    );
    addItem(near.doc, near.householdId, "x", draft("蒸锅"));
    await until("the wall shows both", () => shows("蒸锅") && shows("折叠梯"), 5_000);
    await here.toRedis.mend();
    screen.close();
    await all.ready();
  });

  it("[FO-9 T7] the last neighbour leaves while Redis is away, and nothing stays behind", async () => {
    await all.redis.kill();
    trial.people.leave();
    await until("the sockets are gone", () => here.app.openConnections() === 0);
    await all.redis.revive();
    await all.ready();
    expect([here, there].map(({ app }) => app.rooms.counters.peers)).toEqual([0, 0]);
  });
});
