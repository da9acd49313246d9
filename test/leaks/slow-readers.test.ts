import { afterAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { readItem } from "../../shared/board/model.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { openSocket } from "../server/socket-client.ts";
import { until } from "../services/until.ts";
import { RawClient } from "../sync/clients.ts";
import { draft } from "../sync/guarded-board.ts";
import { type Holdings, type Measured, megabytes, startMeasured } from "./control.ts";

/** What one client that reads nothing may cost the server, bytes. */
const mostForOne = 5 * 1024 * 1024;
/** What the process may grow by meanwhile: the pages its allocator keeps come and go by more than one client costs. */
const mostGrowth = 96 * 1024 * 1024;
const inUse = ({ heap, buffers }: Holdings): number => heap + buffers;
const closings: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const measured = async (program: string): Promise<Measured> => {
  const process = await startMeasured(program);
  closings.push(() => process.service.stop());
  return process;
};

it("[SY-15 INV-11 T15] a board's client that reads nothing while 100,000 edits pass costs less than 5 MB, and gets what it missed in one frame", {
  timeout: 90_000,
}, async () => {
  const server = await measured("board-process.ts");
  const url = await server.ask<string>("url");
  const come = async (query: string) => {
    const client = new RawClient({ url }, query);
    closings.push(() => client.socket.terminate());
    await until(`${query} is synced`, () => client.synced);
    return client;
  };
  const writer = await come("as=r1&saved=1");
  const reader = await come("as=r3");
  const items = Array.from({ length: 50 }, (_, at) => `i${at}`);
  for (const item of items) addItem(writer.doc, "h1", item, draft("0"));
  const long = "晾".repeat(190);
  let sent = 0;
  const last = (doc: Y.Doc) => readItem(doc, "h1", "i0")?.title === `${sent}`;
  const write = async (count: number) => {
    const base = writer.saved.at(-1)?.messages ?? 0;
    for (let n = 1; n <= count; n++) {
      sent++;
      editItem(writer.doc, "h1", "i0", { title: `${sent}` });
      // More than the system's own buffers take.
      if (n % 5 === 0)
        editItem(writer.doc, "h1", items[(n / 5) % items.length] ?? "", { note: `${long}${n}` });
      if (n % 100 === 0)
        await until(
          "the server keeps up",
          () => (writer.saved.at(-1)?.messages ?? 0) >= base + 1.2 * n - 250,
        );
    }
    await until("all is read", () => last(reader.doc), 30_000);
    for (const client of [writer, reader]) client.frames.length = client.updates.length = 0;
    writer.saved.splice(0, writer.saved.length - 1);
  };
  // What the work itself takes is taken before.
  await write(30_000);
  const stalled = await come("as=r2");
  stalled.frames.length = stalled.updates.length = 0;
  const begun = await server.holdings();
  stalled.socket.pause();
  await write(100_000);
  const held = await server.holdings();
  expect(await server.ask("counters")).toMatchObject({ stale: 1, peers: 3 });
  stalled.socket.resume();
  await until("it has it all", () => last(stalled.doc));
  expect(Y.equalSnapshots(Y.snapshot(stalled.doc), Y.snapshot(reader.doc))).toBe(true);
  expect(stalled.socket.readyState).toBe(WebSocket.OPEN);
  // Behind what was on its way to it already, and it is the last.
  const sync = stalled.frames.filter(([type]) => type === yjsMessage.sync).map(([, kind]) => kind);
  expect(sync.indexOf(syncMessage.stepTwo)).toBe(sync.length - 1);
  stalled.socket.terminate();
  await until("it is gone", async () => (await server.ask<{ peers: number }>("counters")).peers === 2);
  const cost = inUse(held) - inUse(await server.holdings());
  console.log(
    `one stalled board client cost ${megabytes(cost)}, the process grew by ${megabytes(held.rss - begun.rss)}, frames on their way to it: ${sync.length - 1}`,
  );
  expect(cost).toBeLessThan(mostForOne);
  expect(held.rss - begun.rss).toBeLessThan(mostGrowth);
});

it("[HT-16 INV-11 T15] a client of the events that reads nothing while 100,000 pass costs less than 5 MB, is closed, and comes back by its cursor", {
  timeout: 90_000,
}, async () => {
  const server = await measured("app-process.ts");
  const { url, tokens } = await server.ask<{ url: string; tokens: [string, string] }>("place");
  const reader = await openSocket(url, tokens[0]);
  const stalled = await openSocket(url, tokens[1]);
  closings.push(() => reader.close());
  closings.push(() => stalled.close());
  const gone = new Promise((resolve) => stalled.socket.once("disconnect", resolve));
  const tell = async (count: number) => {
    const { length } = reader.events;
    await server.ask("tell", count);
    await until("the reader has all", () => reader.events.length >= length + count, 30_000);
    reader.events.splice(0, reader.events.length - 1);
    return server.holdings();
  };
  const begun = await tell(5_000);
  const cursor = stalled.events.at(-1)?.seq ?? 0;
  const line = (stalled.socket.io.engine.transport as unknown as { ws: WebSocket }).ws;
  line.pause();
  let most = 0;
  let grown = 0;
  for (let part = 0; part < 10; part++) {
    const holds = await tell(10_000);
    most = Math.max(most, inUse(holds) - inUse(begun));
    grown = Math.max(grown, holds.rss - begun.rss);
  }
  console.log(
    `one stalled client of the events cost at most ${megabytes(most)}, the process grew by ${megabytes(grown)}`,
  );
  expect(most).toBeLessThan(mostForOne);
  expect(grown).toBeLessThan(mostGrowth);
  line.resume();
  await gone;
  const back = await openSocket(url, tokens[1], { cursor });
  closings.push(() => back.close());
  expect(back.welcome.seq).toBe(reader.events.at(-1)?.seq);
  // So far behind, a whole snapshot is less than what was missed.
  expect(back.welcome.snapshot).not.toBeNull();
});

it("[HT-16 INV-11 T15] one that polls, and stops polling, is closed as well when too much waits for it", async () => {
  const server = await measured("app-process.ts");
  const { url, tokens } = await server.ask<{ url: string; tokens: [string, string] }>("place");
  const reader = await openSocket(url, tokens[0]);
  const stalled = await openSocket(url, tokens[1], { transports: ["polling"] });
  closings.push(() => reader.close());
  closings.push(() => stalled.close());
  const open = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^yuanba_sockets_open (\d+)$/m.exec(text)?.[1]);
  };
  const tell = async (count: number) => {
    const { length } = reader.events;
    await server.ask("tell", count);
    await until("the reader has all", () => reader.events.length >= length + count, 30_000);
    reader.events.splice(0, reader.events.length - 1);
  };
  // Less at once than may wait for one that polls, however seldom it has its turn.
  for (let part = 0; part < 8; part++) {
    await tell(250);
    await until("the other one has as much", () => stalled.events.at(-1)?.seq === reader.events.at(-1)?.seq);
  }
  const cursor = stalled.events.at(-1)?.seq ?? 0;
  const begun = await server.holdings();
  expect(await open()).toBe(2);
  const gone = new Promise((resolve) => stalled.socket.once("disconnect", resolve));
  const line = stalled.socket.io.engine.transport as unknown as { doPoll(): void };
  const poll = line.doPoll.bind(line);
  // The poll that is out is still answered.
  line.doPoll = () => {};
  await tell(6_000);
  const cost = inUse(await server.holdings()) - inUse(begun);
  console.log(`one client that stopped polling cost ${megabytes(cost)}`);
  expect(cost).toBeLessThan(mostForOne);
  expect(await open()).toBe(1);
  poll();
  await gone;
  const back = await openSocket(url, tokens[1], { cursor, transports: ["polling"] });
  closings.push(() => back.close());
  expect(back.welcome.seq).toBe(reader.events.at(-1)?.seq);
  expect(back.welcome.snapshot).not.toBeNull();
});
