import { rm } from "node:fs/promises";
import { nanoid } from "nanoid";
import { expect, it } from "vitest";
import { seedCourtyard, serverProcess } from "../server/seeded.ts";
import { freshDatabase } from "../services/postgres.ts";
import { makeScratch } from "../services/scratch.ts";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";
import { Counting } from "./counting.ts";
import { neighboursOf } from "./neighbours.ts";
import { dense, openStored } from "./stored.ts";

const stopSeconds = 3;

/** A server of its own behind a line to the database, and three people of it: who writes, who looks on, who speaks. */
async function open(env: Record<string, string>) {
  const dataDir = await makeScratch("stop-without-database");
  const database = await freshDatabase();
  const seeded = await seedCourtyard({ dataDir, databaseUrl: database.url }, 4);
  const proxy = await startTcpProxy(Number(new URL(database.url).port));
  const through = new URL(database.url);
  through.port = `${proxy.port}`;
  const server = await serverProcess({ dataDir, databaseUrl: through.href }, { LOG_LEVEL: "silent", ...env });
  const people = neighboursOf(seeded);
  const stored = openStored(database.url);
  const close = async () => {
    people.leave();
    await stored.close();
    await proxy.close();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const comeIn = async () => {
    const one = new Counting(await people.board(server, 0));
    const looker = await people.board(server, 1);
    const speaker = await people.socket(server, 2);
    one.next();
    await until("it is saved and seen", () => one.saved === 1 && one.in(looker.doc) === 1);
    const sent = async (mark: string) => {
      one.who.provider.awareness.setLocalStateField("sent", mark);
      await until("what was sent afterwards is seen", () => looker.shows("sent").includes(mark));
    };
    return { one, looker, speaker, sent };
  };
  return { server, proxy, stored, seeded, comeIn, close };
}

async function stopWithout(takeAway: (proxy: TcpProxy) => unknown): Promise<void> {
  const { server, proxy, stored, seeded, comeIn, close } = await open({ SHUTDOWN_SECONDS: `${stopSeconds}` });
  try {
    let service = await server.start();
    const { one, looker, speaker, sent } = await comeIn();
    await takeAway(proxy);
    one.next();
    await sent("after");
    const post = { messageId: nanoid(), channelId: seeded.channelId, text: "要停了" };
    const answered = speaker.send("chat.post", post).catch(() => ({ ok: false }));
    const started = performance.now();
    service.signal("SIGTERM");
    await service.ended;
    const took = performance.now() - started;
    expect(took).toBeLessThan(stopSeconds * 1000 + 2_500);
    expect(service.exitCode()).toBe(1);
    expect((await answered).ok).toBe(false);
    expect([one.saved, one.in(looker.doc)]).toEqual([1, 1]);
    expect(one.in((await stored.board(seeded.boardId)).doc)).toBe(1);

    await proxy.mend();
    service = await server.start();
    await until("the client has brought it", () => one.saved === 2 && one.in(looker.doc) === 2);
    const { doc, seqs } = await stored.board(seeded.boardId);
    expect(one.in(doc)).toBe(2);
    expect(seqs).toEqual(dense(seqs));
    expect(await stored.writtenTwice(seeded.boardId)).toEqual([]);

    // With nothing left over, the same signal ends it well.
    service.signal("SIGTERM");
    await service.ended;
    expect(service.exitCode()).toBe(0);
  } finally {
    await close();
  }
}

it("[FO-18 T3] SIGTERM while the database answers nothing ends within its deadline, says that something was left, and loses nothing saved", () =>
  stopWithout((proxy) => proxy.hold()));

it("[FO-18 T3] SIGTERM while the database refuses connections does as well", () =>
  stopWithout((proxy) => proxy.refuse()));

it("[FO-18 HT-7 T3] SIGTERM while each commit takes 1.5 seconds commits all that was received, says so, and ends well", async () => {
  const { server, stored, seeded, comeIn, close } = await open({});
  try {
    const service = await server.start();
    const { one, looker, speaker, sent } = await comeIn();
    await stored.rows(`create function commit_slowly() returns trigger language plpgsql as
      $$ begin perform pg_sleep(1.5); return null; end $$`);
    for (const table of ["board_updates", "messages"])
      await stored.rows(`create constraint trigger commit_slowly after insert on ${table}
        deferrable initially deferred for each row execute function commit_slowly()`);
    const post = { messageId: nanoid(), channelId: seeded.channelId, text: "要停了" };
    let isAnswered = false;
    const answered = speaker
      .send("chat.post", post)
      .catch(() => ({ ok: false }))
      .finally(() => {
        isAnswered = true;
      });
    one.next();
    await until("both are at their commits, or past them", async () => {
      const past = Number(isAnswered) + Number(one.saved === 2);
      const waiting = await stored.rows(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
      );
      return waiting.length + past >= 2;
    });
    one.next();
    await sent("behind the one under way");
    service.signal("SIGTERM");
    await service.ended;
    expect(service.exitCode()).toBe(0);
    await until("all is told saved, and seen", () => one.saved === 3 && one.in(looker.doc) === 3);
    expect(await answered).toMatchObject({ ok: true });
    expect(one.in((await stored.board(seeded.boardId)).doc)).toBe(3);
    expect(await stored.rows("select 1 from messages where id = $1", [post.messageId])).toHaveLength(1);
  } finally {
    await close();
  }
});
