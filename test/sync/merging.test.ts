import { expect, it, vi } from "vitest";
import * as Y from "yjs";
import { SyncReplies } from "../../server/sync/replies.ts";

/** How many updates Yjs was given to merge, each time. */
const given: number[] = [];
vi.mock("yjs", async (original) => {
  const yjs = await original<typeof Y>();
  return {
    ...yjs,
    mergeUpdates: (updates: Uint8Array[]) => {
      given.push(updates.length);
      return yjs.mergeUpdates(updates);
    },
  };
});

const nothing = Uint8Array.of(0);

/** A large board, and what comes of many small edits of three devices by turns. */
function busyBoard(edits: number) {
  const doc = new Y.Doc();
  doc.getMap("cell:h1").set("large", "x".repeat(1_000_000));
  const base = Y.encodeStateAsUpdate(doc);
  const source = { all: () => base, since: () => base, deletions: () => Uint8Array.of(0, 0) };
  let seq = 0;
  const replies = new SyncReplies(base, [], seq, source);
  const devices = [1, 2, 3].map((clientID) => {
    const device = new Y.Doc();
    device.clientID = clientID;
    device.on("update", (update: Uint8Array) => {
      Y.applyUpdate(doc, update);
      replies.note(update, ++seq);
    });
    return device.getMap<number>(`cell:h${clientID}`);
  });
  const edit = (times: number) => {
    for (let n = 0; n < times; n++) devices[n % 3]?.set("a", seq);
  };
  edit(edits);
  given.length = 0;
  return { doc, replies, edit, seq: () => seq };
}

const lengthOf = (frames: ReturnType<SyncReplies["reply"]>) =>
  frames.reduce((sum, { bytes }) => sum + bytes.length, 0);

it("[SY-37 INV-11] however many small edits have come since a board was put together, they are merged a few at a time and once", () => {
  const edits = 6_000;
  const { doc, replies, edit, seq } = busyBoard(edits);
  const frames = replies.reply(nothing, seq());
  expect(frames.length).toBe(2);
  // In groups, for Yjs looks through all it is given for each struct.
  expect(Math.max(...given)).toBeLessThanOrEqual(16);
  const all = given.reduce((sum, count) => sum + count, 0);
  expect(all).toBeGreaterThan(edits);
  expect(all).toBeLessThan(1.2 * edits);
  given.length = 0;
  edit(10);
  const later = replies.reply(nothing, seq());
  expect(given.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(11);
  expect(lengthOf(later)).toBeGreaterThan(lengthOf(frames));
  const joined = new Y.Doc();
  for (const { message } of later) Y.applyUpdate(joined, contentOf(message));
  expect(Y.encodeStateVector(joined)).toEqual(Y.encodeStateVector(doc));
  expect(joined.getMap("cell:h1").get("a")).toBe(doc.getMap("cell:h1").get("a"));
});

it("[SY-37 INV-11] so are they for who comes back with what the board had a while ago", () => {
  const { replies, edit, seq } = busyBoard(10);
  const had = Uint8Array.of(1, 9, 1);
  replies.remember(had, seq());
  edit(4_000);
  given.length = 0;
  expect(replies.reply(had, seq()).length).toBe(1);
  expect(given.length).toBeGreaterThan(1);
  expect(Math.max(...given)).toBeLessThanOrEqual(16);
});

/** The update in a sync message: two bytes of types, the length, and it. */
function contentOf(message: Uint8Array): Uint8Array {
  let at = 2;
  while (((message[at] ?? 0) & 0x80) !== 0) at++;
  return message.subarray(at + 1);
}
