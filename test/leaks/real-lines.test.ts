import { expect, it } from "vitest";
import { neighboursOf } from "../nodes/neighbours.ts";
import { openNodes } from "../nodes/nodes.ts";
import { until } from "../services/until.ts";

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
