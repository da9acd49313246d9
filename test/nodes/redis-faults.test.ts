import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { ColdReader, postgresRows } from "../chaos/cold-read.ts";
import { openSocket } from "../server/socket-client.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { Counting } from "./counting.ts";
import { neighboursOf, screenToken } from "./neighbours.ts";
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
    await all.redis.revive();
    const both = [here, there];
    const counting = [
      new Counting(await trial.people.board(here, 10)),
      new Counting(await trial.people.board(there, 11)),
    ];
    for (const each of counting) each.start(40);
    for (let flap = 0; flap < 12; flap++) {
      // Now in the middle of what is said first on a connection, now when words go over it again.
      if (flap % 3 === 0) await all.ready();
      const before = both.map(({ toRedis }) => toRedis.accepted());
      for (const { toRedis } of both) toRedis.reset();
      await until("each node has made its two connections anew", () =>
        both.every(({ toRedis }, at) => toRedis.accepted() >= (before[at] ?? 0) + 2),
      );
    }
    for (const between of [all.redis.kill, all.redis.revive, all.redis.kill]) {
      await between();
      const before = counting.map(({ saved }) => saved);
      await until("both write on", () => counting.every(({ saved }, at) => saved > (before[at] ?? 0)));
    }
    for (const each of counting) each.stop();
    await until("both have everything, and it is saved", () =>
      counting.every(
        (each) => each.saved === each.count && counting.every(({ who }) => each.in(who.doc) === each.count),
      ),
    );
    const cold = new ColdReader(postgresRows(all.database.url));
    const { doc, faults } = await cold.board(all.seeded.boardId);
    await cold.close();
    expect(faults).toEqual([]);
    for (const { who } of counting) expect(Y.equalSnapshots(Y.snapshot(who.doc), Y.snapshot(doc))).toBe(true);
    expect(trial.people.sentTwice()).toEqual([]);
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

  it("[FO-9 FO-22 T7] all but one leave while Redis is away: who stays sees them go, and nothing of them stays behind", {
    timeout: 90_000,
  }, async () => {
    await all.redis.revive();
    await all.ready();
    trial.people.leave();
    const raw = all.redis.speak();
    const [stays, leaves] = [neighboursOf(all.seeded), neighboursOf(all.seeded)];
    const watcher = await stays.board(there, 1);
    await stays.socket(there, 1);
    await here.app.rooms.closeBoard(all.seeded.boardId, "restart");
    await until("the others are gone", () => here.app.openConnections() === 0);
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const timersBefore = timers();
    const seen = () => watcher.shows("at").toSorted();
    const left = async () => ({
      rooms: [here, there].map(({ app }) => app.rooms.counters.rooms),
      peers: [here, there].map(({ app }) => app.rooms.counters.peers),
      sockets: [here, there].map(({ app }) => app.openConnections()),
      // Each canary has its node, and all else the one node where somebody is.
      heardTwice: (await raw.subscriptions()) - (await raw.channels()),
      moreTimers: Math.max(0, timers() - timersBefore),
    });
    const watcherAlone = { rooms: [0, 1], peers: [0, 1], sockets: [0, 2], heardTwice: 0, moreTimers: 0 };
    for (const [at, node] of [here, here, there].entries()) {
      const { provider } = await leaves.board(node, 4 + at);
      provider.awareness.setLocalState({ at });
      await leaves.socket(node, 4 + at);
    }
    await until("all are seen", () => seen().length === 3);
    expect((await left()).heardTwice).toBeGreaterThan(0);
    await all.redis.kill();
    await until("both know", async () => (await readiness(here)).status === "degraded");
    leaves.leave();
    await until("the sockets are gone", () => here.app.openConnections() === 0);
    await until("who was on the same node is gone at once", () => !seen().includes(2));
    await all.redis.revive();
    await all.ready();
    // Boards and events are kept for half a minute, in case somebody comes back.
    const kept = 45_000;
    await until("nobody else is shown", () => seen().length === 0, kept);
    await until("the watcher alone is left", async () => isDeepStrictEqual(await left(), watcherAlone), kept);
    addItem(watcher.doc, watcher.householdId, "z", draft("还在"));
    const back = await leaves.board(here, 4);
    expect(readItem(back.doc, watcher.householdId, "z")?.title).toBe("还在");
    for (const each of [stays, leaves]) each.leave();
    raw.close();
  });
});
