import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { contradictions } from "../../server/sync/same-structs.ts";
import { roomLimits } from "../../shared/board/limits.ts";
import { addEntry, editEntry } from "../../shared/board/list-rules.ts";
import { readCell, readList } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { craft } from "./craft.ts";
import { draft } from "./guarded-board.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { OneWayBus } from "./one-way-bus.ts";
import { endWithTest, raw, rawSoon, slowServer, start } from "./room-bed.ts";

endWithTest();

/** A store that two nodes share. */
function shared(): MemoryStore {
  const store = new MemoryStore();
  store.shared = true;
  store.addBoard("b1");
  return store;
}

/** An item under a client id, as the page of somebody in the first household writes it. */
function written(clientId: number, title: string, cell = "h1"): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  addItem(doc, cell, "a", draft(title));
  return Y.encodeStateAsUpdate(doc);
}

describe("two nodes and one who plays them against each other", () => {
  it("[SY-40 INV-11] who writes two things under one number ends a room once, and is kept out for a while", async () => {
    const store = shared();
    const [here, there] = [await start({ store }), await start({ store })];
    const gate = new Gate();
    store.beforeCommit = () => gate.pass();
    const [one, other] = [await raw(here, "as=r1"), await raw(there, "as=r1")];
    const neighbour = await raw(there, "as=r2");
    gate.shut();
    one.sendUpdate(written(77, "锅"));
    await until("the first is on its way", () => gate.waiting === 1);
    other.sendUpdate(written(77, "碗"));
    await until("so is the second", () => gate.waiting === 2);
    gate.open();
    await until("the room of the second has ended", () => neighbour.closed && other.closed);
    expect(neighbour.closed?.code).toBe(closeCodes["not-saved"]);
    expect(readCell(store.coldDoc("b1"), "h1").map(({ title }) => title)).toEqual(["锅"]);
    const again = rawSoon(there, "as=r1");
    await until("whoever did it is refused", () => again.closed);
    expect(again.closed?.code).toBe(closeCodes["rate-limited"]);
    const back = await raw(there, "as=r2");
    addItem(back.doc, "h2", "b", draft("梯子"));
    await until("the neighbour goes on", () => readCell(store.coldDoc("b1"), "h2").length === 1);
  });

  it("[SY-40 INV-11] whose client id somebody has begun to write under at another node is barred from nothing, comes back under another, and its neighbour loses nothing", async () => {
    const store = shared();
    const [here, there] = [await start({ store }), await start({ store })];
    const gate = new Gate();
    store.beforeCommit = () => gate.pass();
    const [thief, victim] = [await raw(here, "as=r1"), await raw(there, "as=r2")];
    const neighbour = await raw(there, "as=r3");
    victim.sendAwareness([{ clientId: 77, clock: 1, state: {} }]);
    await until("the id can be seen", () => neighbour.others.has(77));
    gate.shut();
    thief.sendUpdate(written(77, "锅"));
    await until("the thief's is on its way", () => gate.waiting === 1);
    victim.sendUpdate(written(77, "碗", "h2"));
    await until("so is the victim's", () => gate.waiting === 2);
    addItem(neighbour.doc, "h3", "c", draft("锤子"));
    gate.open();
    await until("the room of the second has ended", () => neighbour.closed && victim.closed);
    expect(neighbour.closed?.code).toBe(closeCodes["not-saved"]);
    const again = await raw(there, "as=r2");
    addItem(again.doc, "h2", "b", draft("梯子"));
    await raw(there, "as=r3", { doc: neighbour.doc });
    const stored = (cell: string) => readCell(store.coldDoc("b1"), cell).map(({ title }) => title);
    await until("both go on", () => stored("h2").length > 0 && stored("h3").length > 0);
    expect([stored("h1"), stored("h2"), stored("h3")]).toEqual([["锅"], ["梯子"], ["锤子"]]);
    // Nor is who came first, for it might as well have been the other way round.
    const first = await raw(there, "as=r1");
    addItem(first.doc, "h1", "d", draft("碟"));
    await until("it goes on as well", () => stored("h1").length === 2);
    expect([again.closed, first.closed]).toEqual([null, null]);
  });

  it("[SY-42 INV-11] what makes a node ask the database a second time is paid for", async () => {
    const store = shared();
    const limits = { ...roomLimits, workBurst: 2_000, workPerSecond: 1 };
    const server = await start({ store, settings: { limits } });
    const client = await raw(server, "as=r1", { automatic: false });
    const orphan = (clock: number) => craft([{ client: 9, clock, structs: [{ content: { gc: 1 } }] }]);
    for (let n = 1; n <= 30 && client.closed === null; n++) {
      client.sendStepTwo(craft([]));
      client.sendUpdate(orphan(n));
      const { resyncs } = server.rooms.counters;
      await until(
        "it is asked again, or closed",
        () => client.closed || server.rooms.counters.resyncs > resyncs,
      );
    }
    expect(client.closed?.code).toBe(closeCodes["rate-limited"]);
    expect(server.rooms.counters.resyncs).toBe(10);
  });

  it.each([1, 2])(
    "[FO-30 INV-4] what somebody brings along from another node stays the work of who wrote it: %i",
    async (entries) => {
      const store = shared();
      const [here, there] = [await start({ store }), await start({ store })];
      const [writer, mover] = [await raw(here, "as=r2"), await raw(here, "as=r1")];
      const lookerOn = await raw(there, "as=r3");
      for (let n = 1; n <= entries; n++) {
        addEntry(writer.doc, "garden", `e${n}`, `浇水 ${n}`);
        await until("it is seen", () => readList(mover.doc, "garden").length === n);
      }
      mover.close();
      await raw(there, "as=r1", { doc: mover.doc });
      await until("it is seen there", () => readList(lookerOn.doc, "garden").length === entries);
      writer.close();
      const moved = await raw(there, "as=r2", { doc: writer.doc });
      editEntry(moved.doc, "garden", "e1", { done: true });
      await until("and goes on", () => readList(lookerOn.doc, "garden")[0]?.done === true);
      expect([moved.closed, lookerOn.closed, store.commits]).toEqual([null, null, entries + 1]);
    },
  );

  it("[SY-22 INV-6 T4] a row that a node overhears before those it builds on is not taken, but read from the log in its turn", async () => {
    const store = shared();
    const [here, third] = [new OneWayBus(), new OneWayBus()];
    const writing = await start({ store, bus: here });
    const behind = await start({ store, bus: third });
    const writer = await raw(writing, "as=r1");
    const reader = await raw(behind, "as=r2");
    for (let n = 1; n <= 5; n++) {
      addItem(writer.doc, "h1", `a${n}`, draft(`锅 ${n}`));
      await until("committed", () => here.told.length === n);
    }
    const read = new Gate();
    store.beforeQuestion = () => read.pass();
    read.shut();
    const last = here.told.at(-1);
    if (last) third.hears(last);
    await until("the log is asked", () => read.waiting > 0);
    const asked = await raw(behind, "as=r3");
    expect([readCell(asked.doc, "h1"), asked.doc.store.pendingStructs]).toEqual([[], null]);
    expect(reader.updates.map((update) => Y.decodeUpdate(update).structs.length)).toEqual([0]);
    read.open();
    await until("all is there", () => readCell(reader.doc, "h1").length === 5);
    expect([reader.doc.store.pendingStructs, behind.rooms.counters.taken]).toEqual([null, 5]);
  });

  it("[FO-31] what somebody made on one node and removed on the way to another, which has not heard of it, is no row there", async () => {
    const store = shared();
    const [here, there] = [await start({ store }), await start({ store })];
    const home = await raw(here, "as=r1");
    addItem(home.doc, "h1", "first", draft("梯子"));
    await until("whose client id it is is known", () => store.commits === 1);
    await raw(there, "as=r3");
    addItem(home.doc, "h1", "a", draft("锅"));
    await until("it is stored", () => store.commits === 2);
    home.close();
    removeItem(home.doc, "h1", "a");
    const back = await raw(there, "as=r1&saved=1", { doc: home.doc });
    await until("what was removed is stored", () => back.saved.length > 0);
    expect(readCell(store.coldDoc("b1"), "h1").map(({ id }) => id)).toEqual(["first"]);
    expect(store.boards.get("b1")?.changes.map(({ itemId, after }) => [itemId, after === null])).toEqual([
      ["first", false],
      ["a", false],
      ["a", true],
    ]);
  });

  it("[SY-40] an edit whose place was removed elsewhere is the same edit, and is deleted for everyone", async () => {
    const store = shared();
    const [here, there] = [await start({ store }), await start({ store })];
    const home = await raw(here, "as=r1");
    addItem(home.doc, "h1", "a", draft("锅"));
    await until("stored", () => store.commits === 1);
    // The other phone of the household edits the item without a line, and hears only then that it was removed.
    const phone = await raw(here, "as=r1b");
    phone.close();
    editItem(phone.doc, "h1", "a", { note: "有点旧" });
    const edited = Y.encodeStateAsUpdate(phone.doc, Y.encodeStateVector(home.doc));
    removeItem(home.doc, "h1", "a");
    await until("removed", () => store.commits === 2);
    Y.applyUpdate(phone.doc, Y.encodeStateAsUpdate(home.doc));
    const [gone] = phone.doc.store.clients.get(phone.doc.clientID) ?? [];
    expect(gone).toBeInstanceOf(Y.GC);
    await raw(there, "as=r1b", { doc: phone.doc });
    await until("it is stored as gone", () => store.commits === 3);
    const [made, removed, row] = store.boards.get("b1")?.rows.map(({ update }) => update) ?? [];
    if (!made || !removed || !row) throw new Error("no rows");
    // A third node has taken the edit as it was, and hears of both rows before that is stored.
    const late = new Y.Doc();
    for (const update of [made, edited, removed]) Y.applyUpdate(late, update);
    expect(contradictions(row, edited, late)).toEqual([]);
    Y.applyUpdate(late, row);
    expect(readCell(late, "h1")).toEqual([]);
  });

  it("[SY-40 INV-6] a tick that came second twice takes its turn, with what it missed before it", async () => {
    const store = shared();
    const [here, there] = [await start({ store }), await start({ store })];
    const [one, other] = [await raw(here, "as=r1"), await raw(there, "as=r2")];
    let inWay = 0;
    let turns = 0;
    const gate = new Gate();
    // Whenever the first is about to commit, the second is quicker.
    store.beforeCommit = async () => {
      if (gate.waiting > 0) return;
      gate.shut();
      const passed = gate.pass();
      const { commits } = store;
      addItem(other.doc, "h2", `b${inWay++}`, draft("快"));
      await until("the other was first", () => store.commits > commits);
      gate.open();
      await passed;
    };
    store.beforeTurn = async () => {
      turns++;
      store.beforeCommit = async () => {};
    };
    addItem(one.doc, "h1", "a", draft("慢"));
    await until("it is stored", () => readCell(store.coldDoc("b1"), "h1").length === 1);
    expect(turns).toBe(1);
    expect(here.rooms.counters.turns).toBe(1);
    const doc = store.coldDoc("b1");
    expect([readCell(doc, "h1").length, readCell(doc, "h2").length]).toEqual([1, inWay]);
    await until("it has what the other wrote", () => readCell(one.doc, "h2").length === inWay);
  });
});

describe("a socket that is closed while it reads slowly", () => {
  it("[SY-15 INV-11] is ended at once: what it has not read would stay in memory", async () => {
    const { server, sockets } = await slowServer();
    const sleepy = await raw(server, "as=r2");
    const quick = await raw(server, "as=r2");
    const [slow] = sockets;
    if (slow === undefined) throw new Error("no socket");
    slow.unread = roomLimits.staleBytes + 1;
    server.rooms.closeResident("r2", "access-changed");
    await until("both are closed", () => sleepy.closed && quick.closed);
    expect([sleepy.closed?.code, quick.closed?.code]).toEqual([1006, closeCodes["access-changed"]]);
  });
});
