import { rm } from "node:fs/promises";
import { nanoid } from "nanoid";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { addItem } from "../../shared/board/rules.ts";
import { type ServerProcess, serverProcess } from "../server/seeded.ts";
import type { Service } from "../services/process.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { Counting } from "./counting.ts";
import { type Neighbour, type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, type ProxiedNode, readiness } from "./nodes.ts";
import { dense, openStored, type Stored } from "./stored.ts";
import { openVote, yes } from "./vote.ts";

const minutes = 60_000;

describe("a node among others", () => {
  let all: Nodes;
  let here: ProxiedNode;
  let people: Neighbours;
  let stored: Stored;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await makeScratch("other-node");
    all = await openNodes(0, { households: 16 });
    here = await all.addProxied();
    await all.ready();
    people = neighboursOf(all.seeded);
    stored = openStored(all.database.url);
  });
  afterEach(() => people.leave());
  afterAll(async () => {
    await stored.close();
    await all.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** A node that can be killed and frozen. */
  const startProcess = async () => {
    const server = await serverProcess(
      { dataDir, databaseUrl: all.database.url },
      { REDIS_URL: all.redis.url, LOG_LEVEL: "silent" },
    );
    const service = await server.start();
    await until("its bus works", async () => (await readiness(server)).status === "ready");
    return { server, service };
  };
  const post = (text: string) => ({ messageId: nanoid(), channelId: all.seeded.channelId, text });

  it("[FO-19 INV-1] a node is killed: its clients go to another and are whole, and nobody there notices", async () => {
    const { server, service } = await startProcess();
    const [mover, stays] = [
      new Counting(await people.board(server, 0)),
      new Counting(await people.board(here, 1)),
    ];
    const looker = await people.board(here, 2);
    mover.who.provider.on("connection-close", () => {
      mover.who.provider.serverUrl = `${here.wsUrl}/yjs`;
    });
    mover.start(5);
    stays.start(5);
    await until("both are seen", () => mover.in(looker.doc) > 10 && stays.in(mover.who.doc) > 10);
    service.signal("SIGKILL");
    await service.ended;
    const [told, seen] = [mover.saved, mover.in(looker.doc)];
    const { doc } = await stored.board(all.seeded.boardId);
    expect(mover.in(doc)).toBeGreaterThanOrEqual(Math.max(told, seen));
    const from = mover.count;
    await until("it counts on over the other node", () => mover.saved > from);
    for (const each of [mover, stays]) each.stop();
    await until("all is whole", () =>
      [mover, stays].every((each) => each.in(looker.doc) === each.count && each.saved === each.count),
    );
    expect(Y.equalSnapshots(Y.snapshot(mover.who.doc), Y.snapshot(looker.doc))).toBe(true);
    expect(await stored.writtenTwice(all.seeded.boardId)).toEqual([]);
    expect(people.sentTwice()).toEqual([]);
  });

  it("[FO-21] two nodes are stopped in order and started again, one after the other, under load: both end well, and nobody loses anything", async () => {
    const nodes = await Promise.all([startProcess(), startProcess()]);
    const [one, two] = nodes.map(({ server }) => server);
    if (!one || !two) throw new Error("two nodes were started");
    const on = async (home: ServerProcess, other: ServerProcess, household: number) => {
      const who = await people.board(home, household);
      // Whoever loses its node goes to the other one, as behind a proxy.
      who.provider.on("connection-close", () => {
        const there = who.provider.serverUrl.startsWith(home.wsUrl) ? other : home;
        who.provider.serverUrl = `${there.wsUrl}/yjs`;
      });
      return who;
    };
    const counting = [
      new Counting(await on(one, two, 9)),
      new Counting(await on(one, two, 10)),
      new Counting(await on(two, one, 11)),
    ];
    const lookers = [await on(two, one, 12), await people.board(here, 13)];
    for (const each of counting) each.start(10);
    const seen = (more: number) => counting.every((each) => lookers.every(({ doc }) => each.in(doc) > more));
    await until("all are seen", () => seen(5));
    const lives: Service[] = [];
    for (const { server, service } of nodes) {
      service.signal("SIGTERM");
      await service.ended;
      expect(service.exitCode()).toBe(0);
      const from = counting.map(({ count }) => count);
      await until("they count on", () => counting.every(({ saved }, at) => saved > (from[at] ?? 0)));
      lives.push(await server.start());
      await until("its bus works", async () => (await readiness(server)).status === "ready");
    }
    const back = await Promise.all([people.board(one, 14), people.board(two, 15)]);
    for (const each of counting) each.stop();
    await until("all is whole everywhere", () =>
      counting.every((each) => [...lookers, ...back].every(({ doc }) => each.in(doc) === each.count)),
    );
    await until("and told saved", () => counting.every(({ saved, count }) => saved === count));
    expect(await stored.writtenTwice(all.seeded.boardId)).toEqual([]);
    expect(people.sentTwice()).toEqual([]);
    people.leave();
    for (const service of lives) service.signal("SIGTERM");
    await Promise.all(lives.map(({ ended }) => ended));
    expect(lives.map((service) => service.exitCode())).toEqual([0, 0]);
  });

  it("[FO-19] a node is frozen in the middle of a command: the others are not held up for long, and afterwards it is level", async () => {
    const { server, service } = await startProcess();
    const [frozen, near] = [await people.board(server, 3), await people.board(here, 4)];
    const [stuck, free] = [await people.socket(server, 3), await people.socket(here, 4)];
    const lock = openStored(all.database.url);
    const blocker = await lock.hold("select seq from communities for update");
    const half = stuck.send("chat.post", post("说到一半")).catch(() => null);
    await until("it waits for the community's row", async () => {
      const waiting = await stored.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock'");
      return waiting.length > 0;
    });
    service.signal("SIGSTOP");
    await blocker.release();
    await lock.close();
    // Whoever is frozen holds its locks until the database ends its transaction.
    await until("others can speak", async () => (await free.send("chat.post", post("我能说"))).ok);
    addItem(near.doc, near.householdId, "x", draft("梯子"));
    await until("and hang things up", () => near.savedUpTo() > 0);
    service.signal("SIGCONT");
    await until("the frozen one has what it missed", () =>
      frozen.doc.getMap(`cell:${near.householdId}`).has("x"),
    );
    await half;
    await until("and its people hear what was said", () =>
      stuck.events.some(({ name }) => name === "chat.message-was-posted"),
    );
    expect(people.sentTwice()).toEqual([]);
    people.leave();
    await service.stop();
  });

  it("[FO-19] a node that lost the database alone shows what others save, says that it cannot serve, and keeps its people's edits waiting", async () => {
    const other = await all.add();
    await all.ready();
    const [lost, near] = [
      new Counting(await people.board(here, 5)),
      new Counting(await people.board(other, 6)),
    ];
    const speaker = await people.socket(here, 5);
    await until("both are there", () => lost.in(near.who.doc) === 0 && near.in(lost.who.doc) === 0);
    here.toDatabase.hold();
    lost.next();
    near.next();
    await until("what is saved elsewhere is shown", () => near.in(lost.who.doc) === 1);
    lost.who.provider.awareness.setLocalStateField("sent", true);
    await until("what was sent after the edit is seen elsewhere", () =>
      near.who.shows("sent").includes(true),
    );
    expect([lost.in(near.who.doc), lost.saved]).toEqual([0, 0]);
    const asked = speaker.send("chat.post", post("等一下"));
    await until("it says that it cannot serve", async () => (await readiness(here)).http === 503);
    expect((await readiness(other)).http).toBe(200);
    await here.toDatabase.refuse();
    expect(await asked).toMatchObject({ ok: false, error: { code: "storage-unavailable" } });
    await here.toDatabase.mend();
    await until("the edit is saved and seen", () => lost.saved === 1 && lost.in(near.who.doc) === 1);
    const { seqs } = await stored.board(all.seeded.boardId);
    expect(seqs).toEqual(dense(seqs));
    expect(people.sentTwice()).toEqual([]);
  });

  it("[FO-20 FO-35 INV-12] clocks minutes apart: all nodes tell the same time and hear one another, and no vote closes by a wrong clock", async () => {
    const proposalId = await openVote(await people.facilitator(here), 600);
    for (const skew of [20 * minutes, -20 * minutes]) {
      // A closer looks for what is due before its node serves.
      const wrong = await all.add({ overrides: { clock: { now: () => Date.now() + skew } } });
      const [far, near] = [await people.board(wrong, 9), await people.board(here, 10)];
      const passes = async (from: Neighbour, to: Neighbour) => {
        from.provider.awareness.setLocalStateField("skew", skew);
        await until("presence passes over Redis", () => to.shows("skew").includes(skew));
      };
      await passes(far, near);
      await passes(near, far);
      const voter = await people.socket(wrong, skew > 0 ? 7 : 8);
      expect(Math.abs(voter.welcome.now - Date.now())).toBeLessThan(2_000);
      expect(await voter.send("ballot.cast", yes(proposalId))).toMatchObject({ ok: true });
      const states = await stored.rows("select state from proposals where id = $1", [proposalId]);
      expect(states).toEqual([{ state: "open" }]);
    }
  });
});
