import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { defaultSettings } from "../../server/sync/settings.ts";
import { type RoomLimits, roomLimits } from "../../shared/board/limits.ts";
import { readCell, readItem, readNotice } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import { craft } from "./craft.ts";
import { draft } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, start, stock } from "./room-bed.ts";

endWithTest();

describe("a room", () => {
  it("[SY-6] stock providers read the board and edit their own cells, offline edits included", async () => {
    const server = await start();
    const [one, two] = [stock(server, "r1"), stock(server, "r2")];
    await until("both are synced", () => one.synced && two.synced);
    addItem(one.doc, "h1", "a", draft("冲击钻"));
    addItem(two.doc, "h2", "b", draft("烤火炉"));
    await until("each sees the other", () => readItem(one.doc, "h2", "b") && readItem(two.doc, "h1", "a"));

    one.disconnect();
    editItem(one.doc, "h1", "a", { note: "离线写的" });
    addItem(one.doc, "h1", "c", draft("童话书"));
    one.connect();
    await until("the offline edits arrive", () => readItem(two.doc, "h1", "c"));
    expect(readItem(two.doc, "h1", "a")?.note).toBe("离线写的");
    expect(readCell(server.store.coldDoc("b1"), "h1")).toEqual(readCell(one.doc, "h1"));
  });

  it("[SY-6] two phones of a household that start the cell at once merge", async () => {
    const server = await start();
    const [one, two] = [stock(server, "r1"), stock(server, "r1b")];
    addItem(one.doc, "h1", "a", draft("积木"));
    addItem(two.doc, "h1", "b", draft("竹椅"));
    await until(
      "both have both",
      () => readCell(one.doc, "h1").length + readCell(two.doc, "h1").length === 4,
    );
  });

  it("[SY-7 INV-2] who edits another's cell is closed with the named code, and nobody else notices", async () => {
    const server = await start();
    const [one, two] = [stock(server, "r1"), await raw(server, "as=r2")];
    await until("one is synced", () => one.synced);
    addItem(two.doc, "h2", "b", draft("烤火炉"));
    await until("one sees it", () => readItem(one.doc, "h2", "b"));
    const closed: { code: number; reason: string }[] = [];
    one.on("closed", (event) => closed.push(event));
    removeItem(one.doc, "h2", "b");
    await until("the provider stops", () => closed.length > 0);
    expect(closed).toEqual([{ code: closeCodes.forbidden, reason: "forbidden" }]);
    expect(one.shouldConnect).toBe(false);
    addItem(two.doc, "h2", "marker", draft("锅"));
    await until("the marker is on disk", () => readItem(server.store.coldDoc("b1"), "h2", "marker"));
    expect(readItem(two.doc, "h2", "b")?.title).toBe("烤火炉");
    expect(readItem(server.store.coldDoc("b1"), "h2", "b")?.title).toBe("烤火炉");
  });

  it("[SY-8 INV-1] nobody sees or is told anything before the commit, who joins meanwhile included", async () => {
    const server = await start();
    const gate = new Gate();
    server.store.beforeCommit = () => gate.pass();
    const [one, two] = [await raw(server, "as=r1&saved=1"), await raw(server, "as=r2&saved=1")];
    gate.shut();
    addItem(one.doc, "h1", "a", draft("人字梯"));
    await until("the commit is under way", () => gate.waiting === 1);
    const joiner = rawSoon(server, "as=r3");
    await until("the joiner is open", () => joiner.socket.readyState === 1);
    // What the room has handled by now it would have answered in this order on each socket.
    addItem(two.doc, "h2", "b", draft("锅"));
    await until("the second edit has arrived", () => server.rooms.counters.messages >= 7);
    expect(two.updates.some((update) => JSON.stringify(Y.decodeUpdate(update)).includes("人字梯"))).toBe(
      false,
    );
    expect([joiner.stepTwos, one.saved.length, two.saved.length]).toEqual([0, 1, 1]);
    gate.open();
    await until("all have both", () =>
      [one, two, joiner].every((peer) => readItem(peer.doc, "h1", "a") && readItem(peer.doc, "h2", "b")),
    );
    await until("both are told", () => one.saved.length > 1 && two.saved.length > 1);
  });

  it("[SY-8 INV-1 T2] a commit that goes on failing is seen by nobody; all come back and the edit is saved then", async () => {
    const server = await start({ settings: { commitTimeoutMs: 20 } });
    const [one, two] = [stock(server, "r1"), await raw(server, "as=r2&saved=1")];
    await until("one is synced", () => one.synced);
    const codes: (number | undefined)[] = [];
    one.on("connection-close", (event) => codes.push(event?.code));
    server.store.beforeCommit = async () => {
      throw new Error("disk full");
    };
    addItem(one.doc, "h1", "a", draft("麻将机"));
    await until("the others are closed", () => two.closed);
    server.store.beforeCommit = async () => {};
    expect(two.closed).toEqual({ code: closeCodes["not-saved"], reason: "not-saved" });
    expect(readItem(two.doc, "h1", "a")).toBeNull();
    await until("the provider is back and the edit on disk", () =>
      readItem(server.store.coldDoc("b1"), "h1", "a"),
    );
    expect(new Set(codes)).toEqual(new Set([closeCodes["not-saved"]]));
    expect(server.store.loads).toBeGreaterThan(1);
  });

  it("[SY-8 INV-1] a commit that fails for a moment is tried again, and nobody is sent away", async () => {
    const server = await start();
    const [one, two] = [await raw(server, "as=r1&saved=1"), await raw(server, "as=r2")];
    let failures = 2;
    server.store.beforeCommit = async () => {
      if (failures-- > 0) throw new Error("the database restarts");
      expect([readItem(two.doc, "h1", "a"), one.saved.length]).toEqual([null, 1]);
    };
    addItem(one.doc, "h1", "a", draft("麻将机"));
    await until("it is saved and seen", () => one.saved.length === 2 && readItem(two.doc, "h1", "a"));
    expect([server.store.commits, server.store.loads, one.closed, two.closed]).toEqual([1, 1, null, null]);
  });

  it("[SY-34 INV-3] a commit that is refused for good, because its client id is taken, is not tried again", async () => {
    const server = await start();
    const one = await raw(server, "as=r1");
    server.store.boards.get("b1")?.bindings.set(one.doc.clientID, "r2");
    addItem(one.doc, "h1", "a", draft("麻将机"));
    await until("closed", () => one.closed);
    expect(server.reports).toHaveLength(1);
    expect([server.store.commits, server.rooms.counters.rooms]).toEqual([0, 0]);
  });

  it("[SY-33 INV-1] a commit whose acknowledgement is lost is found in the log, and stored once", async () => {
    const server = await start();
    const one = stock(server, "r1");
    await until("one is synced", () => one.synced);
    let losses = 1;
    server.store.afterCommit = async () => {
      if (losses-- > 0) throw new Error("connection reset");
    };
    addItem(one.doc, "h1", "a", draft("抖空竹"));
    await until("it is known", () => server.rooms.counters.commits === 1);
    expect([server.store.commits, server.store.loads]).toEqual([1, 1]);
    editItem(one.doc, "h1", "a", { note: "还在" });
    const two = stock(server, "r2");
    await until("others see it", () => readItem(two.doc, "h1", "a")?.note === "还在");
    expect(server.store.changes("b1").filter((change) => change.before === null)).toHaveLength(1);
  });

  it("[SY-8] a commit that never answers counts as failed after its time", async () => {
    const server = await start({ settings: { commitTimeoutMs: 30 } });
    const gate = new Gate();
    gate.shut();
    server.store.beforeCommit = () => gate.pass();
    const one = await raw(server, "as=r1");
    addItem(one.doc, "h1", "a", draft("蒸笼"));
    await until("closed", () => one.closed);
    expect(one.closed?.code).toBe(closeCodes["not-saved"]);
    gate.open();
  });

  it("[SY-32] when another node was first, its row is taken in and the commit tried again behind it", async () => {
    const server = await start();
    const one = stock(server, "r1");
    await until("one is synced", () => one.synced);
    const elsewhere = new Y.Doc();
    addItem(elsewhere, "h2", "b", draft("从别处来"));
    await server.store.commit("b1", {
      after: 0,
      update: Y.encodeStateAsUpdate(elsewhere),
      bindings: [],
      changes: [],
    });
    addItem(one.doc, "h1", "a", draft("锅"));
    await until("one comes back to both", () => readItem(one.doc, "h2", "b"));
    await until("both are in the log", () => server.store.boards.get("b1")?.rows.length === 2);
    expect(readItem(server.store.coldDoc("b1"), "h1", "a")).not.toBeNull();
    expect(server.store.loads).toBe(1);
  });

  it("[SY-9] saved counts this socket's durable frames and comes only to who asked", async () => {
    const server = await start();
    const [asked, plain] = [await raw(server, "as=r1&saved=1"), await raw(server, "as=r1b")];
    addItem(asked.doc, "h1", "a", draft("打气筒"));
    await until("two frames are saved", () => asked.saved.at(-1)?.messages === 2);
    const clock = Y.getState(asked.doc.store, asked.doc.clientID);
    expect(asked.saved.at(-1)).toEqual({ clientId: asked.doc.clientID, clock, messages: 2 });
    removeItem(asked.doc, "h1", "a");
    await until("the deletion is saved too", () => asked.saved.at(-1)?.messages === 3);
    addItem(plain.doc, "h1", "b", draft("折叠床"));
    await until("the other one sees it", () => readItem(asked.doc, "h1", "b"));
    expect(plain.saved).toEqual([]);
  });

  it("[SY-10] increments before the first sync step 2 are ignored; the step 2 contains them", async () => {
    const server = await start();
    const doc = new Y.Doc();
    const client = await raw(server, "as=r1&saved=1", { doc, automatic: false });
    await until("greeted", () => client.stepOnes === 1);
    addItem(doc, "h1", "a", draft("盖碗茶具"));
    client.sendUpdate(craft([{ client: doc.clientID, clock: 50, structs: [{ content: { gc: 1 } }] }]));
    client.sendUpdate(Y.encodeStateAsUpdate(doc));
    client.sendStepTwo(Y.encodeStateAsUpdate(doc));
    await until("all three count as saved", () => client.saved.at(-1)?.messages === 3);
    expect(client.stepOnes).toBe(1);
    expect(server.store.commits).toBe(1);
    expect(client.closed).toBeNull();
  });

  it("[SY-11] an increment ahead of what the board has is not refused: the room asks for all of it", async () => {
    const server = await start();
    const client = await raw(server, "as=r1&saved=1");
    // A second tab of the same person wrote first and has not reached the server yet.
    const tab = new Y.Doc();
    addItem(tab, "h1", "a", draft("平板推车"));
    client.automatic = false;
    Y.applyUpdate(client.doc, Y.encodeStateAsUpdate(tab), client);
    const before = Y.encodeStateVector(client.doc);
    editItem(client.doc, "h1", "a", { note: "第二个标签页" });
    client.automatic = true;
    client.sendUpdate(Y.encodeStateAsUpdate(client.doc, before));
    await until("it is asked again and then saved", () => client.saved.at(-1)?.messages === 3);
    expect(client.stepOnes).toBe(2);
    expect(readItem(server.store.coldDoc("b1"), "h1", "a")?.note).toBe("第二个标签页");
  });

  it("[SY-11 T24] a sync step 2 that builds on nothing is refused for good, and orphans leave nothing behind", async () => {
    const server = await start({ settings: { limits: generous() } });
    const client = await raw(server, "as=r1", { automatic: false });
    await until("greeted", () => client.stepOnes === 1);
    const content = { text: "孤".repeat(300) };
    const orphan = (clock: number) => craft([{ client: 9, clock, structs: [{ root: "cell:h1", content }] }]);
    // Each comes after a sync step 2, so that each is judged and none is ignored.
    for (let i = 1; i <= 100; i++) {
      client.sendStepTwo(craft([]));
      client.sendUpdate(orphan(i));
      await until("it is asked again", () => client.stepOnes === 1 + i);
    }
    for (let i = 1; i <= 2000; i++) client.sendUpdate(orphan(i));
    await until("all have arrived", () => server.rooms.counters.messages === 2200);
    let left: unknown;
    await server.rooms.edit("b1", writerOf("officer", null), (doc) => {
      const { pendingStructs, pendingDs, clients } = doc.store;
      left = { pendingStructs, pendingDs, clients: clients.size, bytes: Y.encodeStateAsUpdate(doc).length };
    });
    expect(left).toEqual({ pendingStructs: null, pendingDs: null, clients: 0, bytes: 2 });
    client.sendStepTwo(orphan(5));
    await until("closed", () => client.closed);
    expect(client.closed).toEqual({ code: closeCodes["out-of-step"], reason: "out-of-step" });
    expect((await raw(server, "as=r2")).updates.map(({ length }) => length)).toEqual([2]);
    expect([server.store.commits, server.rooms.counters.loads]).toEqual([0, 1]);
    expect(server.reports).toEqual([]);
  });

  it("[SY-12] who may not write may read, and is closed when it writes", async () => {
    const server = await start();
    const [writer, guest, kiosk] = [
      await raw(server, "as=r1"),
      await raw(server, "as=guest"),
      await raw(server, "as=kiosk"),
    ];
    addItem(writer.doc, "h1", "a", draft("泡菜坛子"));
    await until(
      "both readers see it",
      () => readItem(guest.doc, "h1", "a") && readItem(kiosk.doc, "h1", "a"),
    );
    kiosk.doc.getText("notice").insert(0, "嘿");
    removeItem(guest.doc, "h1", "a");
    await until("both are closed", () => guest.closed && kiosk.closed);
    expect([guest.closed?.code, kiosk.closed?.code]).toEqual([closeCodes.forbidden, closeCodes.forbidden]);
    expect(readNotice(server.store.coldDoc("b1"))).toBe("");
  });

  it("[SY-13 T6] one frame for many edits: a busy room commits in ticks and sends each peer one frame a tick", async () => {
    const server = await start({ settings: { tickMs: 5 } });
    const gate = new Gate();
    server.store.beforeCommit = () => gate.pass();
    const [one, two, watcher] = [
      await raw(server, "as=r1"),
      await raw(server, "as=r2"),
      await raw(server, "as=r3"),
    ];
    gate.shut();
    addItem(one.doc, "h1", "first", draft("1"));
    await until("busy", () => gate.waiting === 1);
    for (let i = 0; i < 20; i++) {
      addItem(one.doc, "h1", `a${i}`, draft(`甲${i}`));
      addItem(two.doc, "h2", `b${i}`, draft(`乙${i}`));
    }
    await until("all have arrived", () => server.rooms.counters.messages >= 6 + 41);
    const frames = watcher.updates.length;
    gate.open();
    await until(
      "the watcher has all",
      () => readCell(watcher.doc, "h2").length === 20 && readCell(watcher.doc, "h1").length === 21,
    );
    expect(watcher.updates.length - frames).toBe(2);
    expect(server.store.commits).toBe(2);
  });

  it("[SY-13 INV-11] a busy room collects no longer once much has come", async () => {
    const timers = new HandTimers();
    const server = await start({ timers, settings: { tickBytes: 4_000 } });
    const [one, watcher] = [await raw(server, "as=r1"), await raw(server, "as=r3")];
    const items = () => readCell(watcher.doc, "h1").length;
    addItem(one.doc, "h1", "first", draft("1"));
    await until("it was idle", () => items() === 1);
    const { messages, ticks } = server.rooms.counters;
    let sent = 0;
    // Some 700 bytes each; no time passes.
    while (server.rooms.counters.ticks === ticks && sent < 20) {
      addItem(one.doc, "h1", `a${++sent}`, { ...draft("2"), note: "长".repeat(200) });
      await until("it has arrived", () => server.rooms.counters.messages === messages + sent);
    }
    expect(sent).toBeGreaterThan(4);
    expect(sent).toBeLessThan(8);
    await until("all of it is seen", () => items() === 1 + sent);
  });

  it("[SY-13] a busy room collects longer when more listen, up to two fifths longer", async () => {
    expect(defaultSettings).toMatchObject({ tickMs: 16, tickPeers: 64, tickBytes: 64 * 1024 });
    const timers = new HandTimers();
    const server = await start({ timers, settings: { tickMs: 20, tickPeers: 2 } });
    const [one, two, three, four] = [
      await raw(server, "as=r1"),
      await raw(server, "as=r2"),
      await raw(server, "as=r3"),
      await raw(server, "as=steward"),
    ];
    const left = (peers: number) => until("they have left", () => server.rooms.counters.peers === peers);
    const seen = (items: number) =>
      until("what was written is seen", () => readCell(three.doc, "h1").length === items);
    const busyFor = async (id: string) => {
      const { ticks, messages } = server.rooms.counters;
      addItem(one.doc, "h1", id, draft("1"));
      await until("it has arrived", () => server.rooms.counters.messages === messages + 1);
      let waited = 0;
      for (; server.rooms.counters.ticks === ticks && waited < 100; waited++) timers.advance(1);
      return waited;
    };
    addItem(one.doc, "h1", "first", draft("1"));
    await seen(1);
    expect(await busyFor("a")).toBe(28);
    await seen(2);
    four.socket.terminate();
    await left(3);
    expect(await busyFor("b")).toBe(28);
    await seen(3);
    two.socket.terminate();
    await left(2);
    expect(await busyFor("c")).toBe(20);
  });

  it("[SY-14] every change is attributed: who, what before, what after, on whose behalf", async () => {
    const server = await start();
    const [one, steward] = [await raw(server, "as=r1"), await raw(server, "as=steward")];
    addItem(one.doc, "h1", "a", draft("童话书"));
    await until("the steward sees it", () => readItem(steward.doc, "h1", "a"));
    editItem(steward.doc, "h1", "a", { quantity: 4 });
    await until("committed", () => server.store.commits === 2);
    const [added, edited] = server.store.changes("b1");
    expect(added).toMatchObject({
      place: "cell",
      cell: "h1",
      itemId: "a",
      before: null,
      residentId: "r1",
      onBehalf: false,
    });
    expect(edited).toMatchObject({
      residentId: "steward",
      onBehalf: true,
      before: { quantity: 1 },
      after: { quantity: 4 },
    });
    expect(server.store.boards.get("b1")?.bindings.get(one.doc.clientID)).toBe("r1");
  });
});

function generous(): RoomLimits {
  return {
    ...roomLimits,
    messagesPerSecond: 1e5,
    messageBurst: 1e5,
    accountMessageBurst: 1e5,
    queuedMessages: 1e5,
  };
}
