import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { upgradeDeadline } from "../../server/sockets/upgrade.ts";
import { until } from "../services/until.ts";
import { openSocket } from "./socket-client.ts";
import { openYard, type Yard } from "./yard.ts";

/** A y-protocols sync step 1 of someone who has nothing, and a ping, masked with zeros as RFC 6455 has a client do. */
const syncStepOne = Buffer.from([0x82, 0x84, 0, 0, 0, 0, 0, 0, 1, 0]);
const ping = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
const pong = Buffer.from([0x8a, 0]);

let yard: Yard;
let token = "";
/** Checks of a session wait here while it is shut. */
const check = { waiting: 0, open: () => {}, pass: Promise.resolve() };
const shutCheck = () => {
  check.waiting = 0;
  check.pass = new Promise((resolve) => {
    check.open = resolve;
  });
};
beforeAll(async () => {
  yard = await openYard();
  ({ token } = await yard.resident("1-1-101"));
  const { sessions } = yard.app;
  const honest = sessions.authenticate;
  sessions.authenticate = async (...asked) => {
    check.waiting++;
    await check.pass;
    return honest(...asked);
  };
});
afterEach(() => {
  vi.useRealTimers();
  check.open();
});
afterAll(() => yard.close());

const places = (): number => yard.app.openConnections();
const boardPath = () => `/yjs/${yard.boardId}`;
const enginePath = (query = "") => `/socket.io/?EIO=4&transport=websocket${query}`;

const handshake = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    "Host: yard",
    `Authorization: Bearer ${token}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "\r\n",
  ].join("\r\n");

/** A socket that has sent its handshake, perhaps with something behind it in the same write, and keeps what it hears. */
async function knock(path: string, behind: Buffer = Buffer.alloc(0)) {
  const socket = connect(Number(new URL(yard.url).port), "127.0.0.1");
  const heard = { bytes: Buffer.alloc(0), closed: false };
  socket.on("error", () => {});
  socket.on("data", (more) => {
    heard.bytes = Buffer.concat([heard.bytes, more]);
  });
  socket.once("close", () => {
    heard.closed = true;
  });
  await once(socket, "connect");
  socket.write(Buffer.concat([Buffer.from(handshake(path)), behind]));
  return { socket, heard };
}

/** The messages a server has sent after its 101, each as its opcode and first two bytes. */
function messagesOf(bytes: Buffer): string[] {
  const end = bytes.indexOf("\r\n\r\n");
  const messages: string[] = [];
  for (let at = end + 4; end >= 0 && at + 2 <= bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const long = short === 126;
    const size = long ? bytes.readUInt16BE(at + 2) : short;
    const from = at + (long ? 4 : 2);
    messages.push(`${(bytes[at] ?? 0) & 0x0f}:${[...bytes.subarray(from, Math.min(from + 2, from + size))]}`);
    at = from + size;
  }
  return messages;
}
const syncStepTwo = "2:0,1";

describe("a slow check of a session", () => {
  it("[HT-3 T11] ends no socket before its deadline, and what was sent meanwhile is answered", async () => {
    await until("no place is taken", () => places() === 0);
    shutCheck();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { socket, heard } = await knock(boardPath(), syncStepOne);
    await until("it is being checked", () => check.waiting === 1);
    // Engine.IO would end an upgrade that is not its own after a second.
    vi.advanceTimersByTime(upgradeDeadline - 1);
    socket.write(ping);
    expect([heard.bytes.length, heard.closed, places()]).toEqual([0, false, 1]);
    vi.useRealTimers();
    check.open();
    await until("it is in", () => heard.bytes.includes("HTTP/1.1 101"));
    await until("its question is answered", () => messagesOf(heard.bytes).includes(syncStepTwo));
    await until("and what it sent later", () => heard.bytes.includes(pong));
    socket.destroy();
  });

  it("[HT-3 T11] a Socket.IO client waits as well, and its call is answered", async () => {
    shutCheck();
    const coming = openSocket(yard.url, token);
    await until("it is being checked", () => check.waiting > 0);
    check.open();
    const client = await coming;
    expect((await client.ask("household.mine", {})).ok).toBe(true);
    client.close();
  });

  it.each([
    ["a board", boardPath],
    ["Socket.IO", enginePath],
  ])(
    "[HT-3 INV-11 T10] takes in nothing of what is sent meanwhile at %s: a flood stays on the line",
    async (_name, path) => {
      await until("no place is taken", () => places() === 0);
      shutCheck();
      const { socket } = await knock(path());
      await until("it is being checked", () => check.waiting === 1);
      const begun = process.memoryUsage().arrayBuffers;
      const chunk = Buffer.alloc(1024 * 1024);
      const flood = 64;
      for (let sent = 0; sent < flood; sent++) socket.write(chunk);
      let taken = -1;
      await until("the line takes no more", async () => {
        const before = taken;
        taken = flood * chunk.length - socket.writableLength;
        await pause(200);
        return taken === before;
      });
      // What the system holds of a line, at both of its ends.
      expect(taken).toBeLessThan(24 * chunk.length);
      expect(process.memoryUsage().arrayBuffers - begun).toBeLessThan(4 * chunk.length);
      socket.destroy();
    },
  );

  it.each([
    ["a board", boardPath],
    ["Socket.IO", enginePath],
  ])(
    "[HT-3 HT-11] that does not end is ended at %s: the deadline answers 503 and gives the place back",
    async (_name, path) => {
      await until("no place is taken", () => places() === 0);
      shutCheck();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const { heard } = await knock(path());
      await until("it is being checked", () => check.waiting === 1);
      vi.advanceTimersByTime(upgradeDeadline - 1);
      expect([heard.bytes.length, places()]).toEqual([0, 1]);
      vi.advanceTimersByTime(1);
      vi.useRealTimers();
      await until("it is told and let go", () => heard.closed);
      expect(heard.bytes.toString()).toMatch(/^HTTP\/1\.1 503 /);
      await until("its place is free", () => places() === 0);
      // The check ends after all, and finds nobody.
      check.open();
      const { socket, heard: next } = await knock(boardPath(), syncStepOne);
      await until("others come in", () => messagesOf(next.bytes).includes(syncStepTwo));
      expect(heard.bytes.toString()).not.toContain("101");
      socket.destroy();
    },
  );
});

/** An error that nobody listens to is no test's failure: it fails the run, as it would end the process. */
describe("sockets that are reset while they are let in", () => {
  const many = 20;
  const calm = async () => {
    await until("every place is free", () => places() === 0);
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
  };

  it.each([
    ["a board", boardPath],
    ["Socket.IO", enginePath],
  ])("[HT-1 T30] at %s while their session is checked", async (_name, path) => {
    await until("no place is taken", () => places() === 0);
    shutCheck();
    const sockets = await Promise.all(Array.from({ length: many }, () => knock(path(), syncStepOne)));
    await until("all are being checked", () => check.waiting === many);
    for (const { socket } of sockets) socket.resetAndDestroy();
    await until("all are gone", () => places() === 0);
    check.open();
    await calm();
  });

  it.each([
    ["a board", boardPath],
    ["Socket.IO", enginePath],
  ])("[HT-1 T30] at %s just after they were let in", async (_name, path) => {
    const resets = Array.from({ length: many }, async () => {
      const { socket } = await knock(path(), syncStepOne);
      await once(socket, "data");
      socket.resetAndDestroy();
    });
    await Promise.all(resets);
    await calm();
  });

  it("[HT-1 T30] at the upgrade of a client that polls: before its answer, after it, and in the middle of its probe", async () => {
    const poll = async (of: string): Promise<string> => {
      const headers = { authorization: `Bearer ${of}` };
      const answer = await fetch(`${yard.url}/socket.io/?EIO=4&transport=polling`, { headers });
      return (JSON.parse((await answer.text()).slice(1)) as { sid: string }).sid;
    };
    const probe = Buffer.from([0x81, 0x86, 0, 0, 0, 0, ...Buffer.from("2probe")]);
    const stages: ((socket: Socket) => Promise<unknown>)[] = [
      async () => {},
      (socket) => once(socket, "data"),
      async (socket) => {
        await once(socket, "data");
        socket.write(probe);
        await once(socket, "data");
      },
    ];
    const before = places();
    for (const stage of stages) {
      // A person each: these are more connections than one may begin in the time.
      const poller = await yard.resident("1-1-201");
      for (let at = 0; at < many / 2; at++) {
        const { socket } = await knock(enginePath(`&sid=${await poll(poller.token)}`));
        await stage(socket);
        socket.resetAndDestroy();
      }
    }
    // Who polls keeps a place until the heartbeat misses it; the sockets are gone.
    await until("only those who poll are left", () => places() === before + stages.length * (many / 2));
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
  });
});
