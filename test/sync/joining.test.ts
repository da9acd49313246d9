import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import type { Boards } from "../../server/board/boards.ts";
import type { Session, Sessions } from "../../server/identity/sessions.ts";
import { createLogger } from "../../server/observe/log.ts";
import { createBoardDoor } from "../../server/sockets/board-door.ts";
import { createBoardUpgrade } from "../../server/sockets/board-upgrade.ts";
import { createConnections } from "../../server/sockets/connections.ts";
import { UnfinishedMessages } from "../../server/sockets/unfinished.ts";
import { listenForUpgrades } from "../../server/sockets/upgrade.ts";
import type { BoardSocket } from "../../server/sync/peer.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { Turns } from "../../server/turns.ts";
import { readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { RawClient } from "./clients.ts";
import { draft, residentOf } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";

/** A gate at each thing that a socket waits for between its request and its board. */
const steps = ["authenticate", "access", "follow", "load", "ask", "authenticate again"] as const;
type Step = (typeof steps)[number];
/** Nobody reads a socket before its handshake, so that its end is not noticed before it is let in. */
const beforeHandshake: readonly Step[] = ["authenticate", "access"];
/** Nothing of a board is sent before these are done; it may come while the others are waited for. */
const beforeBoard: readonly Step[] = [...beforeHandshake, "load"];

const resident = {
  kind: "resident",
  communityId: "c1",
  residentId: "r1",
  displayName: "邻居",
  household: { householdId: "h1", door: "1-1-101" },
};

let close = async (): Promise<void> => {};
afterEach(() => close());

/** The way from an upgrade to a room as the server builds it, before a store in memory. */
async function openDoor() {
  const gates = Object.fromEntries(steps.map((step) => [step, new Gate()])) as Record<Step, Gate>;
  const store = new MemoryStore();
  store.addBoard("b1");
  store.beforeLoad = () => gates.load.pass();
  store.beforeCommit = () => gates.ask.pass();
  const timers = new HandTimers();
  const reports: unknown[] = [];
  const rooms = new Rooms({ store, timers, report: (_, what, error) => reports.push({ what, error }) });
  let asked = 0;
  let following = 0;
  const sessions = {
    authenticate: async () => {
      await (++asked > 1 ? gates["authenticate again"] : gates.authenticate).pass();
      return { actor: resident } as Session;
    },
  } as Partial<Sessions> as Sessions;
  const boards = {
    open: async () => {
      await gates.access.pass();
      return { access: residentOf("h1") };
    },
  } as unknown as Boards;
  const feed = {
    beginnings: 0,
    follow: () => {
      following++;
      return { ready: gates.follow.pass(), release: () => void following-- };
    },
  };
  const accepted: BoardSocket[] = [];
  const door = createBoardDoor({
    rooms: {
      get accessVersion() {
        return rooms.accessVersion;
      },
      accept: (socket, options) => {
        accepted.push(socket);
        return rooms.accept(socket, options);
      },
    },
    feed,
  });
  const server = createServer();
  const connections = createConnections({ maxConnections: 10, maxConnectionsPerAddress: 10 });
  listenForUpgrades({
    server,
    connections,
    origins: { allows: () => true },
    addressOf: () => "here",
    routes: { "/yjs/": createBoardUpgrade({ sessions, boards, door, unfinished: new UnfinishedMessages() }) },
    accepting: () => true,
    turns: new Turns(),
    logger: createLogger("silent"),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sockets: WebSocket[] = [];
  close = async () => {
    for (const gate of Object.values(gates)) gate.open();
    for (const socket of sockets) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  };
  const come = (): RawClient => {
    const client = new RawClient({ url: `ws://127.0.0.1:${port}/yjs` }, "saved=1");
    sockets.push(client.socket);
    return client;
  };
  const left = () => [connections.open(), rooms.counters.peers, following];
  const askAnew = () => {
    asked = 0;
  };
  return { gates, store, rooms, timers, reports, come, left, askAnew, server, port, accepted };
}

describe("a socket that closes while it joins", () => {
  it.each(steps.filter((step) => step !== "ask"))(
    "[SY-23 T9] at %s: leaves nothing, and whoever comes next is served",
    async (step) => {
      const { gates, rooms, timers, reports, come, left, askAnew } = await openDoor();
      if (step === "authenticate again") gates.authenticate.shut();
      gates[step].shut();
      const gone = come();
      if (step === "authenticate again") {
        await until("it is being asked who it is", () => gates.authenticate.waiting === 1);
        rooms.closeResident("somebody", "access-changed");
        gates.authenticate.open();
      }
      await until("it waits there", () => gates[step].waiting === 1);
      gone.socket.terminate();
      await until("it is closed", () => gone.closed);
      if (!beforeHandshake.includes(step)) await until("it is missed", () => left()[0] === 0);
      gates[step].open();
      await until("its place is free", () => left()[0] === 0);
      askAnew();
      const next = come();
      await until("the next one is served", () => next.synced);
      addItem(next.doc, "h1", "a", draft("锤子"));
      await until("and saved", () => next.saved.at(-1)?.messages === 2);
      if (beforeBoard.includes(step)) expect(gone.stepTwos).toBe(0);
      expect([left(), reports]).toEqual([[1, 1, 1], []]);
      next.socket.terminate();
      await until("it is gone too", () => left().every((count) => count === 0));
      timers.advance(60_000);
      expect([rooms.counters.rooms, timers.waiting]).toEqual([0, 0]);
    },
  );

  it("[SY-23 T9] at its first sync, which waits for another's commit: leaves nothing, and the commit stays", async () => {
    const { gates, store, rooms, timers, reports, come, left } = await openDoor();
    const writer = come();
    await until("the writer is synced", () => writer.synced);
    gates.ask.shut();
    addItem(writer.doc, "h1", "a", draft("锤子"));
    await until("the commit is under way", () => gates.ask.waiting === 1);
    const { messages } = rooms.counters;
    const gone = come();
    await until("it has asked for the board", () => rooms.counters.messages > messages);
    gone.socket.terminate();
    await until("its place is free", () => left()[0] === 1);
    gates.ask.open();
    await until("the writer is told saved", () => writer.saved.at(-1)?.messages === 2);
    expect([left(), gone.stepTwos, reports]).toEqual([[1, 1, 1], 0, []]);
    expect(readItem(store.coldDoc("b1"), "h1", "a")).not.toBeNull();
    writer.socket.terminate();
    await until("all are gone", () => left().every((count) => count === 0));
    timers.advance(60_000);
    expect([rooms.counters.rooms, timers.waiting]).toEqual([0, 0]);
  });
});

/** What Node has set on a socket, by the name of its own symbol. */
const settingOf = (socket: Socket, name: string): unknown => {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);
  return symbol && (socket as unknown as Record<symbol, unknown>)[symbol];
};

it("[SY-39] a socket is greeted in the write that answers its handshake, with nothing held back, packed or made for it alone", async () => {
  const { server, port, come, accepted } = await openDoor();
  const first = come();
  await until("the board is there", () => first.synced);
  const taken: Socket[] = [];
  let writes = 0;
  server.once("connection", (socket: Socket) => {
    taken.push(socket);
    // How often the system is given something to write, of one chunk or of several.
    for (const way of ["_write", "_writev"] as const) {
      const write = socket[way] as (...given: unknown[]) => void;
      socket[way] = (...given: unknown[]) => {
        writes++;
        write.apply(socket, given);
      };
    }
  });
  const chunks: Buffer[] = [];
  const socket = connect(port, "127.0.0.1", () =>
    socket.write(
      [
        "GET /yjs/b1 HTTP/1.1",
        "Host: here",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Extensions: permessage-deflate",
        "\r\n",
      ].join("\r\n"),
    ),
  );
  socket.on("data", (chunk) => chunks.push(chunk));
  await until("it is answered", () => chunks.length > 0);
  socket.destroy();
  const [head = "", greeting = ""] = chunks[0]?.toString("latin1").split("\r\n\r\n") ?? [];
  expect(head).toMatch(/^HTTP\/1.1 101 /);
  expect(head.toLowerCase()).not.toContain("sec-websocket-extensions");
  // An unmasked binary message: sync step 1.
  expect([...Buffer.from(greeting, "latin1").subarray(0, 1)]).toEqual([0x82]);
  expect([...Buffer.from(greeting, "latin1").subarray(2, 4)]).toEqual([0, 0]);
  expect(accepted.map(({ sendShared }) => typeof sendShared)).toEqual(["function", "function"]);
  expect(taken.map((each) => settingOf(each, "kSetNoDelay"))).toEqual([true]);
  expect(writes).toBe(1);
});
