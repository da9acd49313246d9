import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { Account, Accounts } from "../../server/sync/accounts.ts";
import type { BoardDocument } from "../../server/sync/document.ts";
import { renewedState } from "../../server/sync/renewal.ts";
import { isRenewalDue } from "../../server/sync/renewing.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { guardCounts, roomLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import { readCell } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { until } from "../services/until.ts";
import { craft } from "./craft.ts";
import { draft, GuardedBoard, residentOf } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, slowServer, start } from "./room-bed.ts";

endWithTest();

describe("a peer that asks and does not read", () => {
  it("[SY-15 INV-11] is told who is there when it has read, and once", async () => {
    const { server, sockets } = await slowServer();
    const sleepy = await raw(server, "as=r2");
    const other = await raw(server, "as=r1");
    other.sendAwareness([{ clientId: other.doc.clientID, clock: 1, state: { at: 1 } }]);
    await until("they see each other", () => sleepy.others.size === 1);
    const [slow] = sockets;
    if (slow === undefined) throw new Error("no socket");
    slow.unread = 100_000;
    const told = () => sleepy.frames.filter(([type]) => type === yjsMessage.awareness).length;
    const before = told();
    addItem(other.doc, "h1", "a", draft("锯子"));
    await until("edits come all the same", () => readCell(sleepy.doc, "h1").length === 1);
    for (let n = 0; n < 50; n++) sleepy.queryAwareness();
    sleepy.sendUpdate(Uint8Array.of(0, 0));
    await until("all has been heard", () => server.rooms.counters.messages >= 57);
    other.socket.terminate();
    await until("the other has left", () => server.rooms.counters.peers === 1);
    // One may have been on its way.
    expect(told() - before).toBeLessThanOrEqual(1);
    slow.unread = 0;
    await until(
      "it hears who is there, and who has left",
      () => sleepy.others.get(other.doc.clientID) === null,
    );
    expect(told() - before).toBeLessThanOrEqual(2);
  });

  it("[SY-15 INV-11] hears who has left also when it was too slow for anything from the start", async () => {
    const { server, sockets } = await slowServer();
    const sleepy = await raw(server, "as=r2");
    const [other, writer] = [await raw(server, "as=r1"), await raw(server, "as=r3")];
    other.sendAwareness([{ clientId: other.doc.clientID, clock: 1, state: { at: 1 } }]);
    await until("it is seen", () => sleepy.others.get(other.doc.clientID));
    const [slow] = sockets;
    if (slow === undefined) throw new Error("no socket");
    slow.unread = 1024 * 1024;
    addItem(writer.doc, "h3", "a", draft("锯子"));
    await until("it is found to be slow", () => server.rooms.counters.stale === 1);
    other.socket.terminate();
    await until("the other has left", () => server.rooms.counters.peers === 2);
    await until("who reads is told", () => writer.others.get(other.doc.clientID) === null);
    slow.unread = 0;
    await until("it hears who has left", () => sleepy.others.get(other.doc.clientID) === null);
  });

  it("[SY-15 INV-11] and is asked again for what it has only when it has read", async () => {
    const { server, sockets } = await slowServer();
    const sleepy = await raw(server, "as=r2");
    const writer = await raw(server, "as=r1");
    const [slow] = sockets;
    if (slow === undefined) throw new Error("no socket");
    slow.unread = 1024 * 1024;
    addItem(writer.doc, "h1", "a", draft("锯子"));
    await until("it is found to be slow", () => server.rooms.counters.stale === 1);
    const asked = sleepy.stepOnes;
    sleepy.automatic = false;
    sleepy.sendUpdate(craft([{ client: 77, clock: 5, structs: [{ content: { gc: 1 } }] }]));
    await until("it is out of step", () => server.rooms.counters.resyncs === 1);
    expect(sleepy.stepOnes).toBe(asked);
    slow.unread = 0;
    await until("it is asked", () => sleepy.stepOnes === asked + 1);
  });
});

describe("a person whose edits are small and leave much behind", () => {
  it("[SY-42 INV-11] pays for the history, and others do not", async () => {
    const limits = { ...roomLimits, accountHistoryBurst: 10_000, accountHistoryPerSecond: 1 };
    const server = await start({ settings: { limits } });
    const client = await raw(server, "as=r1&saved=1");
    const neighbour = await raw(server, "as=r2&saved=1");
    addItem(client.doc, "h1", "a", { ...draft("梯子"), note: "长".repeat(200) });
    for (let n = 2; n < 50 && client.closed === null; n++) {
      editItem(client.doc, "h1", "a", { quantity: n });
      await until("it is saved, or the end", () => client.closed || client.saved.at(-1)?.messages === n + 1);
    }
    expect(client.closed?.code).toBe(closeCodes["rate-limited"]);
    // Ten times some 1,500 bytes, and what was saved stays.
    expect((server.store.boards.get("b1")?.changes ?? []).length).toBeGreaterThan(5);
    expect((server.store.boards.get("b1")?.changes ?? []).length).toBeLessThan(15);
    const again = rawSoon(server, "as=r1");
    await until("coming back does not help", () => again.closed);
    addItem(neighbour.doc, "h2", "b", draft("锅"));
    await until("the neighbour goes on", () => neighbour.saved.at(-1)?.messages === 2);
  });
});

describe("bytes a second", () => {
  const state = { clientId: 7, clock: 1, state: { at: "x".repeat(900) } };

  it("[SY-17 INV-11] of one socket: over them it is closed by name, and below them it stays", async () => {
    const timers = new HandTimers();
    const limits = { ...roomLimits, bytesPerSecond: 1_000, byteBurst: 5_000 };
    const server = await start({ timers, settings: { limits } });
    const [greedy, patient] = [await raw(server, "as=r1"), await raw(server, "as=r2")];
    for (let n = 0; n < 10; n++) greedy.sendAwareness([state]);
    await until("it is closed", () => greedy.closed);
    expect(greedy.closed?.code).toBe(closeCodes["rate-limited"]);
    for (let n = 1; n <= 10; n++) {
      const { messages } = server.rooms.counters;
      patient.sendAwareness([{ ...state, clock: n }]);
      await until("it is heard", () => server.rooms.counters.messages > messages);
      timers.advance(1_000);
    }
    expect(patient.closed).toBeNull();
  });

  it("[SY-42 INV-11] of one person: however many sockets share them, and nobody else's", async () => {
    const limits = { ...roomLimits, accountBytesPerSecond: 1, accountByteBurst: 5_000 };
    const server = await start({ timers: new HandTimers(), settings: { limits } });
    const [one, two, other] = [
      await raw(server, "as=r1"),
      await raw(server, "as=r1"),
      await raw(server, "as=r2"),
    ];
    const { messages } = server.rooms.counters;
    for (let n = 0; n < 3; n++) one.sendAwareness([state]);
    await until("they are heard", () => server.rooms.counters.messages === messages + 3);
    expect(one.closed).toBeNull();
    for (let n = 0; n < 3; n++) two.sendAwareness([{ ...state, clientId: 8 }]);
    await until("together it is too much", () => two.closed);
    expect(two.closed?.code).toBe(closeCodes["rate-limited"]);
    for (let n = 0; n < 3; n++) other.sendAwareness([{ ...state, clientId: 9 }]);
    await until("a neighbour is heard", () => server.rooms.counters.messages === messages + 9);
    expect(other.closed).toBeNull();
  });
});

describe("a peer that pings", () => {
  it("[SY-17 INV-11] is ended when it does so without end, and also when it was told to go and does not", async () => {
    const timers = new HandTimers();
    const { server, sockets } = await slowServer({ timers });
    const [one, told] = [await raw(server, "as=r1"), await raw(server, "as=r2")];
    const { counters } = server.rooms;
    const [, deaf] = sockets;
    if (deaf === undefined) throw new Error("no socket");
    // As if its farewell were never answered.
    deaf.close = () => {};
    server.rooms.closeResident("r2", "access-changed");
    for (const client of [one, told]) for (let n = 0; n < 2 * roomLimits.signBurst; n++) client.socket.ping();
    await until("both are ended", () => one.closed && told.closed);
    expect(counters.closed).toEqual({ "rate-limited": 1, "access-changed": 1 });
  });

  it("[SY-17 SY-16] stays as long as it likes when it does so now and then, and answers", async () => {
    const timers = new HandTimers();
    const server = await start({ timers });
    const client = await raw(server, "as=r1");
    const [socket] = server.sockets;
    let signs = 0;
    for (const sign of ["ping", "pong"]) socket?.on(sign, () => signs++);
    for (let times = 1; times <= 2 * roomLimits.signBurst; times++) {
      client.socket.ping();
      timers.advance(defaultSettings.heartbeatMs);
      await until("its ping is heard, and its answer to ours", () => signs >= 2 * times);
    }
    expect(client.closed).toBeNull();
  });
});

describe("what one person may do", () => {
  const limits = { ...roomLimits, accountClientBurst: 3, accountGrowthBurst: 50, accountWorkBurst: 60 };
  const may = (account: Account, now = 0) => account.mayReceive(1, now);

  it("[SY-42 INV-11] client ids new to a board, what stays on it, and work are each paid for, on credit once", () => {
    for (const cost of [
      { work: 0, growth: 0, newClients: 4 },
      { work: 1, growth: 51, newClients: 0 },
      { work: 61, growth: 0, newClients: 0 },
    ]) {
      const account = new Account(limits, 0);
      account.chargeEdit(cost, 0);
      expect(may(account)).toBe(false);
      expect(may(account, 60_000)).toBe(true);
    }
    const asking = new Account(limits, 0);
    asking.chargeWork(61, 0);
    expect(may(asking)).toBe(false);
  });

  it("[SY-42 INV-11] coming back does not wipe out what is owed; only so many are remembered", () => {
    const accounts = new Accounts({ ...limits, accountsRemembered: 2 });
    accounts.enter("r1", 0)?.chargeEdit({ work: 100, growth: 100, newClients: 0 }, 0);
    accounts.leave("r1");
    accounts.enter("r2", 0);
    expect(may(accounts.enter("r1", 0) ?? new Account(limits, 0))).toBe(false);
    accounts.leave("r1");
    for (const other of ["r3", "r4"]) {
      accounts.enter(other, 0);
      accounts.leave(other);
    }
    expect(may(accounts.enter("r1", 0) ?? new Account(limits, 0))).toBe(true);
  });

  it("[SY-42 INV-11] many client ids of one person are refused, on whatever socket", async () => {
    const server = await start({ settings: { limits: { ...roomLimits, accountClientBurst: 3 } } });
    const one = await raw(server, "as=r1");
    const neighbour = await raw(server, "as=r2");
    const ids = (from: number, count: number) =>
      craft(
        Array.from({ length: count }, (_, n) => ({
          client: from + n,
          clock: 0,
          structs: [{ content: { gc: 1 } }],
        })),
      );
    one.sendUpdate(ids(1_000, 10));
    await until("they are stored", () => server.store.commits === 1);
    const other = rawSoon(server, "as=r1");
    await until("its next socket is refused", () => other.closed);
    expect(other.closed?.reason).toBe("rate-limited");
    one.sendUpdate(ids(2_000, 10));
    await until("this one too", () => one.closed);
    addItem(neighbour.doc, "h2", "a", draft("梯子"));
    await until("the neighbour goes on", () => readCell(server.store.coldDoc("b1"), "h2").length === 1);
    expect(server.store.coldDoc("b1").store.clients.size).toBe(11);
  });

  it("[SY-51 SY-42 INV-11] who owes is not taken from in the same tick either, and a neighbour has room", async () => {
    const limits = { ...roomLimits, accountGrowthBurst: 200, documentBytes: 80_000 };
    const server = await start({ settings: { limits } });
    const neighbour = await raw(server, "as=r2");
    const sockets = await Promise.all([1, 2, 3, 4].map(() => raw(server, "as=r1", { automatic: false })));
    const gate = new Gate();
    server.store.beforeCommit = () => gate.pass();
    gate.shut();
    addItem(neighbour.doc, "h2", "a", draft("梯子"));
    await until("a commit is under way", () => gate.waiting === 1);
    const { messages } = server.rooms.counters;
    for (const [nth, socket] of sockets.entries()) {
      const device = new Y.Doc();
      for (let n = 0; n < 22; n++)
        addItem(device, "h1", `${nth}-${n}`, { ...draft("锅"), note: "好".repeat(200) });
      const all = Y.encodeStateAsUpdate(device);
      expect(all.length).toBeGreaterThan(limits.accountGrowthBurst * guardCounts.bytesPerStruct);
      socket.sendSync(syncMessage.stepTwo, all);
    }
    await until("all four wait", () => server.rooms.counters.messages === messages + 4);
    gate.open();
    await until("three of the four are closed", () => sockets.filter(({ closed }) => closed).length === 3);
    expect(sockets.flatMap(({ closed }) => closed?.reason ?? [])).toEqual(Array(3).fill("rate-limited"));
    addItem(neighbour.doc, "h2", "b", draft("锤子"));
    await until("the neighbour goes on", () => readCell(server.store.coldDoc("b1"), "h2").length === 2);
    expect(readCell(server.store.coldDoc("b1"), "h1")).toHaveLength(22);
  });

  it("[SY-18 INV-11] a state vector larger than any board's is no message", async () => {
    const limits = { ...roomLimits, stateVectorBytes: 100 };
    const server = await start({ settings: { limits } });
    const client = await raw(server, "as=r1", { automatic: false });
    const vector = new Map(Array.from({ length: 60 }, (_, n) => [n + 1, 1] as const));
    client.sendSync(syncMessage.stepOne, Y.encodeStateVector(vector));
    await until("closed", () => client.closed);
    expect(client.closed?.reason).toBe("malformed");
  });
});

describe("work that Yjs has", () => {
  /** A board with what one device has written, which its owner may go on writing. */
  const boardAfter = (edit: (doc: Y.Doc) => void): GuardedBoard => {
    const board = new GuardedBoard();
    const device = board.replica(1);
    edit(device);
    Y.applyUpdate(board.doc, Y.encodeStateAsUpdate(device));
    board.bindings.set(1, "r1");
    return board;
  };

  it("[SY-42 INV-11] the way back along the values a field has had is counted", () => {
    const board = boardAfter((doc) => {
      addItem(doc, "h1", "a", draft("0"));
      // By turns, or Yjs would make one of all that one device has overwritten.
      for (let n = 0; n < 3_000; n++) {
        editItem(doc, "h1", "a", { title: `${n}` });
        editItem(doc, "h1", "a", { note: `${n}` });
      }
    });
    const again = (count: number) =>
      craft(
        Array.from({ length: count }, (_, n) => ({
          client: 9 + n,
          clock: 0,
          structs: [{ parent: [1, 0] as [number, number], sub: "title", content: { any: ["新"] } }],
        })),
      );
    const one = board.judge("r1", residentOf("h1"), again(1));
    expect(one.ok && one.cost).toBeGreaterThan((2 * 3_000) / 10);
    const many = board.judge("r1", residentOf("h1"), again(4));
    expect(many).toMatchObject({ ok: false, code: "too-large", reason: "conflicts" });
    expect(stepTwoLimits.conflicts).toBeLessThan(4 * 2 * 3_000);
  });

  it("[SY-27 INV-11] a cell has only so many items ever, and is good as new when the board is renewed", () => {
    const board = boardAfter((doc) => {
      for (let n = 0; n < guardCounts.keysPerCell; n++) {
        addItem(doc, "h1", `i${n}`, draft("东西"));
        removeItem(doc, "h1", `i${n}`);
      }
    });
    const add = (key: string, cell: string) => {
      const device = board.replica();
      addItem(device, cell, key, draft("再来一样"));
      return board.judge(
        "r2",
        residentOf(cell),
        Y.encodeStateAsUpdate(device, Y.encodeStateVector(board.doc)),
      );
    };
    expect(add("new", "h1")).toMatchObject({ ok: false, code: "full", reason: "cell-worn" });
    expect(add("i0", "h1").ok).toBe(true);
    expect(add("new", "h2").ok).toBe(true);
    const document = { clients: 1, doc: board.doc, bytes: 1 } as BoardDocument;
    expect(isRenewalDue(document, defaultSettings)).toBe(true);
    const renewed = { ...document, doc: new Y.Doc() } as BoardDocument;
    Y.applyUpdate(renewed.doc, renewedState(board.doc, 7));
    expect(isRenewalDue(renewed, defaultSettings)).toBe(false);
  });
});

describe("a board full of what is gone", () => {
  it("[SY-36 SY-27 INV-11] is renewed for who is there, and takes edits again", async () => {
    const plenty = { messageBurst: 1e6, workBurst: 1e6, accountMessageBurst: 1e6, accountWorkBurst: 1e6 };
    const settings = {
      limits: { ...roomLimits, ...plenty, documentBytes: 30_000 },
      tickMs: 0,
      renewOpenMs: 0,
    };
    const store = new MemoryStore();
    store.addBoard("b1");
    const server = await start({ store, settings });
    const neighbour = await raw(server, "as=r2");
    const hog = await raw(server, "as=r1");
    for (let n = 0; n < 4_000 && hog.closed === null; n++) {
      hog.doc.transact(() => {
        addItem(hog.doc, "h1", `i${n % 2}`, draft("占地方"));
        removeItem(hog.doc, "h1", `i${n % 2}`);
      });
      if (n % 20 === 0)
        await until("it is heard", () => hog.closed !== null || server.rooms.counters.messages > n);
    }
    await until("the board is full", () => hog.closed);
    expect(hog.closed?.reason).toBe("full");
    await until("the neighbour has to come back", () => neighbour.closed);
    expect(neighbour.closed?.reason).toBe("restart");
    await until("the old room has ended", () => server.rooms.counters.rooms === 0);
    const again = await raw(server, "as=r2");
    await until("the board was renewed", () => server.rooms.counters.renewals === 1);
    addItem(again.doc, "h2", "a", draft("梯子"));
    await until("it takes the edit", () => readCell(server.store.coldDoc("b1"), "h2").length === 1);
  });
});

describe("a board that is being closed", () => {
  it("[SY-43] ends although what waited could not be judged again, and so do a person's rights there", async () => {
    const store = new MemoryStore();
    store.shared = true;
    store.addBoard("b1");
    const server = await start({ store });
    const one = await raw(server, "as=r1");
    const neighbour = await raw(server, "as=r2");
    const asked: ((error: Error) => void)[] = [];
    store.beforeQuestion = () => new Promise((_, reject) => asked.push(reject));
    one.sendUpdate(craft([{ client: 77, clock: 5, structs: [{ content: { gc: 1 } }] }]));
    await until("it waits for a second look", () => asked.length > 0);
    const closing = server.rooms.closeBoard("b1", "restart");
    const successor = await raw(server, "as=r3");
    server.rooms.closeResident("r2", "access-changed");
    await until("the neighbour is out of the board that is closing", () => neighbour.closed);
    expect(neighbour.closed?.reason).toBe("access-changed");
    for (const fail of asked) fail(new Error("the log cannot be read"));
    store.beforeQuestion = async () => {};
    await closing;
    await until("who brought it is told to come back", () => one.closed);
    expect(successor.closed).toBeNull();
  });
});
