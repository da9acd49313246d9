import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type BoardBus, type BoardNews, noBus } from "../../server/sync/ports.ts";
import { renewedState } from "../../server/sync/renewal.ts";
import { Turns } from "../../server/turns.ts";
import { addEntry, editNotice } from "../../shared/board/list-rules.ts";
import { readBoard } from "../../shared/board/model.ts";
import { addItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { syncMessage } from "../../shared/wire/yjs-messages.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import { draft } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, start } from "./room-bed.ts";

endWithTest();

const households = ["h1", "h2", "h3"];

/** A board on which so many sessions have each written once and left. */
function boardOf(sessions: number): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (let n = 0; n < sessions; n++) {
    doc.clientID = 1_000 + n;
    if (n < 40) addItem(doc, households[n % 3] ?? "", `i${n}`, draft(`第 ${n} 样`));
    else doc.getMap<Y.Map<unknown>>("cell:h1").get("i0")?.set("note", `${n}`);
  }
  return { doc, updates };
}

async function storeWith(sessions: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  store.addBoard("b1");
  for (const [after, update] of boardOf(sessions).updates.entries()) {
    const bindings = [{ clientId: 1_000 + after, residentId: "r2" }];
    await store.commit("b1", { after, update, bindings, changes: [] });
  }
  return store;
}

describe("a board with many client ids", () => {
  it("[SY-35] is made anew with the same contents under one client id", () => {
    const { doc } = boardOf(300);
    addEntry(doc, "garden", "e1", "浇水");
    editNotice(doc, "周日大扫除");
    removeItem(doc, "h1", "i3");
    const fresh = new Y.Doc();
    Y.applyUpdate(fresh, renewedState(doc, 7));
    expect([...fresh.store.clients.keys()]).toEqual([7]);
    expect(readBoard(fresh, households, ["garden"])).toEqual(readBoard(doc, households, ["garden"]));
  });

  it("[SY-35] can be told from an older copy even when it is empty", () => {
    const fresh = new Y.Doc();
    Y.applyUpdate(fresh, renewedState(new Y.Doc(), 7));
    expect(Y.getState(fresh.store, 7)).toBeGreaterThan(0);
    expect(fresh.getText("notice").toString()).toBe("");
  });

  it("[SY-36] is renewed when nobody is there, and whoever brings an older copy is told to drop it", async () => {
    const timers = new HandTimers();
    const store = await storeWith(60);
    const server = await start({ store, timers, settings: { renewClients: 50 } });
    const before = await raw(server, "as=r1");
    expect(before.doc.store.clients.size).toBe(60);
    before.socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    timers.advance(30_000);
    await until("renewed", () => server.rooms.counters.renewals === 1 && server.rooms.counters.rooms === 0);
    const fresh = await raw(server, "as=r1");
    expect(fresh.doc.store.clients.size).toBe(1);
    expect(readBoard(fresh.doc, households, [])).toEqual(readBoard(before.doc, households, []));
    const old = rawSoon(server, "as=r1", { doc: before.doc });
    await until("told", () => old.closed);
    expect(old.closed).toEqual({ code: closeCodes["board-renewed"], reason: "board-renewed" });
    addItem(fresh.doc, "h1", "after", draft("新的"));
    await until("it can be written to", () => store.read("b1").doc.getMap("cell:h1").has("after"));
  });

  it("[SY-36] an older copy is known for one before it is judged, however long its questions wait", async () => {
    const store = await storeWith(220);
    const old = boardOf(10).doc;
    const held: (() => void)[] = [];
    const turns = new Turns((run) => held.push(run), 0.001);
    const server = await start({ store, settings: { renewClients: 50 }, turns });
    const first = rawSoon(server, "as=r1");
    await until("the only turn is used up", () => first.synced);
    await server.rooms.edit("b1", writerOf("steward", "h9"), (doc) => void removeItem(doc, "h1", "i0"));
    for (const as of ["as=steward", "as=r2"]) {
      const back = await raw(server, as, { automatic: false });
      back.sendSync(syncMessage.stepOne, Y.encodeStateVector(old));
      back.sendStepTwo(Y.encodeStateAsUpdate(old));
      await until("told", () => back.closed);
      expect(back.closed?.code, as).toBe(closeCodes["board-renewed"]);
    }
    expect(store.read("b1").doc.store.clients.size).toBe(1);
    expect(store.read("b1").doc.getMap("cell:h1").has("i0")).toBe(false);
  });

  it("[SY-36] what an older copy sent counts no more once it was known for one", async () => {
    const store = await storeWith(220);
    const old = boardOf(10).doc;
    const gate = new Gate();
    const server = await start({ store, settings: { renewClients: 50 } });
    await raw(server, "as=r1");
    store.beforeCommit = () => gate.pass();
    gate.shut();
    const edited = server.rooms.edit("b1", writerOf("steward", "h9"), (doc) => {
      addItem(doc, "h1", "meanwhile", draft("锅"));
    });
    await until("a commit is on its way", () => gate.waiting === 1);
    const back = await raw(server, "as=steward", { automatic: false });
    back.sendSync(syncMessage.stepOne, Y.encodeStateVector(old));
    back.sendStepTwo(Y.encodeStateAsUpdate(old));
    back.socket.ping();
    await new Promise((resolve) => back.socket.once("pong", resolve));
    gate.open();
    await edited;
    await until("told", () => back.closed);
    expect(back.closed?.code).toBe(closeCodes["board-renewed"]);
    await server.rooms.closeBoard("b1", "restart");
    expect(store.read("b1").doc.store.clients.size).toBe(2);
  });

  it("[SY-36] that was never without visitors is renewed when it is loaded", async () => {
    const store = await storeWith(220);
    const server = await start({ store, settings: { renewClients: 50 } });
    const client = await raw(server, "as=r1");
    expect([server.rooms.counters.renewals, client.doc.store.clients.size]).toEqual([1, 1]);
  });

  it("[SY-36] ends for a renewal at another node that it does not have, and for no other", async () => {
    const line: { said: number[]; news?: BoardNews } = { said: [] };
    const bus: BoardBus = {
      ...noBus,
      open: (boardId, news) => {
        line.news = news;
        return noBus.open(boardId, news);
      },
      renewed: (_, generation) => void line.said.push(generation),
    };
    const server = await start({ store: await storeWith(220), bus, settings: { renewClients: 50 } });
    const client = await raw(server, "as=r1");
    expect(line.said).toEqual([1]);
    for (const known of [0, 1]) line.news?.renewed(known);
    addItem(client.doc, "h1", "after", draft("还在"));
    await until("it is saved", () => server.store.read("b1").doc.getMap("cell:h1").has("after"));
    expect(client.closed).toBeNull();
    line.news?.renewed(2);
    await until("whoever was there comes back", () => client.closed);
    expect(client.closed).toMatchObject({ reason: "restart" });
  });

  it("[SY-36] is not renewed over what another node has committed meanwhile", async () => {
    const timers = new HandTimers();
    const store = await storeWith(60);
    const server = await start({ store, timers, settings: { renewClients: 50 } });
    const client = await raw(server, "as=r1");
    client.socket.terminate();
    await until("gone", () => server.rooms.counters.peers === 0);
    const { doc, seq } = store.read("b1");
    const known = Y.encodeStateVector(doc);
    addItem(doc, "h3", "late", draft("来晚了"));
    const bindings = [{ clientId: doc.clientID, residentId: "r3" }];
    await store.commit("b1", {
      after: seq,
      update: Y.encodeStateAsUpdate(doc, known),
      bindings,
      changes: [],
    });
    timers.advance(30_000);
    await until("closed", () => server.rooms.counters.rooms === 0);
    expect([server.rooms.counters.renewals, store.read("b1").generation]).toEqual([0, 0]);
    expect(store.read("b1").doc.getMap("cell:h3").has("late")).toBe(true);
    expect(server.reports).toEqual([]);
  });
});
