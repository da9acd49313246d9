import { expect, it } from "vitest";
import { neighboursOf } from "../nodes/neighbours.ts";
import { openNodes } from "../nodes/nodes.ts";
import { startRedis } from "../services/redis.ts";
import { until } from "../services/until.ts";
import { startMeasured } from "./control.ts";

it("[FO-22] boards opened and closed over real sockets and a real Redis leave its subscriptions, the sockets and the handles as they were", async () => {
  const all = await openNodes(1);
  const raw = all.redis.speak();
  const people = neighboursOf(all.seeded);
  const [{ app }] = all.nodes as [(typeof all.nodes)[0]];
  const round = async (number: number) => {
    const board = await people.board(all.node(0), number % 12);
    const socket = await people.socket(all.node(0), number % 12);
    board.provider.awareness.setLocalStateField("round", number);
    // A marker on the same connection: what was said before has been taken in.
    expect(await socket.ask("chat.page", { channelId: all.seeded.channelId })).toMatchObject({ ok: true });
    people.leave();
    await until("the sockets are gone", () => app.openConnections() === 0);
    await app.rooms.closeBoard(all.seeded.boardId, "restart");
  };
  const pieces = async () => ({
    channels: await raw.channels(),
    rooms: app.rooms.counters.rooms,
    peers: app.rooms.counters.peers,
    sockets: process.getActiveResourcesInfo().filter((kind) => /^TCP/.test(kind)).length,
  });
  try {
    for (let number = 0; number < 5; number++) await round(number);
    const before = await pieces();
    for (let number = 0; number < 30; number++) await round(number);
    await until("all is as it was", async () => {
      const now = await pieces();
      // Idle connections of the pool and of `fetch` may have gone meanwhile.
      return now.channels === before.channels && now.sockets <= before.sockets;
    });
    expect(await pieces()).toMatchObject({ channels: before.channels, rooms: 0, peers: 0 });
  } finally {
    people.leave();
    raw.close();
    await all.close();
  }
});

it("[FO-22 FO-13] thousands of boards that come up and are forgotten leave no channel in Redis, no timer and no socket", async () => {
  const redis = await startRedis();
  const raw = redis.speak();
  const process = await startMeasured("rooms-process.ts", { REDIS_URL: redis.url });
  try {
    const boards = 3_000;
    const canaryAlone = () => until("only the canary is left", async () => (await raw.channels()) === 1);
    await process.ask("openAndClose", 500);
    await canaryAlone();
    const before = await process.holdings();
    let done = false;
    const work = process.ask("openAndClose", boards).finally(() => {
      done = true;
    });
    let most = 0;
    while (!done) most = Math.max(most, await raw.channels());
    await work;
    expect(most).toBeGreaterThan(1);
    await canaryAlone();
    const after = await process.holdings();
    expect(await process.ask("state")).toMatchObject({ rooms: 0, open: 0, opened: 500 + boards });
    for (const kind of ["Timeout", "TCPSocketWrap"])
      expect(after.handles[kind] ?? 0, kind).toBeLessThanOrEqual(before.handles[kind] ?? 0);
  } finally {
    await process.service.stop();
    raw.close();
    await redis.stop();
  }
});
