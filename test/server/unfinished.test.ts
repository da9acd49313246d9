import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { largestFrame } from "../../server/sockets/board-upgrade.ts";
import { engineLimits } from "../../server/sockets/engine-bounds.ts";
import { withSharedFrames } from "../../server/sockets/shared-frames.ts";
import { UnfinishedMessages, unfinishedLimits } from "../../server/sockets/unfinished.ts";
import { addItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { startBoardServer } from "../sync/board-server.ts";
import { draft } from "../sync/guarded-board.ts";
import { HandTimers } from "../sync/hand-timers.ts";
import { openBoard } from "./board-client.ts";
import { type LineClient, openLine } from "./line-client.ts";
import { bearer, openYard } from "./yard.ts";

const KiB = 1024;
const { pauseMs, bytesPerSecond, checkEveryMs } = unfinishedLimits;

/** Lines of people, each watched, and why they were ended. */
function openNode(limits: Partial<typeof unfinishedLimits> = {}) {
  const timers = new HandTimers();
  const unfinished = new UnfinishedMessages({ ...unfinishedLimits, pieceBytes: 0, ...limits }, timers);
  const server = createServer();
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * KiB, clientTracking: false });
  const ended: string[] = [];
  const taken: WebSocket[] = [];
  let messages = 0;
  server.on("upgrade", (request, socket, head) =>
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const person = (request.url ?? "/").slice(1);
      taken.push(webSocket);
      webSocket.on("message", () => messages++).on("error", () => {});
      unfinished.watch(webSocket, person, (name) => {
        ended.push(`${person}: ${name}`);
        webSocket.terminate();
      });
    }),
  );
  server.listen(0, "127.0.0.1");
  const lines: LineClient[] = [];
  closings.push(() => {
    for (const { socket } of lines) socket.destroy();
    server.close();
  });
  return {
    timers,
    unfinished,
    ended,
    taken,
    messages: () => messages,
    come: async (person: string): Promise<LineClient> => {
      if (!server.listening) await once(server, "listening");
      const line = await openLine((server.address() as AddressInfo).port, `/${person}`);
      lines.push(line);
      return line;
    },
  };
}

let node: ReturnType<typeof openNode>;
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Time as it passes for lines, in checks, with something done before each. */
async function pass(node: ReturnType<typeof openNode>, ms: number, before: () => unknown = () => {}) {
  for (let at = 0; at < ms; at += checkEveryMs) {
    await before();
    node.timers.advance(checkEveryMs);
  }
}

describe("messages of which a part has come", () => {
  it("[HT-24 INV-11] are held for one person up to a bound, whatever lines they come by, and others notice nothing", async () => {
    node = openNode({ ofPerson: 100 * KiB });
    const { unfinished, ended, messages, come } = node;
    const [one, two, three, neighbour] = [await come("a"), await come("a"), await come("a"), await come("b")];
    const part = Buffer.alloc(40 * KiB, 1);
    for (const line of [one, two, neighbour]) line.piece(part, { first: true });
    await until("three parts are held", () => unfinished.held === 3 * part.length);
    three.piece(part, { first: true });
    await until("one is too many", () => three.ended());
    expect(ended).toEqual(["a: rate-limited"]);
    expect(unfinished.held).toBe(3 * part.length);
    // What is whole counts no more, and there is room again.
    one.piece(part, { last: true });
    neighbour.piece(part, { last: true });
    await until("two are whole", () => messages() === 2);
    expect(unfinished.held).toBe(part.length);
    (await come("a")).piece(part, { first: true });
    await until("it is held", () => unfinished.held === 2 * part.length);
    two.socket.destroy();
    await until("who is gone holds nothing", () => unfinished.held === part.length);
    expect(ended).toHaveLength(1);
  });

  it("[HT-24 INV-11] are held on a node up to a bound, over which the person who holds most loses most", async () => {
    node = openNode({ ofNode: 100 * KiB });
    const { unfinished, ended, come } = node;
    const lines = [await come("a"), await come("a"), await come("b"), await come("c")];
    const parts = [30, 35, 30].map((size) => Buffer.alloc(size * KiB, 1));
    for (const [at, part] of parts.entries()) lines[at]?.piece(part, { first: true });
    await until("all is held", () => unfinished.held === 95 * KiB);
    lines[3]?.piece(Buffer.alloc(20 * KiB, 1), { first: true });
    await until("one has to go", () => lines[1]?.ended() === true);
    expect([ended, unfinished.held]).toEqual([["a: rate-limited"], 80 * KiB]);
  });

  it("[HT-24 INV-11] count by their pieces too, so that none is held for nothing", async () => {
    node = openNode({ pieceBytes: unfinishedLimits.pieceBytes, ofPerson: 100 * KiB });
    const line = await node.come("a");
    for (let n = 0; n < 200; n++) line.piece(Buffer.alloc(1), { first: n === 0 });
    await until("it is ended", () => line.ended());
    expect(node.ended).toEqual(["a: rate-limited"]);
    const other = await node.come("b");
    other.head(500 * KiB);
    for (let n = 0; n < 200 && !other.ended(); n++) {
      const { held } = node.unfinished;
      other.socket.write(Buffer.alloc(1));
      await until("it has come", () => node.unfinished.held !== held || other.ended());
    }
    expect([other.ended(), node.ended]).toEqual([true, ["a: rate-limited", "b: rate-limited"]]);
  });

  it.each([
    ["in pieces", (line: LineClient) => line.piece(Buffer.alloc(90 * KiB), { first: true })],
    ["in one frame", (line: LineClient) => line.head(500 * KiB, Buffer.alloc(1))],
    ["of which not even the head has come", (line: LineClient) => line.socket.write(Buffer.of(0x82))],
  ])("[HT-24 INV-11] that stand still end their line, whoever answers pings: %s", async (how, begin) => {
    node = openNode();
    const line = await node.come("a");
    begin(line);
    await until("it is there", () => node.unfinished.held > 0);
    await pass(node, pauseMs);
    expect(node.ended).toEqual([]);
    // In the middle of a frame there is no place for a pong.
    if (how === "in pieces") {
      const heard = once(node.taken[0] as WebSocket, "pong");
      line.socket.write(Buffer.of(0x8a, 0x80, 0, 0, 0, 0));
      await heard;
    }
    await pass(node, checkEveryMs);
    expect([node.ended, node.unfinished.held]).toEqual([["a: too-slow"], 0]);
    await until("the line is ended", () => line.ended());
  });

  it("[HT-24] over a slow line have the time they need, and each part is a sign of life", async () => {
    node = openNode();
    const line = await node.come("a");
    const [webSocket] = node.taken;
    let signs = 0;
    webSocket?.on("pong", () => signs++);
    const each = Buffer.alloc((bytesPerSecond * checkEveryMs) / 1000);
    const parts = 20;
    line.head(parts * each.length);
    let sent = 0;
    await pass(node, parts * checkEveryMs, async () => {
      // Once it stands still for as long as it may.
      if (sent === 10 * each.length) await pass(node, pauseMs - checkEveryMs);
      const { held } = node.unfinished;
      line.socket.write(each);
      sent += each.length;
      await until("a part has come", () => node.unfinished.held >= held + each.length || node.messages() > 0);
    });
    await until("it is whole", () => node.messages() === 1);
    expect([node.ended, node.unfinished.held]).toEqual([[], 0]);
    expect(signs).toBe(parts - 1);
  });

  it("[HT-24 INV-11] that come more slowly end their line, though it never stands still", async () => {
    node = openNode();
    const line = await node.come("a");
    line.head(1000 * KiB);
    const each = Buffer.alloc((bytesPerSecond * checkEveryMs) / 2000);
    await pass(node, 2 * pauseMs + 2 * checkEveryMs, async () => {
      if (node.ended.length > 0) return;
      const { held } = node.unfinished;
      line.socket.write(each);
      await until("a part has come", () => node.unfinished.held >= held + each.length);
    });
    expect(node.ended).toEqual(["a: too-slow"]);
  });

  it("[HT-24] are told apart: who always is in the middle of one, and sends many, is not slow", async () => {
    node = openNode();
    const line = await node.come("a");
    line.piece(Buffer.alloc(10), { first: true });
    await pass(node, 4 * pauseMs, async () => {
      const before = node.messages();
      // The end of one and the beginning of the next in one write.
      line.socket.write(Buffer.from([0x80, 0x81, 0, 0, 0, 0, 1, 0x02, 0x81, 0, 0, 0, 0, 1]));
      await until("one is whole", () => node.messages() > before && node.unfinished.held > 0);
    });
    expect(node.ended).toEqual([]);
  });

  it("[HT-24] that were refused by `ws` itself go with their line", async () => {
    node = openNode();
    const line = await node.come("a");
    line.piece(Buffer.alloc(90 * KiB), { first: true });
    // A frame of no known kind: `ws` says so and waits half a minute for an answer.
    line.socket.write(Buffer.of(0x8f, 0x80, 0, 0, 0, 0));
    await until("it is held", () => node.unfinished.held > 0);
    await pass(node, pauseMs + checkEveryMs);
    await until("the line is ended", () => line.ended());
    expect([node.ended, node.unfinished.held]).toEqual([["a: too-slow"], 0]);
    // Nobody is watched any more, and nothing waits.
    await pass(node, checkEveryMs);
    expect(node.timers.waiting).toBe(0);
  });
});

describe("a line to a board", () => {
  it("[HT-24 SY-16] that sends one long message slowly and cannot answer pings is no dead one", async () => {
    const timers = new HandTimers();
    const unfinished = new UnfinishedMessages(unfinishedLimits, timers);
    const server = await startBoardServer({
      timers,
      wrap: (webSocket) => {
        unfinished.watch(webSocket, "r1", () => webSocket.terminate());
        return withSharedFrames(webSocket);
      },
    });
    closings.push(server.close);
    const { port } = new URL(server.url);
    const line = await openLine(Number(port), "/yjs/b1?as=r1");
    closings.push(() => line.socket.destroy());
    await until("it is in", () => server.rooms.counters.peers === 1);
    line.head(4 * 1024 * KiB);
    const each = Buffer.alloc((2 * bytesPerSecond * checkEveryMs) / 1000);
    for (let at = 0; at < 3 * 60_000; at += checkEveryMs) {
      const { held } = unfinished;
      line.socket.write(each);
      await until("a part has come", () => unfinished.held >= held + each.length);
      timers.advance(checkEveryMs);
    }
    expect(server.rooms.counters.peers).toBe(1);
    for (let at = 0; at < pauseMs + checkEveryMs; at += checkEveryMs) timers.advance(checkEveryMs);
    await until("now it is ended", () => server.rooms.counters.peers === 0);
    expect(unfinished.held).toBe(0);
  });
});

describe("a node with lines of boards and of events", () => {
  it("[HT-24 INV-11] holds no more of what is not all there than one person may have, and their neighbour is served", async () => {
    const yard = await openYard();
    closings.push(yard.close);
    const port = Number(new URL(yard.url).port);
    const mine = bearer((await yard.resident("1-1-101")).token);
    const neighbour = await openBoard(yard.wsUrl, yard.boardId, (await yard.resident("1-1-201")).token);
    const come = async (path: string) => {
      const line = await openLine(port, path, mine);
      closings.push(() => line.socket.destroy());
      return line;
    };
    const { ofPerson, pieceBytes } = unfinishedLimits;
    const part = Buffer.alloc(largestFrame - KiB, 1);
    const boards: LineClient[] = [];
    for (let n = 0; n < 8; n++) {
      const line = await come(`/yjs/${yard.boardId}`);
      line.piece(part, { first: true });
      boards.push(line);
    }
    const fit = Math.floor(ofPerson / part.length);
    const open = (lines: LineClient[]) => lines.filter((line) => !line.ended()).length;
    await until("those that are too many are ended", () => open(boards) <= fit);
    await until("all that is sent has come", () => boards.every((line) => line.socket.writableLength === 0));
    expect(open(boards)).toBeLessThanOrEqual(fit);
    expect(yard.app.rooms.counters.closed["rate-limited"]).toBe(boards.length - open(boards));
    // Lines of events hold it with them.
    const small = Buffer.alloc(engineLimits.messageBytes - KiB, 1);
    const events: LineClient[] = [];
    for (let n = 0; n < 30; n++) {
      const line = await come("/socket.io/?EIO=4&transport=websocket");
      line.piece(small, { first: true });
      events.push(line);
    }
    const rest = Math.ceil((ofPerson - open(boards) * part.length) / (small.length + pieceBytes));
    expect(rest).toBeLessThan(events.length);
    await until("those that are too many are ended", () => open(events) <= rest);
    expect(open(events)).toBeGreaterThan(0);
    addItem(neighbour.doc, yard.household("1-1-201"), "a", draft("锤子"));
    const items = () => yard.app.storage.db.selectFrom("board_items").select("title").execute();
    await until("the neighbour's edit is on disk", async () => (await items()).length === 1);
    neighbour.close();
  });
});
