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

async function stopWithout(takeAway: (proxy: TcpProxy) => unknown): Promise<void> {
  const dataDir = await makeScratch("stop-without-database");
  const database = await freshDatabase();
  const seeded = await seedCourtyard({ dataDir, databaseUrl: database.url }, 4);
  const proxy = await startTcpProxy(Number(new URL(database.url).port));
  const through = new URL(database.url);
  through.port = `${proxy.port}`;
  const server = await serverProcess(
    { dataDir, databaseUrl: through.href },
    { SHUTDOWN_SECONDS: `${stopSeconds}`, LOG_LEVEL: "silent" },
  );
  const people = neighboursOf(seeded);
  const stored = openStored(database.url);
  try {
    let service = await server.start();
    const one = new Counting(await people.board(server, 0));
    const looker = await people.board(server, 1);
    const speaker = await people.socket(server, 2);
    one.next();
    await until("it is saved and seen", () => one.saved === 1 && one.in(looker.doc) === 1);

    await takeAway(proxy);
    one.next();
    one.who.provider.awareness.setLocalStateField("sent", true);
    await until("what was sent afterwards is seen", () => looker.shows("sent").includes(true));
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
    people.leave();
    await stored.close();
    await proxy.close();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

it("[FO-18 T3] SIGTERM while the database answers nothing ends within its deadline, says that something was left, and loses nothing saved", () =>
  stopWithout((proxy) => proxy.hold()));

it("[FO-18 T3] SIGTERM while the database refuses connections does as well", () =>
  stopWithout((proxy) => proxy.refuse()));
