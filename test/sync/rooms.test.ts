import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { roomLimits } from "../../shared/board/limits.ts";
import { readCell, readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import { draft } from "./guarded-board.ts";
import { CountedTimers, HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { OneWayBus } from "./one-way-bus.ts";
import { endWithTest, raw, rawSoon, start } from "./room-bed.ts";

endWithTest();

const officer = writerOf("officer", null);

describe("loading and unloading", () => {
  it("[SY-22 T14] a hundred first joins at once load the board once and all get it", async () => {
    const server = await start({
      settings: { limits: { ...roomLimits, peersPerResident: 100, socketsPerAccount: 100 } },
    });
    await server.rooms.edit("b1", officer, (doc) => void addItem(doc, "h1", "a", draft("麻将机")));
    await server.rooms.closeBoard("b1", "restart");
    const { loads } = server.store;
    const clients = Array.from({ length: 100 }, () => rawSoon(server, "as=r2"));
    await until("all are synced", () => clients.every((client) => readItem(client.doc, "h1", "a")));
    expect(server.store.loads - loads).toBe(1);
  });

  it("[SY-22 T11] what a socket says while the board loads is answered once it is there", async () => {
    const server = await start();
    const gate = new Gate();
    gate.shut();
    server.store.beforeLoad = () => gate.pass();
    const doc = new Y.Doc();
    addItem(doc, "h1", "a", draft("锤子"));
    const client = rawSoon(server, "as=r1&saved=1", { doc });
    await until("its first frame waits", () => server.rooms.counters.messages > 0);
    expect(client.frames).toEqual([]);
    gate.open();
    await until("synced and saved", () => client.synced && client.saved.length > 0);
    expect(readItem(server.store.coldDoc("b1"), "h1", "a")).not.toBeNull();
  });

  it("[SY-22 T5] a board that cannot be read is closed as unavailable and nothing is written over it", async () => {
    const server = await start();
    await server.rooms.edit("b1", officer, (doc) => void addItem(doc, "h1", "a", draft("锤子")));
    await server.rooms.closeBoard("b1", "restart");
    let failures = 1;
    server.store.beforeLoad = async () => {
      if (failures-- > 0) throw new Error("disk");
    };
    const refused = rawSoon(server, "as=r1");
    await until("closed", () => refused.closed);
    expect(refused.closed).toEqual({ code: closeCodes.unavailable, reason: "unavailable" });
    expect(server.store.commits).toBe(1);
    const client = await raw(server, "as=r1");
    expect(readItem(client.doc, "h1", "a")).not.toBeNull();
  });

  it("[SY-22] a damaged log is not opened, and not written to", async () => {
    const server = await start();
    const doc = new Y.Doc();
    doc.getMap("cell:h1").set("a", new Y.Map());
    const before = Y.encodeStateVector(doc);
    doc.getMap("cell:h1").set("b", new Y.Map());
    server.store.boards
      .get("b1")
      ?.rows.push({ seq: 1, update: Y.encodeStateAsUpdate(doc, before), bindings: [] });
    const client = rawSoon(server, "as=r1");
    await until("closed", () => client.closed);
    expect(client.closed?.reason).toBe("unavailable");
    expect(server.reports.map((report) => report.what)).toEqual(["load"]);
  });

  it("[SY-22] a board that does not exist says so, with a code that ends the coming back", async () => {
    const server = await start();
    const client = rawSoon(server, "as=r1", { boardId: "nowhere" });
    await until("closed", () => client.closed);
    expect(client.closed).toEqual({ code: closeCodes["board-gone"], reason: "board-gone" });
  });

  it("[SY-23 T9] a socket that closes while the board loads leaves a room that ends by itself", async () => {
    const timers = new HandTimers();
    const server = await start({ timers });
    const gate = new Gate();
    gate.shut();
    server.store.beforeLoad = () => gate.pass();
    const client = rawSoon(server, "as=r1");
    await until("loading", () => gate.waiting === 1);
    client.socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    gate.open();
    await until("loaded", () => server.rooms.counters.loads === 1);
    await until("idle", () => timers.waiting > 0);
    timers.advance(30_000);
    expect([server.rooms.counters.rooms, timers.waiting]).toEqual([0, 0]);
  });

  it("[SY-23 T12 T13] an edit made during a slow commit survives its author's leaving and the room's end", async () => {
    const timers = new HandTimers();
    const server = await start({ timers });
    const gate = new Gate();
    const client = await raw(server, "as=r1");
    server.store.beforeCommit = () => gate.pass();
    gate.shut();
    addItem(client.doc, "h1", "a", draft("一"));
    await until("committing", () => gate.waiting === 1);
    addItem(client.doc, "h1", "b", draft("二"));
    await until("arrived", () => server.rooms.counters.messages === 4);
    client.socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    timers.advance(5_000);
    gate.open();
    await until("both are committed", () => server.store.commits === 2);
    timers.advance(60_000);
    expect(server.rooms.counters.rooms).toBe(0);
    const again = await raw(server, "as=r1b");
    expect(readCell(again.doc, "h1").map((item) => item.id)).toEqual(["a", "b"]);
  });

  it("[SY-22 INV-6 T17] a node cut off for longer than the log is kept loads the board anew, and whoever is there comes back", async () => {
    const store = new MemoryStore();
    store.shared = true;
    store.addBoard("b1");
    const [cutOff, busy] = [await start({ store }), await start({ store, settings: { compactRows: 3 } })];
    const reader = await raw(cutOff, "as=r2");
    const writer = await raw(busy, "as=r1");
    for (let n = 0; n < 8; n++) {
      addItem(writer.doc, "h1", `i${n}`, draft(`第 ${n} 样`));
      await until("it is saved", () => store.commits === n + 1);
    }
    await until("the log is folded", () => busy.rooms.counters.compactions > 0);
    await cutOff.rooms.catchUp();
    await until("the reader has to come back", () => reader.closed);
    expect(reader.closed?.code).toBe(closeCodes.restart);
    const again = await raw(cutOff, "as=r2");
    expect(readCell(again.doc, "h1")).toHaveLength(8);
  });

  it("[SY-23 T32] a storm of joins and leaves has one room at a time and loses nothing", async () => {
    const server = await start({ settings: { idleMs: 0 } });
    for (let round = 0; round < 25; round++) {
      const clients = await Promise.all([raw(server, "as=r1"), raw(server, "as=r1b"), raw(server, "as=r2")]);
      expect(server.rooms.counters.rooms).toBe(1);
      const writer = clients[round % 2];
      if (writer === undefined) throw new Error("no writer");
      addItem(writer.doc, "h1", `i${round}`, draft(`${round}`));
      await until("seen by the other house", () => readItem(clients[2].doc, "h1", `i${round}`));
      for (const client of clients) client.close();
      if (round % 3 === 0) await until("unloaded", () => server.rooms.counters.rooms === 0);
    }
    expect(readCell(server.store.coldDoc("b1"), "h1")).toHaveLength(25);
    expect(server.reports).toEqual([]);
  });

  it("[SY-23 INV-6 T32] what a board that is being closed still commits reaches who is on it already again", async () => {
    const store = new MemoryStore();
    store.addBoard("b1");
    const gate = new Gate();
    const server = await start({ store });
    const writer = await raw(server, "as=r1&saved=1");
    store.beforeCommit = () => gate.pass();
    gate.shut();
    addItem(writer.doc, "h1", "ladder", draft("梯子"));
    await until("a commit is on its way", () => gate.waiting === 1);
    const closing = server.rooms.closeBoard("b1", "access-changed");
    const reader = await raw(server, "as=r3");
    gate.open();
    await closing;
    await until("what was on its way is seen", () => readItem(reader.doc, "h1", "ladder"));
    expect([writer.saved.at(-1)?.messages, reader.closed]).toEqual([2, null]);
    // The one that has ended has not taken the other with it: whoever comes now meets the reader.
    const third = await raw(server, "as=r2");
    addItem(third.doc, "h2", "broom", draft("扫帚"));
    await until("they meet", () => readItem(reader.doc, "h2", "broom"));
    expect([store.loads, server.rooms.counters.rooms]).toEqual([2, 1]);
  });

  it("[SY-23 INV-6] a board that is being closed hears what its successor commits before it, and is saved behind that", async () => {
    const store = new MemoryStore();
    store.addBoard("b1");
    const server = await start({ store });
    const writer = await raw(server, "as=r1&saved=1");
    const second = new Gate();
    let commits = 0;
    store.beforeCommit = async () => {
      if (++commits === 1) await second.pass();
    };
    second.shut();
    addItem(writer.doc, "h1", "ladder", draft("梯子"));
    await until("a commit is on its way", () => second.waiting === 1);
    const closing = server.rooms.closeBoard("b1", "access-changed");
    const next = await raw(server, "as=r3&saved=1");
    addItem(next.doc, "h3", "pot", draft("泡菜坛"));
    await until("the new board was first", () => next.saved.at(-1)?.messages === 2);
    second.open();
    await closing;
    await until("both are there", () => readItem(next.doc, "h1", "ladder"));
    expect([writer.saved.at(-1)?.messages, writer.closed?.code]).toEqual([2, closeCodes["access-changed"]]);
    const cold = store.coldDoc("b1");
    expect([readItem(cold, "h1", "ladder")?.title, readItem(cold, "h3", "pot")?.title]).toEqual([
      "梯子",
      "泡菜坛",
    ]);
  });

  it("[SY-23 T21] closing in every order throws nothing and leaves no timer", async () => {
    const orders: ((s: Awaited<ReturnType<typeof start>>) => unknown)[] = [
      (s) => s.rooms.closeBoard("b1", "restart"),
      (s) => s.rooms.closeResident("r1", "session-ended"),
      (s) => s.sockets.at(-1)?.terminate(),
      (s) => s.rooms.drain({ slices: 1, deadline: 500 }),
    ];
    for (let i = 0; i < 24; i++) {
      const timers = new CountedTimers();
      const server = await start({ timers });
      const client = await raw(server, "as=r1");
      client.sendAwareness([{ clientId: 5, clock: 1, state: {} }]);
      addItem(client.doc, "h1", "a", draft("锅"));
      const rest = [...orders];
      for (let left = 4, n = i; left > 0; left--) {
        const [next] = rest.splice(n % left, 1);
        n = Math.floor(n / left);
        if (i % 2 === 0) await next?.(server);
        else next?.(server);
      }
      await until(
        "nothing is open",
        () => server.rooms.counters.rooms === 0 && server.rooms.counters.peers === 0,
      );
      expect(server.reports).toEqual([]);
      await until("no timer waits", () => timers.waiting === 0);
    }
  });

  it("[SY-23 T21] a board that ends while it waits for a row leaves no timer", async () => {
    const store = new MemoryStore();
    store.addBoard("b1");
    store.shared = true;
    const timers = new HandTimers();
    const bus = new OneWayBus();
    const server = await start({ store, timers, bus });
    const before = timers.waiting;
    await raw(server, "as=r1");
    const open = timers.waiting;
    bus.hears({ boardId: "b1", seq: 5, update: Y.encodeStateAsUpdate(new Y.Doc()), bindings: [] });
    expect(timers.waiting).toBe(open + 1);
    await server.rooms.closeBoard("b1", "restart");
    await until("it is closed", () => server.rooms.counters.rooms === 0);
    expect(timers.waiting).toBe(before);
  });
});
