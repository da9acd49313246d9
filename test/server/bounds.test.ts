import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  connectionsOfAddress,
  createBoundedServer,
  plainConnections,
  serverLimits,
} from "../../server/http/bounded-server.ts";
import { healthTimes } from "../../server/http/health.ts";
import { until } from "../services/until.ts";
import { openSocket } from "./socket-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

/** A bare connection, and what it was answered. */
interface Line {
  socket: Socket;
  answer(): string;
  ended(): boolean;
}

const lines: Socket[] = [];
afterEach(() => {
  for (const socket of lines.splice(0)) socket.destroy();
});

/** @param localAddress any of 127.0.0.0/8 is this machine */
async function call(port: number, localAddress = "127.0.0.1"): Promise<Line> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  lines.push(socket);
  let answer = "";
  let ended = false;
  socket
    .on("error", () => {})
    .on("data", (data) => {
      answer += data;
    });
  socket.once("close", () => {
    ended = true;
  });
  await once(socket, "connect");
  return { socket, answer: () => answer, ended: () => ended };
}

describe("what a connection may take", () => {
  const places = { maxConnections: 10, maxConnectionsPerAddress: 10, trustProxy: 0 };
  const server = createBoundedServer((_request, response) => response.end("served"), places, {
    ...serverLimits,
    headersMs: 400,
    requestMs: 800,
    checkEveryMs: 50,
  });
  let port = 0;
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  it("[HT-19 INV-11] who sends headers one by one, or a body without end, or nothing, is ended, and others are served", async () => {
    const [slow, silent, long] = [await call(port), await call(port), await call(port)];
    slow.socket.write("GET / HTTP/1.1\r\nHost: x\r\n");
    long.socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    const drip = setInterval(() => {
      slow.socket.write("X-More: 1\r\n");
      long.socket.write("x");
    }, 20);
    await until("all three are ended", () => slow.ended() && silent.ended() && long.ended());
    clearInterval(drip);
    expect(slow.answer()).toContain("408");
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe("served");
  });

  it("[HT-19 INV-11] headers that are too large are refused", async () => {
    const headers = { "x-large": "x".repeat(serverLimits.headerBytes) };
    expect((await fetch(`http://127.0.0.1:${port}`, { headers })).status).toBe(431);
  });
});

describe("a node that is full", () => {
  const sockets = 10;
  let yard: Yard;
  beforeAll(async () => {
    yard = await openYard({ env: { MAX_CONNECTIONS: `${sockets}` } });
  });
  afterAll(() => yard.close());
  const port = () => Number(new URL(yard.url).port);

  it("[HT-11 INV-11] refuses one socket more than it may hold, and those inside go on", async () => {
    const { token } = await yard.resident("1-1-101");
    const inside = await openSocket(yard.url, token);
    const open = async () => {
      const socket = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers: bearer(token) });
      await once(socket, "open");
      return socket;
    };
    const opened = await Promise.all(Array.from({ length: sockets - 1 }, open));
    const refused = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers: bearer(token) });
    const [, response] = await once(
      refused.on("error", () => {}),
      "unexpected-response",
    );
    expect(response.statusCode).toBe(503);
    expect(await inside.ask("household.mine", {})).toMatchObject({ ok: true });
    for (const socket of opened) socket.terminate();
    inside.close();
    await until("every place is free", () => yard.app.openConnections() === 0);
  });

  it("[HT-19 INV-11] closes connections beyond its bound at once, and those inside go on", async () => {
    const inside = await openSocket(yard.url, (await yard.resident("1-1-201")).token);
    const most = sockets + plainConnections(sockets);
    const held: Line[] = [];
    for (let open = 0; open < most; open++) held.push(await call(port(), `127.0.1.${1 + (open % 4)}`));
    await until("one is closed", () => held.some(({ ended }) => ended()));
    // One, or a few when a connection of the test before is still on its way out.
    expect(held.filter(({ ended }) => ended()).length).toBeLessThan(5);
    expect(await inside.ask("household.mine", {})).toMatchObject({ ok: true });
    for (const { socket } of held) socket.destroy();
    await until("others are served again", async () => (await fetch(`${yard.url}/healthz`)).ok);
    inside.close();
  });

  it("[HT-19 INV-11] lines of one address on which nothing is asked leave the others their places", async () => {
    const most = connectionsOfAddress(yard.app.config);
    const held: Line[] = [];
    for (let open = 0; open < sockets + plainConnections(sockets); open++)
      held.push(await call(port(), "127.0.2.1"));
    await until(
      "those beyond its share are closed",
      () => held.filter(({ ended }) => !ended()).length <= most,
    );
    expect(held.filter(({ ended }) => !ended())).toHaveLength(most);
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
    for (const { socket } of held) socket.destroy();
    const again = async () => !(await call(port(), "127.0.2.1")).ended();
    await until("the address has places again", again);
  });

  it("[HT-19] the share of one address holds its sockets and more, and never all places", () => {
    const share = (maxConnections: number, maxConnectionsPerAddress: number) =>
      connectionsOfAddress({ maxConnections, maxConnectionsPerAddress });
    expect(share(10_000, 1_000)).toBe(1_500);
    expect(share(10, 5)).toBe(105);
    expect(share(10, 100_000)).toBe(110);
  });

  it("[HT-19] behind a proxy, whose address all come from, only the whole is bounded", async () => {
    const behind = await openYard({ env: { MAX_CONNECTIONS: `${sockets}`, TRUST_PROXY: "1" } });
    const held: Line[] = [];
    for (let open = 0; open < connectionsOfAddress(behind.app.config) + 10; open++)
      held.push(await call(Number(new URL(behind.url).port)));
    expect((await fetch(`${behind.url}/healthz`)).status).toBe(200);
    expect(held.some(({ ended }) => ended())).toBe(false);
    await behind.close();
  });

  it("[HT-8 INV-11] a flood of questions whether it is ready costs one write a second", async () => {
    const writes = async () =>
      (await yard.app.storage.db.selectFrom("probes").select("at").executeTakeFirst())?.at ?? 0;
    const ask = async () => (await fetch(`${yard.url}/readyz`)).status;
    expect(await ask()).toBe(200);
    const before = await writes();
    const began = performance.now();
    for (let round = 0; round < 10; round++) {
      const statuses = await Promise.all(Array.from({ length: 30 }, ask));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    const seconds = Math.ceil((performance.now() - began) / healthTimes.probeEvery);
    expect((await writes()) - before).toBeLessThanOrEqual(seconds);
    // It is asked anew when the answer has grown old.
    const then = await writes();
    await until("it has written again", async () => (await ask()) === 200 && (await writes()) > then);
  });
});
