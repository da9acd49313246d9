import { expect, it } from "vitest";
import * as Y from "yjs";
import type { RoomSettings } from "../../server/sync/settings.ts";
import { readBoard } from "../../shared/board/model.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { craft } from "./craft.ts";
import { draft } from "./guarded-board.ts";
import { MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, start } from "./room-bed.ts";

endWithTest();

const sessions = 20_000;
const items = 120;
const households = ["h1", "h2", "h3"];

/** A board of so many items, in whose history so many sessions have each written one note and gone. */
function storeWith(past: number): MemoryStore {
  const doc = new Y.Doc();
  doc.clientID = 1;
  for (let n = 0; n < items; n++) addItem(doc, households[n % 3] ?? "", `i${n}`, draft(`第 ${n} 样`));
  const first = doc.getMap<Y.Map<unknown>>("cell:h1").get("i0")?._map.get("note")?.id;
  if (!first) throw new Error("the first item has no note");
  const ids = Array.from({ length: past }, (_, n) => 1_000 + n);
  const origin = (n: number): [number, number] => (n === 0 ? [1, first.clock] : [ids[n - 1] ?? 0, 0]);
  const gone = [...ids.slice(0, -1).map((client) => [client, 0] as const), [1, first.clock] as const];
  Y.applyUpdate(
    doc,
    craft(
      ids.map((client, n) => ({
        client,
        clock: 0,
        structs: [{ origin: origin(n), content: { any: [`${n}`] } }],
      })),
      past === 0 ? [] : gone.map(([client, clock]) => ({ client, ranges: [[clock, 1]] })),
    ),
  );
  const store = new MemoryStore();
  store.addBoard("b1");
  const board = store.boards.get("b1");
  if (!board) throw new Error("there is no board");
  board.seq = past + 1;
  board.snapshot = { seq: board.seq, state: Y.encodeStateAsUpdate(doc) };
  board.bindings = new Map([1, ...ids].map((client) => [client, "r2"]));
  return store;
}

/** What one who joins is sent and holds, and what one edit is on its way to the disk and to the others; numbers, no times. */
async function costsOn(store: MemoryStore, settings: Partial<RoomSettings> = {}) {
  const server = await start({ store, settings });
  const [writer, reader] = [await raw(server, "as=r1&saved=1"), await raw(server, "as=r2")];
  const bytes = (parts: Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0);
  const { clients } = reader.doc.store;
  const join = {
    "bytes sent to who joins": bytes(reader.frames),
    "client ids held by who joins": clients.size,
    "structs held by who joins": [...clients.values()].reduce((sum, { length }) => sum + length, 0),
    "bytes of the state vector": Y.encodeStateVector(reader.doc).length,
  };
  const view = readBoard(reader.doc, households, []);
  const [told, heard] = [writer.frames.length, reader.frames.length];
  const { seq } = store.read("b1");
  editItem(writer.doc, "h1", "i3", { note: "写一句" });
  await until("it is saved and seen", () => writer.saved.length > 1 && reader.frames.length > heard);
  const edit = {
    "bytes stored": bytes(await store.since([{ boardId: "b1", seq }], 10).then(updatesOf)),
    "bytes sent to the others": bytes(reader.frames.slice(heard)),
    "bytes sent to the writer": bytes(writer.frames.slice(told)),
    // Yjs goes through all of them in each transaction, on the server and on every phone.
    "client ids on the server": store.coldDoc("b1").store.clients.size,
  };
  return { costs: { ...join, ...edit }, view, renewals: server.rooms.counters.renewals };
}

const updatesOf = (rows: { update: Uint8Array }[]) => rows.map(({ update }) => update);

it(`[SY-35 SY-36] after ${sessions} sessions, joining and each edit cost at most twice what they do on a new board of the same contents`, async () => {
  const [fresh, old] = [await costsOn(storeWith(0)), await costsOn(storeWith(sessions))];
  expect([fresh.renewals, old.renewals]).toEqual([0, 1]);
  const note = old.view.cells.h1?.find(({ id }) => id === "i0")?.note;
  expect([note, Object.values(old.view.cells).flat().length]).toEqual([`${sessions - 1}`, items]);
  const dearer = (than: typeof old.costs, costs: typeof old.costs) =>
    Object.keys(costs).filter((what) => {
      const name = what as keyof typeof costs;
      return !(costs[name] > 0 && costs[name] <= 2 * than[name]);
    });
  expect(dearer(fresh.costs, old.costs)).toEqual([]);
  const never = await costsOn(storeWith(sessions), { renewClients: 10 * sessions });
  expect(dearer(fresh.costs, never.costs)).toContain("client ids on the server");
});
