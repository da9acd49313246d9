import { nanoid } from "nanoid";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type Postgres, startPostgres } from "../services/postgres.ts";
import { until } from "../services/until.ts";
import { Counting } from "./counting.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, type ProxiedNode } from "./nodes.ts";
import { dense, openStored, type Stored } from "./stored.ts";

/** A lock of the test's own, at which a commit can be made to wait. */
const commitLock = 20_260;

describe("nodes whose PostgreSQL fails", () => {
  let postgres: Postgres;
  let all: Nodes;
  let here: ProxiedNode;
  let there: ProxiedNode;
  let people: Neighbours;
  let stored: Stored;

  beforeAll(async () => {
    postgres = await startPostgres({ durable: true });
    all = await openNodes(0, { postgresUrl: postgres.url, households: 23 });
    here = await all.addProxied();
    there = await all.addProxied();
    await all.ready();
    people = neighboursOf(all.seeded);
    stored = openStored(all.database.url);
  });
  afterEach(async () => {
    postgres.resume();
    for (const { toDatabase } of [here, there]) await toDatabase.mend();
    people.leave();
  });
  afterAll(async () => {
    await stored.close();
    await all.close();
    await postgres.stop();
  });

  const board = () => all.seeded.boardId;

  /** Three who count on two nodes, and a looker-on on each. */
  const counters = async (first: number) => ({
    counting: [
      new Counting(await people.board(here, first)),
      new Counting(await people.board(here, first + 1)),
      new Counting(await people.board(there, first + 2)),
    ],
    lookers: [await people.board(here, 18), await people.board(there, 19)],
  });

  const allWhole = async ({ counting, lookers }: Awaited<ReturnType<typeof counters>>) => {
    const everyone = [...counting.map(({ who }) => who), ...lookers];
    await until(
      "everyone has everything",
      () => everyone.every(({ doc }) => counting.every((each) => each.in(doc) === each.count)),
      40_000,
    );
    await until("and all is told saved", () => counting.every((each) => each.saved === each.count));
    const { doc, seqs } = await stored.board(board());
    expect(seqs).toEqual(dense(seqs));
    for (const each of counting) expect(each.in(doc)).toBe(each.count);
    for (const each of everyone)
      expect(Y.equalSnapshots(Y.snapshot(each.doc), Y.snapshot(doc)), "all have what the log has").toBe(true);
    expect(await stored.writtenTwice(board())).toEqual([]);
    expect(people.sentTwice()).toEqual([]);
  };

  const endsUnderLoad = async (first: number, end: () => Promise<void>) => {
    const load = await counters(first);
    for (const each of load.counting) each.start(7);
    await until("much is saved", () => load.counting.every(({ saved }) => saved > 20));
    await end();
    const told = load.counting.map(({ saved }) => saved);
    const seen = load.counting.map((each) => Math.max(...load.lookers.map(({ doc }) => each.in(doc))));
    await postgres.revive();
    const { doc } = await stored.board(board());
    for (const [at, each] of load.counting.entries()) {
      expect(each.in(doc)).toBeGreaterThanOrEqual(told[at] ?? 0);
      expect(each.in(doc)).toBeGreaterThanOrEqual(seen[at] ?? 0);
    }
    const before = load.counting.map(({ count }) => count);
    await until("they count on", () => load.counting.every(({ count }, at) => count > (before[at] ?? 0)));
    for (const each of load.counting) each.stop();
    await allWhole(load);
  };

  it("[FO-16 INV-1 T2] PostgreSQL is killed under load: nobody saw or was told saved what is gone, and all goes on when it is back", () =>
    endsUnderLoad(0, () => postgres.kill()));

  it("[FO-16 INV-1] PostgreSQL is restarted in order under load: the same", () =>
    endsUnderLoad(20, () => postgres.shutDown()));

  it("[FO-16 INV-1] PostgreSQL is frozen: edits wait on the clients, unseen, and are stored once when it goes on", async () => {
    const load = await counters(3);
    await until("all is calm", () =>
      load.counting.every((each) => each.in(load.lookers[1]?.doc ?? each.who.doc) === 0),
    );
    postgres.pause();
    const [first] = load.counting;
    const [looker] = load.lookers;
    if (!first || !looker) throw new Error("nobody is there");
    for (const each of load.counting) for (let n = 0; n < 20; n++) each.next();
    // Sent after the edits on the same line, and needs no database.
    first.who.provider.awareness.setLocalStateField("sent", true);
    await until("what was sent afterwards is seen", () => looker.shows("sent").includes(true));
    expect([first.in(looker.doc), first.saved]).toEqual([0, 0]);
    postgres.resume();
    await allWhole(load);
  });

  it("[FO-16 T1] commits are slow on both nodes, and everyone leaves: every saved edit is there for a cold third node", {
    timeout: 60_000,
  }, async () => {
    const load = await counters(6);
    const [first, , third] = load.counting;
    if (!first || !third) throw new Error("nobody is there");
    for (const { toDatabase } of [here, there]) toDatabase.delayAnswers(1_500);
    for (const each of load.counting) each.start(40);
    await until("much is written", () => first.count > 50 && third.count > 50);
    for (const each of load.counting) each.stop();
    await until("something is saved on both", () => first.saved > 0 && third.saved > 0, 50_000);
    const told = load.counting.map(({ saved }) => saved);
    people.leave();
    const cold = await all.add();
    const late = await people.board(cold, 9);
    for (const [at, each] of load.counting.entries())
      expect(each.in(late.doc)).toBeGreaterThanOrEqual(told[at] ?? 0);
    const { seqs } = await stored.board(board());
    expect(seqs).toEqual(dense(seqs));
    expect(await stored.writtenTwice(board())).toEqual([]);
  });

  it("[FO-32] two nodes are busy on one board and the database answers late: both have their turn", {
    timeout: 60_000,
  }, async () => {
    const load = await counters(9);
    for (const { toDatabase } of [here, there]) toDatabase.delayAnswers(60);
    for (const each of load.counting) each.start(20);
    const few = 100;
    // While all go on: whoever never comes first would be closed as "not saved" after ten seconds.
    await until("all are saved many times", () => load.counting.every(({ saved }) => saved > few), 20_000);
    for (const each of load.counting) each.stop();
    for (const { toDatabase } of [here, there]) await toDatabase.mend();
    await allWhole(load);
  });

  it("[FO-32] the same without Redis, where nobody can be asked to give way", {
    timeout: 60_000,
  }, async () => {
    const load = await counters(15);
    for (const { toRedis, toDatabase } of [here, there]) {
      toRedis.hold();
      toDatabase.delayAnswers(60);
    }
    const closed: number[] = [];
    for (const { who } of load.counting)
      who.provider.on("connection-close", (event) => closed.push(event?.code ?? 0));
    for (const each of load.counting) each.start(20);
    const few = 60;
    // Whoever never comes first is closed as "not saved" after ten seconds, and tries again.
    await until("all are saved many times", () => load.counting.every(({ saved }) => saved > few), 20_000);
    expect(closed).toEqual([]);
    for (const each of load.counting) each.stop();
    for (const { toRedis, toDatabase } of [here, there]) {
      await toRedis.mend();
      await toDatabase.mend();
    }
    await allWhole(load);
  });

  it("[FO-17 INV-3] the answer to a board's commit is lost: the edit is stored once, seen once, and told saved", async () => {
    const load = await counters(12);
    const [first] = load.counting;
    const [looker] = load.lookers;
    if (!first || !looker) throw new Error("nobody is there");
    await until("all is calm", () => first.in(looker.doc) === 0 && first.saved === 0);
    here.toDatabase.loseAnswers();
    first.next();
    await until("it is stored", async () => first.in((await stored.board(board())).doc) === 1);
    first.who.provider.awareness.setLocalStateField("sent", "after");
    await until("what was sent afterwards is seen", () => looker.shows("sent").includes("after"));
    expect([first.in(looker.doc), first.saved]).toEqual([0, 0]);
    await here.toDatabase.mend();
    await allWhole(load);
    const rows = await stored.rows(
      "select 1 from board_history where cell = $1 and after::json ->> 'title' = '1'",
      [first.who.householdId],
    );
    expect(rows).toHaveLength(1);
  });

  it("[FO-17 INV-3] the answer to a command's commit is lost: it is told as storage-unavailable, and said again it has one effect", async () => {
    await stored.rows(`create function wait_at_commit() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(${commitLock}); return null; end $$`);
    await stored.rows(`create constraint trigger wait_at_commit after insert on messages
      deferrable initially deferred for each row execute function wait_at_commit()`);
    const [speaker, hearer] = [await people.socket(here, 0), await people.socket(there, 1)];
    const post = { messageId: nanoid(), channelId: all.seeded.channelId, text: "说一次" };
    const lock = openStored(all.database.url);
    await lock.rows(`select pg_advisory_lock(${commitLock})`);
    const answered = speaker.send("chat.post", post);
    await until("it is at its commit", async () => {
      const waiting = await stored.rows("select 1 from pg_locks where locktype = 'advisory' and not granted");
      return waiting.length > 0;
    });
    here.toDatabase.loseAnswers();
    await lock.close();
    const count = async () =>
      (await stored.rows("select 1 from messages where id = $1", [post.messageId])).length;
    await until("it is stored", async () => (await count()) === 1);
    // Others see the row before its own connection is told: mended now, the line would still bring the answer.
    await until("its answer has been given", async () => {
      const busy = await stored.rows(
        "select 1 from pg_stat_activity where state = 'active' and query ilike 'commit%'",
      );
      return busy.length === 0;
    });
    await count();
    await here.toDatabase.mend();
    expect(await answered).toMatchObject({ ok: false, error: { code: "storage-unavailable" } });
    await until("said again it is answered", async () => (await speaker.send("chat.post", post)).ok);
    expect(await count()).toBe(1);
    const heard = () => hearer.events.filter(({ name }) => name === "chat.message-was-posted");
    await speaker.send("chat.post", { ...post, messageId: nanoid(), text: "标记" });
    await until("the marker is heard", () => heard().length >= 2);
    expect(heard()).toHaveLength(2);
    expect(people.sentTwice()).toEqual([]);
    await stored.rows("drop trigger wait_at_commit on messages");
  });
});
