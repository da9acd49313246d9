import { describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { readCell, readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import type { RawClient } from "./clients.ts";
import { draft } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, start } from "./room-bed.ts";

endWithTest();

const ids = (doc: Y.Doc): string[] => readCell(doc, "h1").map(({ id }) => id);

/** A board in the middle of a save: its only writer has sent one item that is being stored, and has left. */
async function leftDuringSave() {
  const timers = new HandTimers();
  const server = await start({ timers, settings: { commitTimeoutMs: 10_000 } });
  await server.rooms.edit("b1", writerOf("officer", null), (doc) => {
    addItem(doc, "h1", "old", draft("旧"));
  });
  const writer = await raw(server, "as=r1&saved=1");
  timers.advance(1_000);
  const gate = new Gate();
  gate.shut();
  let fails = false;
  server.store.beforeCommit = async () => {
    await gate.pass();
    if (fails) throw new Error("disk full");
  };
  const fail = (now: boolean) => {
    fails = now;
  };
  addItem(writer.doc, "h1", "new", draft("新"));
  await until("committing", () => gate.waiting === 1);
  writer.socket.terminate();
  await until("gone", () => server.rooms.counters.peers === 0);
  return { server, timers, gate, writer, fail };
}

/** Waits for the answer to a ping, which a socket sends in order with all else. */
const echo = ({ socket }: RawClient): Promise<void> =>
  new Promise((resolve) => {
    socket.once("pong", () => resolve());
    socket.ping();
  });

describe("leaving and coming back while the board is being saved", () => {
  it("[SY-23 INV-1 T12] who comes back during a slow save waits for it, and gets what was saved and nothing older", async () => {
    const { server, timers, gate } = await leftDuringSave();
    const { loads, messages } = { ...server.rooms.counters };
    const back = rawSoon(server, "as=r1b");
    const neighbour = rawSoon(server, "as=r2");
    await until("both have asked for the board", () => server.rooms.counters.messages >= messages + 2);
    timers.advance(5_000);
    // What the room had answered by now would be here before these.
    for (const client of [back, neighbour, back, neighbour]) await echo(client);
    expect([back.stepTwos, neighbour.stepTwos, server.store.commits]).toEqual([0, 0, 1]);
    gate.open();
    await until("both are synced", () => back.synced && neighbour.synced);
    expect([ids(back.doc), ids(neighbour.doc)]).toEqual([
      ["old", "new"],
      ["old", "new"],
    ]);
    expect([server.rooms.counters.loads, back.closed, neighbour.closed]).toEqual([loads, null, null]);
  });

  it("[SY-8 SY-23 INV-1 T12] who comes back during a save that fails is sent away with it, finds what is stored, and has what only they had saved", async () => {
    const { server, timers, gate, writer, fail } = await leftDuringSave();
    const { messages } = server.rooms.counters;
    const neighbour = rawSoon(server, "as=r2");
    const back = rawSoon(server, "as=r1", { doc: writer.doc });
    await until("both have asked for the board", () => server.rooms.counters.messages >= messages + 2);
    fail(true);
    gate.open();
    await until("the save has failed", () => server.rooms.counters.commitFailures > 0);
    expect([back.closed, neighbour.closed]).toEqual([null, null]);
    timers.advance(10_000);
    await until("both are sent away", () => back.closed && neighbour.closed);
    expect([back.closed?.code, neighbour.closed?.code]).toEqual(Array(2).fill(closeCodes["not-saved"]));
    expect([neighbour.stepTwos, ids(server.store.coldDoc("b1"))]).toEqual([0, ["old"]]);
    fail(false);
    const again = await raw(server, "as=r2");
    expect(ids(again.doc)).toEqual(["old"]);
    const author = await raw(server, "as=r1", { doc: writer.doc });
    await until("the neighbour sees it", () => readItem(again.doc, "h1", "new"));
    expect([ids(server.store.coldDoc("b1")), author.closed]).toEqual([["old", "new"], null]);
  });

  it("[SY-9 INV-1 T13] an edit made during a save is not told saved with it: after a kill before its own save the board lacks it, and its author brings it back", async () => {
    const server = await start();
    const writer = await raw(server, "as=r1&saved=1");
    const gates = [new Gate(), new Gate()];
    let saves = 0;
    server.store.beforeCommit = async () => gates[saves++]?.pass();
    for (const gate of gates) gate.shut();
    addItem(writer.doc, "h1", "during", draft("一"));
    await until("committing", () => gates[0]?.waiting === 1);
    addItem(writer.doc, "h1", "while", draft("二"));
    await until("the second has arrived", () => server.rooms.counters.messages === 4);
    gates[0]?.open();
    await until("the second save is under way", () => gates[1]?.waiting === 1);
    await until("the first is told saved", () => writer.saved.at(-1)?.messages === 2);
    // What is on the disk at this moment is all that a killed process leaves.
    const disk = new MemoryStore();
    for (const [boardId, board] of server.store.boards) disk.boards.set(boardId, structuredClone(board));
    writer.socket.terminate();
    expect(ids(disk.coldDoc("b1"))).toEqual(["during"]);
    const next = await start({ store: disk });
    const back = await raw(next, "as=r1&saved=1", { doc: writer.doc });
    await until("all of it is saved", () => back.saved.length > 0);
    expect([ids(disk.coldDoc("b1")), writer.saved.at(-1)?.messages]).toEqual([["during", "while"], 2]);
    gates[1]?.open();
  });
});
