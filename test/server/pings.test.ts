import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Server as Engine } from "engine.io";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { boundedWebSockets, engineLimits } from "../../server/sockets/engine-bounds.ts";
import { createGatewayCounts } from "../../server/sockets/gateway-limits.ts";
import { UnfinishedMessages } from "../../server/sockets/unfinished.ts";
import { roomLimits } from "../../shared/board/limits.ts";
import type { Actor } from "../../shared/identity/model.ts";
import { until } from "../services/until.ts";
import { openSocket } from "./socket-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

let yard: Yard;
let authorization = "";
beforeAll(async () => {
  yard = await openYard();
  ({ authorization } = bearer((await yard.resident("1-1-101")).token));
});
afterAll(() => yard.close());

const enginePath = "/socket.io/?EIO=4&transport=websocket";
const pathOf = (line: string): string => (line === "a board" ? `/yjs/${yard.boardId}` : enginePath);

/** A WebSocket that is open and is never read again. */
async function openUnread(port: number, path: string): Promise<{ socket: Socket; ended(): boolean }> {
  const socket = connect(port, "127.0.0.1");
  let ended = false;
  socket.on("error", () => {});
  socket.once("close", () => {
    ended = true;
  });
  await once(socket, "connect");
  const head = [
    `GET ${path} HTTP/1.1`,
    "Host: x",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Authorization: ${authorization}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("101");
  socket.pause();
  return { socket, ended: () => ended };
}

/** More than the system keeps for a line in both directions. */
const most = 64 * 1024 * 1024;
const ping = Buffer.concat([Buffer.of(0x89, 0x80 | 125, 0, 0, 0, 0), Buffer.alloc(125, 1)]);
const manyPings = Buffer.concat(Array.from({ length: 4096 }, () => ping));

/** Sends pings until the line is ended, or so many bytes of them are sent; answers whether it was ended. */
async function floodUnread(port: number, path: string): Promise<boolean> {
  const { socket, ended } = await openUnread(port, path);
  for (let sent = 0; sent < most && !ended(); sent += manyPings.length) {
    if (!socket.write(manyPings))
      await Promise.race([once(socket, "drain"), once(socket, "close")].map((each) => each.catch(() => {})));
  }
  const result = ended();
  socket.destroy();
  return result;
}

describe.each([
  ["a board", "SY-17", roomLimits],
  ["the events", "HT-16", engineLimits],
])("pings on the line of %s", (line, rule, limits) => {
  it(`[${rule} INV-11] are answered so often, and then the line is ended`, async () => {
    const socket = new WebSocket(`${yard.wsUrl}${pathOf(line)}`, { headers: { authorization } });
    await once(socket, "open");
    socket.on("error", () => {});
    const closed = once(socket, "close");
    let answers = 0;
    // One at a time, so that none of the answers has to wait.
    for (let open = true; open && answers < 10 * limits.signBurst; ) {
      const answer = once(socket, "pong");
      socket.ping();
      open = await Promise.race([answer.then(() => true), closed.then(() => false)]);
      if (open) answers++;
    }
    expect(answers).toBeGreaterThanOrEqual(limits.signBurst);
    expect(answers).toBeLessThan(5 * limits.signBurst);
    await closed;
  });

  it(`[${rule} INV-11] and so are pongs nobody asked for counted`, async () => {
    const socket = new WebSocket(`${yard.wsUrl}${pathOf(line)}`, { headers: { authorization } });
    await once(socket, "open");
    socket.on("error", () => {});
    for (let n = 0; n < 10 * limits.signBurst; n++) socket.pong();
    await until("it is ended", () => socket.readyState === WebSocket.CLOSED);
  });

  it(`[${rule} INV-11] end a line whose answers are not read before they fill the memory`, async () => {
    const port = Number(new URL(yard.url).port);
    expect(await floodUnread(port, pathOf(line))).toBe(true);
    await until("its place is free", () => yard.app.openConnections() === 0);
  });
});

describe("the WebSockets of Engine.IO", () => {
  it("[HT-16 INV-11] are ended when answers to pings wait unread, however slowly the pings come", async () => {
    // Seconds pass between any two of them.
    let now = 0;
    const clock = { now: () => (now += 1_000) };
    const place = createGatewayCounts(clock).enter({ kind: "kiosk", kioskId: "k1" } as Actor) ?? undefined;
    const unfinished = new UnfinishedMessages();
    const wsEngine = boundedWebSockets({ clock, unfinished, placeOf: () => place });
    const engine = new Engine({ wsEngine, perMessageDeflate: false });
    const server = createServer();
    engine.attach(server as Parameters<Engine["attach"]>[0]);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await floodUnread(port, "/engine.io/?EIO=4&transport=websocket")).toBe(true);
    engine.close();
    server.close();
  });

  it("[HT-16 INV-11] count what they are sent before they take over from polling", async () => {
    const polling = await fetch(`${yard.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { authorization },
    });
    const { sid } = JSON.parse((await polling.text()).slice(1)) as { sid: string };
    const probing = new WebSocket(`${yard.wsUrl}${enginePath}&sid=${sid}`, { headers: { authorization } });
    await once(probing, "open");
    let answers = 0;
    probing.on("message", () => answers++);
    probing.on("error", () => {});
    for (let n = 0; n < 3 * engineLimits.packetBurst; n++) probing.send("2probe");
    await until("it is ended", () => probing.readyState === WebSocket.CLOSED);
    expect(answers).toBeLessThan(2 * engineLimits.packetBurst);
  });

  it("[HT-16] still carry a client that begins by polling", async () => {
    const { token } = await yard.resident("1-1-201");
    const client = await openSocket(yard.url, token, { transports: ["polling", "websocket"] });
    const { engine } = client.socket.io;
    await until("it has changed over", () => engine.transport.name === "websocket");
    expect(await client.ask("household.mine", {})).toMatchObject({ ok: true });
    client.close();
  });
});
