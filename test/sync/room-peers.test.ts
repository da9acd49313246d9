import { describe, expect, it } from "vitest";
import { roomLimits } from "../../shared/board/limits.ts";
import { readCell, readItem } from "../../shared/board/model.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { syncMessage } from "../../shared/wire/yjs-messages.ts";
import { until } from "../services/until.ts";
import type { RawClient } from "./clients.ts";
import { draft } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, slowServer, start, stock } from "./room-bed.ts";

endWithTest();

describe("slow peers", () => {
  it("[SY-15 INV-6 T15] a slow peer is sent nothing more, and all it missed in one frame once it has read", async () => {
    const { server, sockets: slow } = await slowServer();
    const sleepy = await raw(server, "as=r2&saved=1");
    const writer = await raw(server, "as=r1");
    const [sleepySocket] = slow;
    if (sleepySocket === undefined) throw new Error("no socket");
    sleepySocket.unread = 1024 * 1024;
    addItem(writer.doc, "h1", "a0", draft("0"));
    await until("it is found to be slow", () => server.rooms.counters.stale === 1);
    const updates = sleepy.updates.length;
    addItem(sleepy.doc, "h2", "mine", draft("自家的"));
    for (let i = 1; i < 30; i++) addItem(writer.doc, "h1", `a${i}`, draft(`${i}`));
    await until("all is committed", () => readCell(server.store.coldDoc("b1"), "h1").length === 30);
    await until("its own edit too", () => readItem(writer.doc, "h2", "mine"));
    expect(sleepy.updates.length).toBeLessThanOrEqual(updates + 1);
    sleepySocket.unread = 0;
    await until("it has everything", () => readCell(sleepy.doc, "h1").length === 30);
    await until("it knows that its own is saved", () => sleepy.saved.at(-1)?.messages === 2);
    expect(sleepy.updates.length).toBeLessThanOrEqual(updates + 2);
    expect(sleepy.closed).toBeNull();
  });

  it("[SY-15 T15] a peer that reads nothing for too long is closed and comes back whole", async () => {
    const timers = new HandTimers();
    const { server, sockets: slow } = await slowServer({ timers });
    const sleepy = await raw(server, "as=r2");
    const writer = await raw(server, "as=r1");
    for (const socket of slow.slice(0, 1)) socket.unread = 1024 * 1024;
    addItem(writer.doc, "h1", "a", draft("烤火炉"));
    await until("slow", () => server.rooms.counters.stale === 1);
    timers.advance(roomLimits.staleFor);
    expect(server.rooms.counters.closed["too-slow"]).toBeUndefined();
    timers.advance(120_000);
    expect(server.rooms.counters.closed["too-slow"]).toBeGreaterThan(0);
    await until("closed", () => sleepy.closed);
    const again = await raw(server, "as=r2", { doc: sleepy.doc });
    expect(readItem(again.doc, "h1", "a")?.title).toBe("烤火炉");
  });

  it("[SY-16] a quiet line gets an empty frame before a stock provider gives it up, and a dead one is ended", async () => {
    const timers = new HandTimers();
    const server = await start({ timers });
    const client = await raw(server, "as=r1");
    const frames = client.frames.length;
    timers.advance(23_000);
    await until("an empty awareness frame", () => client.frames.length > frames);
    expect(client.frames.at(-1)).toEqual(Uint8Array.of(1, 1, 0));
    client.socket.pong = () => {};
    client.socket.pause();
    timers.advance(60_000);
    await until("ended", () => server.rooms.counters.peers === 0);
  });
});

describe("limits of a socket", () => {
  it("[SY-17 INV-11] who floods is closed with a code that means come back slower", async () => {
    const server = await start({
      settings: { limits: { ...roomLimits, messagesPerSecond: 5, messageBurst: 20 } },
    });
    const client = await raw(server, "as=r1");
    for (let i = 0; i < 40; i++) client.queryAwareness();
    await until("closed", () => client.closed);
    expect(client.closed).toEqual({ code: closeCodes["rate-limited"], reason: "rate-limited" });
  });

  it("[SY-17 INV-11] who makes the board work too hard is closed too: asking for all of it, or writing masses", async () => {
    const server = await start({
      settings: {
        limits: { ...roomLimits, workPerSecond: 1, workBurst: 1000, messageBurst: 1e5, queuedMessages: 1e5 },
      },
    });
    const asking = await raw(server, "as=r1");
    for (let i = 0; i < 6; i++) asking.sendSync(syncMessage.stepOne, Uint8Array.of(0));
    await until("closed", () => asking.closed);
    expect(asking.closed?.reason).toBe("rate-limited");
    const writing = await raw(server, "as=r2");
    for (let i = 0; i < 30; i++) addItem(writing.doc, "h2", `i${i}`, draft("锅"));
    for (let i = 0; i < 900; i++) editItem(writing.doc, "h2", "i0", { note: `${i}` });
    await until("closed as well", () => writing.closed);
    expect(writing.closed?.reason).toBe("rate-limited");
  });

  it("[SY-17 INV-11] a room takes as many peers as its limit says", async () => {
    const server = await start({ settings: { limits: { ...roomLimits, peersPerRoom: 2 } } });
    await raw(server, "as=r1");
    await raw(server, "as=r2");
    const third = rawSoon(server, "as=r3");
    await until("closed", () => third.closed);
    expect(third.closed?.reason).toBe("room-full");
  });

  it("[SY-17 INV-11] all sockets of one person together are bounded, whatever boards they are on", async () => {
    const store = new MemoryStore();
    store.addBoard("b1");
    store.addBoard("b2");
    const limits = {
      ...roomLimits,
      socketsPerAccount: 3,
      accountMessagesPerSecond: 1,
      accountMessageBurst: 40,
    };
    const server = await start({ store, settings: { limits } });
    const mine = [await raw(server, "as=r1"), await raw(server, "as=r1", { boardId: "b2" })];
    mine.push(await raw(server, "as=r1", { boardId: "b2" }));
    const fourth = rawSoon(server, "as=r1", { boardId: "b2" });
    await until("closed", () => fourth.closed);
    expect(fourth.closed?.reason).toBe("room-full");
    const neighbour = await raw(server, "as=r2");
    for (let i = 0; i < 20; i++) for (const client of mine) client.queryAwareness();
    await until("one of them is closed", () => mine.some((client) => client.closed));
    expect(mine.find((client) => client.closed)?.closed?.reason).toBe("rate-limited");
    for (let i = 0; i < 20; i++) neighbour.queryAwareness();
    for (const client of mine) client.socket.terminate();
    await until("they are gone", () => server.rooms.counters.peers === 1);
    // Coming back does not wipe out what was used up.
    const again = rawSoon(server, "as=r1");
    await until("closed again", () => again.closed);
    expect(again.closed?.reason).toBe("rate-limited");
    expect(neighbour.closed).toBeNull();
  });

  it("[SY-17 INV-11] one person cannot take the places of a whole room", async () => {
    const server = await start({ settings: { limits: { ...roomLimits, peersPerResident: 2 } } });
    await raw(server, "as=r1");
    await raw(server, "as=r1");
    const third = rawSoon(server, "as=r1");
    await until("closed", () => third.closed);
    expect(third.closed?.reason).toBe("room-full");
    expect((await raw(server, "as=r2")).closed).toBeNull();
  });

  it("[SY-17 INV-11] sockets that were refused are not counted as open: who was refused often is let in elsewhere", async () => {
    const store = new MemoryStore();
    for (const boardId of ["b1", "b2"]) store.addBoard(boardId);
    const limits = { ...roomLimits, peersPerResident: 1, socketsPerAccount: 4 };
    const server = await start({ store, settings: { limits } });
    const inside = await raw(server, "as=r1");
    for (let n = 0; n < 2 * limits.socketsPerAccount; n++) {
      const refused = rawSoon(server, "as=r1");
      await until("refused", () => refused.closed);
      expect(refused.closed?.reason).toBe("room-full");
    }
    const elsewhere = await raw(server, "as=r1", { boardId: "b2" });
    expect([inside.closed, elsewhere.closed]).toEqual([null, null]);
  });

  it.each([
    { limit: { queuedMessages: 10 }, messages: 12, bytes: 2 },
    { limit: { queuedBytes: 5_000 }, messages: 6, bytes: 1_000 },
  ])(
    "[SY-17 INV-11] the queue of one socket is bounded while a board loads: $limit",
    async ({ limit, messages, bytes }) => {
      const server = await start({ settings: { limits: { ...roomLimits, ...limit } } });
      let release = () => {};
      server.store.beforeLoad = () =>
        new Promise((resolve) => {
          release = resolve;
        });
      const client = await raw(server, "as=r1", { automatic: false });
      for (let i = 0; i < messages - 2; i++) client.sendStepTwo(new Uint8Array(bytes));
      await until("they wait", () => server.rooms.counters.messages === messages - 2);
      expect(client.closed).toBeNull();
      for (let i = 0; i < 2; i++) client.sendStepTwo(new Uint8Array(bytes));
      await until("closed", () => client.closed);
      expect(client.closed?.reason).toBe("rate-limited");
      release();
    },
  );

  it("[SY-18] text frames, unknown types and cut frames are malformed, and so is a length into the next memory", async () => {
    const server = await start();
    const bad: (Uint8Array | string)[] = [
      "hello",
      Uint8Array.of(),
      Uint8Array.of(9),
      Uint8Array.of(0, 2, 200, 1, 0),
    ];
    bad.push(Uint8Array.of(0, 0, 3, 1, 1), Uint8Array.of(1, 4, 1, 1, 1, 90), Uint8Array.of(0, 7, 0));
    for (const bytes of bad) {
      const client = await raw(server, "as=r1");
      client.socket.send(bytes);
      await until("closed", () => client.closed);
      expect(client.closed, String(bytes)).toEqual({ code: closeCodes.malformed, reason: "malformed" });
    }
  });
});

describe("presence", () => {
  it("[SY-19 INV-4] names come from the session, whatever the client says", async () => {
    const server = await start();
    const [one, two] = [stock(server, "r1"), stock(server, "r2")];
    one.awareness.setLocalState({ user: { name: "支书", door: "9-9-999" }, cursor: 3 });
    const state = await until("two sees one", () => two.awareness.getStates().get(one.doc.clientID));
    expect(state).toEqual({ user: { name: "名r1", householdId: "h1", door: "h1" }, cursor: 3 });
    one.disconnect();
    await until("and sees it leave", () => !two.awareness.getStates().has(one.doc.clientID));
    one.connect();
    await until("and come back at once", () => two.awareness.getStates().has(one.doc.clientID));
  });

  it("[SY-20] one client id a socket: entries under other ids are dropped, taken ids stay with their owner", async () => {
    const server = await start();
    const [victim, liar, watcher] = [
      await raw(server, "as=r1"),
      await raw(server, "as=r2"),
      await raw(server, "as=r3"),
    ];
    addItem(victim.doc, "h1", "a", draft("锤子"));
    await until("bound", () => readItem(watcher.doc, "h1", "a"));
    victim.sendAwareness([{ clientId: 111, clock: 1, state: { at: "victim" } }]);
    await until("seen", () => watcher.others.get(111));
    liar.sendAwareness([{ clientId: 111, clock: 99, state: { at: "liar" } }]);
    liar.sendAwareness([{ clientId: victim.doc.clientID, clock: 99, state: { at: "liar" } }]);
    liar.sendAwareness([
      { clientId: 222, clock: 1, state: { at: "own" } },
      { clientId: 111, clock: 100, state: null },
      { clientId: 333, clock: 1, state: { at: "second" } },
    ]);
    await until("the liar's own is seen", () => watcher.others.get(222));
    expect(watcher.others.get(111)).toMatchObject({ at: "victim" });
    expect([watcher.others.has(333), watcher.others.has(victim.doc.clientID)]).toEqual([false, false]);
    liar.close();
    await until("it leaves alone", () => watcher.others.get(222) === null);
    expect(watcher.others.get(111)).toMatchObject({ at: "victim" });
  });

  it("[SY-20 T20] a device that comes back takes its id over; its old socket closing late takes nothing away", async () => {
    const server = await start();
    const watcher = await raw(server, "as=r3");
    const old = await raw(server, "as=r1");
    old.sendAwareness([{ clientId: 111, clock: 5, state: { at: "old" } }]);
    await until("seen", () => watcher.others.get(111));
    const back = await raw(server, "as=r1", { doc: old.doc });
    back.sendAwareness([{ clientId: 111, clock: 1, state: { at: "new" } }]);
    await until("the new one is seen", () => watcher.others.get(111)?.at === "new");
    old.close();
    await until("the old socket is gone", () => server.rooms.counters.peers === 2);
    back.sendAwareness([{ clientId: 111, clock: 2, state: { at: "still" } }]);
    await until("the new one lives", () => watcher.others.get(111)?.at === "still");
    addItem(back.doc, "h1", "a", draft("锅"));
    await until("and writes", () => readItem(watcher.doc, "h1", "a"));
  });

  it("[SY-20] a state too large or not an object is not passed on", async () => {
    const server = await start();
    const [one, two, watcher] = await Promise.all(["r1", "r2", "r3"].map((as) => raw(server, `as=${as}`)));
    const { counters } = server.rooms;
    for (const state of ["text", { x: "x".repeat(roomLimits.awarenessBytes) }, [1], 7]) {
      const { messages } = counters;
      one?.sendAwareness([{ clientId: 5, clock: 1, state }]);
      await until("it is heard", () => counters.messages > messages);
      const clock = messages + 1;
      // Told after it, in the same frame or a later one.
      two?.sendAwareness([{ clientId: 6, clock, state: { clock } }]);
      await until("the other is seen", () => watcher?.others.get(6)?.clock === clock);
      expect(watcher?.others.has(5), typeof state).toBe(false);
    }
    one?.sendAwareness([{ clientId: 5, clock: 1, state: { fine: true } }]);
    await until("what is one is seen", () => watcher?.others.has(5));
  });

  it("[SY-21 INV-8] a kiosk sees nobody and is seen by nobody; guests are seen", async () => {
    const server = await start();
    const [one, kiosk, guest] = [
      await raw(server, "as=r1"),
      await raw(server, "as=kiosk"),
      await raw(server, "as=guest"),
    ];
    kiosk.sendAwareness([{ clientId: 7, clock: 1, state: { wall: true } }]);
    guest.sendAwareness([{ clientId: 8, clock: 1, state: {} }]);
    await until("the guest is seen", () => one.others.has(8));
    one.sendAwareness([{ clientId: 9, clock: 1, state: {} }]);
    await until("one is seen", () => guest.others.has(9));
    kiosk.queryAwareness();
    addItem(one.doc, "h1", "marker", draft("锅"));
    await until("the kiosk sees the marker", () => readItem(kiosk.doc, "h1", "marker"));
    expect([...kiosk.others]).toEqual([]);
    expect(one.others.has(7)).toBe(false);
  });

  it("[SY-19 T8] presence comes coalesced, costs the log nothing, and leaves nothing behind", async () => {
    const server = await start({
      settings: { presenceMs: 30, limits: { ...roomLimits, messageBurst: 1e5 } },
    });
    const watcher = await raw(server, "as=r3");
    const one = await raw(server, "as=r1");
    const frames = watcher.frames.length;
    for (let i = 1; i <= 500; i++) one.sendAwareness([{ clientId: 5, clock: i, state: { x: i } }]);
    await until("the last is seen", () => watcher.others.get(5)?.x === 500);
    expect(watcher.frames.length - frames).toBeLessThan(100);
    expect(server.store.commits).toBe(0);
    for (let i = 0; i < 50; i++) {
      const visitor = await raw(server, "as=r2");
      visitor.sendAwareness([{ clientId: 1000 + i, clock: 1, state: {} }]);
      visitor.close();
    }
    await until("all are gone", () => server.rooms.counters.peers === 2);
    watcher.others.clear();
    watcher.queryAwareness();
    await until("one is still there", () => watcher.others.has(5));
    // That the last visitors are gone may still be told after this.
    expect([...watcher.others].filter(([, state]) => state !== null).map(([id]) => id)).toEqual([5]);
  });

  it("[SY-19 T8] what was still to be told is not waited for when the room has ended", async () => {
    const timers = new HandTimers();
    const server = await start({ timers });
    const begun = timers.waiting;
    const [one, watcher] = [await raw(server, "as=r1"), await raw(server, "as=r3")];
    const before = timers.waiting;
    one.sendAwareness([{ clientId: 5, clock: 1, state: {} }]);
    await until("it waits to be told", () => timers.waiting === before + 1);
    await server.rooms.closeBoard("b1", "restart");
    expect([server.rooms.counters.rooms, timers.waiting]).toEqual([0, begun]);
    await until("all are gone", () => one.closed && watcher.closed);
  });

  it("[SY-19] where more are shown than one message is read for, a stock provider that repeats all of them stays", async () => {
    const server = await start({
      settings: { presenceMs: 10, limits: { ...roomLimits, awarenessEntries: 3 } },
    });
    const shown: RawClient[] = [];
    for (let at = 0; at < 5; at++) {
      const client = await raw(server, "as=r1");
      client.sendAwareness([{ clientId: 50 + at, clock: 1, state: {} }]);
      shown.push(client);
    }
    const [first] = shown;
    await until("all see all", () => first?.others.size === 4);
    const provider = stock(server, "r2");
    const closes: unknown[] = [];
    provider.on("connection-close", (event) => closes.push(event?.code));
    provider.awareness.setLocalState({ here: true });
    await until("it sees everyone", () => provider.awareness.getStates().size === 6);
    await until("and is seen by them", () => shown.every(({ others }) => others.has(provider.doc.clientID)));
    // Said again after what it has repeated: it is still listened to.
    provider.awareness.setLocalState({ here: "still" });
    await until("what it shows next too", () => first?.others.get(provider.doc.clientID)?.here === "still");
    expect(closes).toEqual([]);
  });

  it("[SY-19] who asks gets the present state of the others", async () => {
    const server = await start();
    const [one, two] = [await raw(server, "as=r1"), await raw(server, "as=r2")];
    one.sendAwareness([{ clientId: 5, clock: 1, state: {} }]);
    await until("seen", () => two.others.has(5));
    two.others.clear();
    two.queryAwareness();
    await until("seen again", () => two.others.has(5));
    editItem(one.doc, "h1", "none", {});
  });
});
