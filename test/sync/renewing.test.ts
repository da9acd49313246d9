import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { createFolder } from "../../server/sync/folder.ts";
import type { StoredBoard } from "../../server/sync/ports.ts";
import { isMostlyGone, type Renew, renewNow } from "../../server/sync/renewal.ts";
import { RenewalNotes } from "../../server/sync/renewal-notes.ts";
import { guardCounts } from "../../shared/board/limits.ts";
import { addEntry, removeEntry } from "../../shared/board/list-rules.ts";
import { readCell } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import { draft } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, start } from "./room-bed.ts";

endWithTest();

/** A board as one client has written it. */
async function storeOf(write: (doc: Y.Doc) => void): Promise<MemoryStore> {
  const store = new MemoryStore();
  store.addBoard("b1");
  const doc = new Y.Doc();
  doc.clientID = 77;
  doc.transact(() => write(doc));
  const bindings = [{ clientId: 77, residentId: "r2" }];
  await store.commit("b1", { after: 0, update: Y.encodeStateAsUpdate(doc), bindings, changes: [] });
  return store;
}

/** As many entries as a list ever takes. */
function wearOut(doc: Y.Doc): void {
  for (let n = 0; n < guardCounts.entriesEver; n++) {
    addEntry(doc, "garden", `e${n}`, "花盆");
    if (n > 0) removeEntry(doc, "garden", `e${n}`);
  }
}

const written = (count: number) => (doc: Y.Doc) => {
  for (let n = 0; n < count; n++) addItem(doc, "h1", `i${n}`, draft(`第 ${n} 样`));
};

/** Renewals on a thread that takes as long as the test likes. */
function slowRenewals() {
  const gate = new Gate();
  const asked: (readonly Uint8Array[])[] = [];
  const renew: Renew = async (parts, clientId, expected) => {
    asked.push(parts);
    await gate.pass();
    return renewNow(parts, clientId, expected);
  };
  return { gate, asked, renew };
}

const entriesOf = (store: MemoryStore): string[] =>
  store
    .read("b1")
    .doc.getArray<Y.Map<unknown>>("list:garden")
    .map((entry) => String(entry.get("id")));

describe("a list that takes nothing more", () => {
  it("[SY-53 SY-36] is renewed although somebody is there, and takes entries again", async () => {
    const store = await storeOf(wearOut);
    const server = await start({ store, settings: { renewOpenMs: 0 } });
    const stays = await raw(server, "as=r2");
    const first = await raw(server, "as=r1");
    addEntry(first.doc, "garden", "refused", "水管");
    await until("it is refused, and whoever is there comes back", () => first.closed && stays.closed);
    expect([first.closed?.reason, stays.closed?.reason]).toEqual(["full", "restart"]);
    await raw(server, "as=r2");
    const again = await raw(server, "as=r1");
    expect(server.rooms.counters.renewals).toBe(1);
    addEntry(again.doc, "garden", "honest", "水管");
    await until("it is taken", () => entriesOf(store).includes("honest"));
    expect(entriesOf(store)).toEqual(["e0", "honest"]);
    expect([again.closed, server.reports]).toEqual([null, []]);
  });

  it("[SY-36] is renewed although there is always something left to commit", async () => {
    const store = await storeOf(wearOut);
    const server = await start({ store, settings: { renewOpenMs: 0, tickMs: 0 } });
    const busy = await raw(server, "as=r2");
    let commits = 0;
    store.beforeCommit = async () => {
      if (++commits > 60 || busy.closed) return;
      addItem(busy.doc, "h2", `b${commits}`, draft("忙"));
      busy.socket.ping();
      await new Promise((resolve) => busy.socket.once("pong", resolve));
    };
    const first = await raw(server, "as=r1");
    addItem(busy.doc, "h2", "b0", draft("忙"));
    await until("it is busy", () => commits > 1);
    addEntry(first.doc, "garden", "refused", "水管");
    await until("whoever is there comes back", () => busy.closed);
    expect(busy.closed?.reason).toBe("restart");
    expect(commits).toBeLessThan(40);
  });
});

describe("while another thread makes a board anew", () => {
  const settings = { renewClients: 1 };

  it("[SY-36] whoever comes is served and writes, and nothing is put over what they wrote", async () => {
    const timers = new HandTimers();
    const { gate, asked, renew } = slowRenewals();
    const store = await storeOf(written(3));
    const server = await start({ store, timers, settings, renew });
    (await raw(server, "as=r1")).socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    gate.shut();
    timers.advance(30_000);
    await until("it is asked", () => gate.waiting === 1);
    const comes = await raw(server, "as=r1");
    addItem(comes.doc, "h1", "new", draft("锅"));
    await until("it is saved", () => readCell(store.read("b1").doc, "h1").length === 4);
    gate.open();
    await until("it is answered", () => gate.waiting === 0);
    const later = await raw(server, "as=r2");
    expect(readCell(later.doc, "h1")).toHaveLength(4);
    expect([comes.closed, later.closed, server.rooms.counters.renewals]).toEqual([null, null, 0]);
    for (const client of [comes, later]) client.socket.terminate();
    await until("gone again", () => server.rooms.counters.peers === 0);
    timers.advance(30_000);
    await until("it is renewed", () => server.rooms.counters.rooms === 0);
    expect([asked.length, server.rooms.counters.renewals]).toEqual([2, 1]);
    expect(readCell(store.read("b1").doc, "h1")).toHaveLength(4);
  });

  it("[SY-36] a board that does not read back as it was open is left as it is, and told of", async () => {
    const timers = new HandTimers();
    const store = await storeOf(written(3));
    const server = await start({ store, timers, settings });
    (await raw(server, "as=r1")).socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    const row = store.boards.get("b1")?.rows[0];
    if (row === undefined) throw new Error("no row");
    row.update = Uint8Array.of(0, 0);
    timers.advance(30_000);
    await until("it is at rest", () => server.rooms.counters.rooms === 0);
    expect([store.read("b1").generation, server.reports.length]).toEqual([0, 1]);
  });

  it("[SY-36] a room that has read the board just before does not go on with the old document", async () => {
    const timers = new HandTimers();
    const store = await storeOf(written(3));
    const server = await start({ store, timers, settings });
    (await raw(server, "as=r1")).socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    const [commits, loads] = [new Gate(), new Gate()];
    store.beforeCommit = () => commits.pass();
    commits.shut();
    timers.advance(30_000);
    await until("the new document is on its way", () => commits.waiting === 1);
    const load = store.load.bind(store);
    store.load = async (boardId) => {
      const stored = await load(boardId);
      await loads.pass();
      return stored;
    };
    loads.shut();
    const comes = rawSoon(server, "as=r1");
    await until("the old one is read", () => loads.waiting === 1);
    commits.open();
    await until("renewed", () => server.rooms.counters.renewals === 1 && server.rooms.counters.rooms === 1);
    loads.open();
    await until("who has come comes back", () => comes.closed);
    expect(comes.closed?.reason).toBe("restart");
  });
});

describe("whether a board is mostly gone", () => {
  it("[SY-36] is not asked at each rest, but when it has taken half as much again", async () => {
    const timers = new HandTimers();
    const { asked, renew } = slowRenewals();
    const store = await storeOf(written(50));
    const size = Y.encodeStateAsUpdate(store.read("b1").doc).length;
    const server = await start({ store, timers, settings: { renewBytes: 1_000 }, renew });
    const visit = async (note: string) => {
      await server.rooms.edit("b1", writerOf("r1", "h1"), (doc) => void editItem(doc, "h1", "i0", { note }));
      timers.advance(30_000);
      await until("it is at rest", () => server.rooms.counters.rooms === 0);
      return asked.length;
    };
    expect([await visit("一"), await visit("二"), await visit("三")]).toEqual([1, 1, 1]);
    const other = store.read("b1");
    const before = Y.encodeStateVector(other.doc);
    other.doc.clientID = 88;
    for (let n = 0; n < 10; n++) addItem(other.doc, "h2", `o${n}`, draft("别处写的".repeat(10)));
    const update = Y.encodeStateAsUpdate(other.doc, before);
    expect(update.length).toBeGreaterThan(size / 5);
    expect(update.length).toBeLessThan(size / 2);
    await store.commit("b1", { after: other.seq, update, bindings: [], changes: [] });
    expect(await visit("四")).toBe(1);
    expect(await visit("五".repeat(200))).toBe(2);
    expect(await visit("六")).toBe(2);
    expect(server.rooms.counters.renewals).toBe(0);
  });

  it("[SY-36] is known of a generation, and not when rows were folded away that nobody here has seen", () => {
    const notes = new RenewalNotes();
    const stored = (seq: number, generation: number, updates: number[]): StoredBoard => ({
      ...{ seq, generation, snapshot: null, households: [], lists: [], bindings: [] },
      updates: updates.map((bytes) => new Uint8Array(bytes)),
    });
    const known = (read: StoredBoard): boolean => {
      notes.foundWhole("b1", stored(5, 0, []), 100);
      notes.loaded("b1", read);
      return notes.isWhole("b1", read.generation);
    };
    expect(known(stored(5, 0, [60]))).toBe(true);
    expect(known(stored(7, 0, [60, 20, 20]))).toBe(true);
    expect(known(stored(7, 0, [60, 30, 20]))).toBe(false);
    expect(known(stored(7, 0, [20]))).toBe(false);
    expect(known(stored(7, 1, [20, 20]))).toBe(false);
    expect(known(stored(4, 0, [20]))).toBe(false);
    notes.handOn("b1", 3);
    expect([notes.takeOver("b1", 3), notes.takeOver("b1", 3)]).toEqual([true, false]);
    notes.handOn("b1", 3);
    expect(notes.takeOver("b1", 4)).toBe(false);
  });

  it("[SY-35 SY-36] is found out on a thread of its own, which refuses what is not the board", async () => {
    const doc = new Y.Doc();
    written(40)(doc);
    const before = Y.encodeStateAsUpdate(doc);
    const { renew, close } = createFolder();
    try {
      const whole = await renew([before], 7, Y.encodeSnapshot(Y.snapshot(doc)));
      expect(whole && isMostlyGone(whole)).toBe(false);
      const kept = new Y.Doc();
      Y.applyUpdate(kept, whole?.state ?? new Uint8Array());
      expect([...kept.store.clients.keys()]).toEqual([7]);
      expect(readCell(kept, "h1")).toEqual(readCell(doc, "h1"));
      const since = Y.encodeStateVector(doc);
      for (let n = 1; n < 40; n++) removeItem(doc, "h1", `i${n}`);
      const removed = Y.encodeStateAsUpdate(doc, since);
      const rest = await renew([before, removed], 7, null);
      expect(rest && isMostlyGone(rest)).toBe(true);
      expect(await renew([before], 7, Y.encodeSnapshot(Y.snapshot(doc)))).toBeNull();
      expect(await renew([before, Uint8Array.of(255)], 7, null)).toBeNull();
      doc.getMap("elsewhere").set("a", 1);
      expect(await renew([Y.encodeStateAsUpdate(doc)], 7, null)).toBeNull();
    } finally {
      await close();
    }
  });
});
