import * as encoding from "lib0/encoding";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { BoardDocument } from "../../server/sync/document.ts";
import { guardCounts, roomLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { syncMessage } from "../../shared/wire/yjs-messages.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import type { RawClient } from "./clients.ts";
import { draft, residentOf } from "./guarded-board.ts";
import { MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, start } from "./room-bed.ts";

endWithTest();

/** A large board on which one item was written to so often, by somebody who is not there. */
function wornStore(edits: number): MemoryStore {
  const store = new MemoryStore();
  store.addBoard("b1");
  const device = new Y.Doc();
  device.clientID = 7;
  addItem(device, "h1", "a", draft("锅"));
  device.transact(() => {
    // By turns: what stands one behind the other is one deletion.
    for (let n = 0; n < edits; n++)
      editItem(device, "h1", "a", n % 2 === 0 ? { quantity: 1 + (n % 9) } : { title: `锅 ${n}` });
  });
  const other = new Y.Doc();
  other.clientID = 8;
  other.getMap("cell:h3").set("large", "x".repeat(1_000_000));
  Y.applyUpdate(device, Y.encodeStateAsUpdate(other));
  const board = store.boards.get("b1");
  if (board) board.snapshot = { seq: 0, state: Y.encodeStateAsUpdate(device) };
  for (const clientId of [7, 8]) board?.bindings.set(clientId, "r1b");
  return store;
}

/** A deletion, in eight bytes or so, of a stretch that is deleted already. */
function emptyDeletion(client: number, from: number, length: number): Uint8Array {
  return encoding.encode((out) => {
    for (const number of [0, 1, client, 1, from, length]) encoding.writeVarUint(out, number);
  });
}

const closedFor = async (client: RawClient): Promise<number | undefined> => {
  await until("it is closed", () => client.closed);
  return client.closed?.code;
};

describe("work that a few bytes make", () => {
  const limits = { ...roomLimits, workPerSecond: 1, workBurst: 2_000, accountWorkPerSecond: 1 };

  it("[SY-42 INV-11] deletions of what is long deleted are paid for by what they make the guard look at", async () => {
    const server = await start({ store: wornStore(30_000), settings: { limits } });
    const [idler, neighbour] = [await raw(server, "as=r2"), await raw(server, "as=r3&saved=1")];
    // From behind the item and its first fields on.
    for (let n = 0; n < 20; n++) idler.sendUpdate(emptyDeletion(7, 10, 29_900));
    expect(await closedFor(idler)).toBe(closeCodes["rate-limited"]);
    addItem(neighbour.doc, "h3", "b", draft("梯子"));
    await until("the neighbour goes on", () => neighbour.saved.length > 0);
    expect(neighbour.closed).toBeNull();
  });

  it("[SY-42 INV-11] and deletions of a thing or two, that come again and again, cost nothing that matters", async () => {
    const server = await start({ store: wornStore(100), settings: { limits } });
    const client = await raw(server, "as=r2&saved=1");
    for (let n = 0; n < 200; n++) client.sendUpdate(emptyDeletion(7, 10, 80));
    await until("all are through", () => client.saved.at(-1)?.messages === 201);
    expect(client.closed).toBeNull();
  });

  it("[SY-42 SY-37 INV-11] who asks for what nobody else has is charged for putting it together, and a herd that asks for the same is not", async () => {
    const store = wornStore(20_000);
    const server = await start({ store, settings: { limits: { ...limits, accountWorkBurst: 6_000 } } });
    const vector = (clock: number, other: number) =>
      Y.encodeStateVector(
        new Map([
          [7, clock],
          [8, 1],
          [other, 1],
        ]),
      );
    const herd = await Promise.all(Array.from({ length: 6 }, () => raw(server, "as=r1")));
    for (const client of herd) {
      const { stepTwos } = client;
      client.sendSync(syncMessage.stepOne, vector(19_000, 5));
      await until("it is answered", () => client.stepTwos > stepTwos || client.closed);
    }
    expect(herd.map(({ closed }) => closed)).toEqual(herd.map(() => null));
    const odd = await raw(server, "as=r2");
    for (let n = 0; n < 12 && odd.closed === null; n++) {
      const { stepTwos } = odd;
      odd.sendSync(syncMessage.stepOne, vector(15_000, 1_000 + n));
      await until("it is answered, or closed", () => odd.stepTwos > stepTwos || odd.closed);
    }
    expect(await closedFor(odd)).toBe(closeCodes["rate-limited"]);
  });
});

it("[SY-51 SY-42 INV-11] a full board is measured once for all that it refuses, and whoever caused that pays for it", () => {
  const device = new Y.Doc();
  device.clientID = 1;
  addItem(device, "h1", "a", { ...draft("锅"), note: "好".repeat(200) });
  const stored = Y.encodeStateAsUpdate(device);
  const limitBytes = stored.length + 200;
  const places = { households: ["h1"], lists: [] };
  const bindings = [1, 2].map((clientId) => ({ clientId, residentId: "r1" }));
  const board = { seq: 1, generation: 0, snapshot: stored, updates: [], ...places, bindings };
  const document = new BoardDocument(
    board,
    limitBytes,
    () => 999,
    () => undefined,
  );
  const large = new Y.Doc();
  large.clientID = 2;
  addItem(large, "h1", "b", { ...draft("梯子"), note: "长".repeat(200) });
  const bring = (update: Uint8Array) => {
    let verdict: ReturnType<BoardDocument["accept"]> | undefined;
    document.tick(() => {
      verdict = document.accept(update, writerOf("r1", "h1"), residentOf("h1"), stepTwoLimits);
    });
    return verdict;
  };
  const first = bring(Y.encodeStateAsUpdate(large));
  expect(first).toMatchObject({ ok: false, reason: "board-full" });
  expect(first?.cost).toBeCloseTo(stored.length / guardCounts.bytesEncodedPerStruct);
  // Nothing has changed: it is as full as it was.
  expect(bring(Y.encodeStateAsUpdate(large))?.cost).toBeUndefined();
  const before = Y.encodeStateVector(device);
  editItem(device, "h1", "a", { note: "短" });
  expect(bring(Y.encodeStateAsUpdate(device, before))?.ok).toBe(true);
  expect(bring(Y.encodeStateAsUpdate(large))?.ok).toBe(true);
});
