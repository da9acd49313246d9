import type { Socket } from "node:net";
import { expect, it } from "vitest";
import { withSharedFrames } from "../../server/sockets/shared-frames.ts";
import type { SharedFrame } from "../../server/sync/frame.ts";
import type { BoardSocket } from "../../server/sync/peer.ts";
import { addItem } from "../../shared/board/rules.ts";
import { yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { until } from "../services/until.ts";
import { draft } from "./guarded-board.ts";
import { Gate } from "./memory-store.ts";
import { OneWayBus } from "./one-way-bus.ts";
import { endWithTest, raw, start } from "./room-bed.ts";

endWithTest();

it("[SY-13 SY-39 FO-1] a tick of several people's edits is one commit, one word to the other nodes, one frame for all, and one write to each", async () => {
  const writes = new Map<Socket, number>();
  const frames: SharedFrame[] = [];
  const bus = new OneWayBus();
  const server = await start({
    bus,
    wrap: (ws) => {
      const { _socket: socket } = ws as unknown as { _socket: Socket };
      writes.set(socket, 0);
      // How often the system is given something to write, of one chunk or of several.
      for (const way of ["_write", "_writev"] as const) {
        const write = socket[way] as (...given: unknown[]) => void;
        socket[way] = (...given: unknown[]) => {
          writes.set(socket, (writes.get(socket) ?? 0) + 1);
          write.apply(socket, given);
        };
      }
      const wrapped = withSharedFrames(ws);
      const { sendShared } = wrapped;
      return Object.assign(wrapped, {
        sendShared: (frame: SharedFrame) => {
          frames.push(frame);
          return sendShared?.(frame) ?? true;
        },
      }) satisfies BoardSocket;
    },
  });
  const readers = await Promise.all(Array.from({ length: 5 }, () => raw(server, "as=guest")));
  const authors = await Promise.all(["r1", "r2", "r3"].map((as) => raw(server, `as=${as}&saved=1`)));
  const all = [...readers, ...authors];
  const have = (item: string, cells: readonly string[]) =>
    all.every(({ doc }) => cells.every((cell) => doc.getMap(`cell:${cell}`).has(item)));
  const [sole] = authors;
  if (!sole) throw new Error("there is no author");
  const [one, several] = [new Gate(), new Gate()];
  for (const gate of [one, several]) gate.shut();
  server.store.beforeCommit = () => one.pass();
  addItem(sole.doc, "h1", "first", draft("锤子"));
  await until("its commit is under way", () => one.waiting === 1);
  const { messages } = server.rooms.counters;
  // They gather for the next tick.
  for (const [at, author] of authors.entries()) addItem(author.doc, `h${at + 1}`, "then", draft("锅"));
  await until("all are received", () => server.rooms.counters.messages === messages + authors.length);
  server.store.beforeCommit = () => several.pass();
  one.open();
  await until("the first is told", () => have("first", ["h1"]) && sole.saved.length > 0);
  await until("the next commit is under way", () => several.waiting === 1);
  for (const socket of writes.keys()) writes.set(socket, 0);
  frames.length = 0;
  bus.told.length = 0;
  const { commits } = server.store;
  const saved = authors.map((author) => author.saved.length);
  several.open();
  await until("all of it is told", () => have("then", ["h1", "h2", "h3"]));
  await until("and saved", () => authors.every((author, at) => author.saved.length > (saved[at] ?? 0)));
  expect([...writes.values()]).toEqual(all.map(() => 1));
  const updates = frames.filter(({ message: [type] }) => type === yjsMessage.sync);
  expect([new Set(updates).size, updates.length]).toEqual([1, all.length]);
  expect([bus.told.length, server.store.commits - commits]).toEqual([1, 1]);
});
