import * as decoding from "lib0/decoding";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { SyncReplies } from "../../server/sync/replies.ts";
import { syncMessage } from "../../shared/wire/yjs-messages.ts";

const nothing = Uint8Array.of(0);

/** A document with its log and the replies that follow it. */
function board() {
  const doc = new Y.Doc();
  doc.clientID = 1;
  let seq = 0;
  const encoded = { all: 0, since: 0, deletions: 0 };
  const replies = new SyncReplies(null, [], 0, {
    all: () => {
      encoded.all++;
      return Y.encodeStateAsUpdate(doc);
    },
    since: (has) => {
      encoded.since++;
      return Y.encodeStateAsUpdate(doc, has);
    },
    deletions: () => {
      encoded.deletions++;
      return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc));
    },
  });
  doc.on("update", (update: Uint8Array) => replies.note(update, ++seq));
  return { doc, replies, encoded, seq: () => seq, cell: doc.getMap<unknown>("cell:h1") };
}

/** Applies an answer as a provider does, and says the kinds of its frames. */
function read(doc: Y.Doc, frames: ReturnType<SyncReplies["reply"]>): number[] {
  return frames.map(({ message }) => {
    const from = decoding.createDecoder(message);
    decoding.readVarUint(from);
    const kind = decoding.readVarUint(from);
    Y.applyUpdate(doc, decoding.readVarUint8Array(from));
    return kind;
  });
}

const same = (a: Y.Doc, b: Y.Doc) => Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b));

describe("what clients that join are sent", () => {
  it("[SY-37] the whole board is encoded once for a herd, and once more only when much has been written since", () => {
    const { doc, replies, encoded, cell, seq } = board();
    for (let n = 0; n < 50; n++) cell.set(`i${n}`, "x".repeat(50));
    for (let n = 0; n < 100; n++) {
      const joined = new Y.Doc();
      const kinds = read(joined, replies.reply(nothing, seq()));
      expect(kinds.at(-1)).toBe(syncMessage.stepTwo);
      expect(same(joined, doc)).toBe(true);
      if (n % 10 === 0) cell.set("moving", n);
    }
    expect(encoded.all).toBe(1);
    for (let n = 0; n < 2_000; n++) cell.set("moving", "y".repeat(100));
    const joined = new Y.Doc();
    read(joined, replies.reply(nothing, seq()));
    expect([same(joined, doc), encoded.all]).toEqual([true, 2]);
  });

  it("[SY-38 INV-6] who comes back gets what was written since, and every deletion, lost ones too", () => {
    const { doc, replies, encoded, cell, seq } = board();
    for (let n = 0; n < 20; n++) cell.set(`i${n}`, n);
    const away = new Y.Doc();
    Y.applyUpdate(away, Y.encodeStateAsUpdate(doc));
    // The deletion never reached the one who leaves, and does not change the state vector.
    cell.delete("i3");
    replies.remember(Y.encodeStateVector(doc), seq());
    cell.set("later", 1);
    const has = Y.encodeStateVector(away);
    read(away, replies.reply(has, seq()));
    expect(same(away, doc)).toBe(true);
    expect(encoded).toEqual({ all: 0, since: 0, deletions: 1 });
    const again = new Y.Doc();
    read(again, replies.reply(nothing, seq()));
    read(again, replies.reply(Y.encodeStateVector(again), seq()));
    expect(same(again, doc)).toBe(true);
  });

  it("[SY-37 INV-11] answers are kept for a herd, and no more of them than a few boards", () => {
    const { replies, encoded, seq, cell } = board();
    for (let n = 0; n < 40; n++) cell.set(`k${n}`, "字".repeat(300));
    const ask = (clock: number) => replies.reply(Uint8Array.of(1, 1, clock), seq());
    const first = ask(1);
    expect([ask(1) === first, encoded.since]).toEqual([true, 1]);
    // Twenty answers of some 30 kB come to more than four boards and what is kept at least.
    for (let clock = 2; clock <= 20; clock++) ask(clock);
    expect([ask(1) === first, encoded.since]).toEqual([false, 21]);
  });

  it("[SY-37] a board that was only read from the store is answered from there, before there is a document", () => {
    const stored = new Y.Doc();
    stored.getMap("cell:h1").set("a", 1);
    const snapshot = Y.encodeStateAsUpdate(stored);
    const updates: Uint8Array[] = [];
    stored.on("update", (update: Uint8Array) => updates.push(update));
    stored.getMap("cell:h1").set("b", 2);
    const none = () => {
      throw new Error("there is no document yet");
    };
    const replies = new SyncReplies(snapshot, updates, 1, { all: none, since: none, deletions: none });
    expect(replies.atHand(Y.encodeStateVector(stored))).toBeNull();
    const joined = new Y.Doc();
    expect(read(joined, replies.atHand(nothing) ?? [])).toEqual([syncMessage.update, syncMessage.stepTwo]);
    expect(same(joined, stored)).toBe(true);
  });

  it("[SY-37] who lacks much of a large board is sent the bytes that are there for everyone", () => {
    const { doc, replies, cell, seq } = board();
    for (let n = 0; n < 3_000; n++) cell.set(`i${n}`, "x".repeat(50));
    const whole = replies.reply(nothing, seq()).at(-1);
    for (const known of [500, 1_000, 1_500]) {
      const partly = Y.encodeStateVector(upTo(doc, known));
      const frames = replies.reply(partly, seq());
      expect(frames.map((frame) => frame === whole)).toEqual([true]);
      const back = upTo(doc, known);
      read(back, frames);
      expect(same(back, doc)).toBe(true);
    }
    const nearly = replies.reply(Y.encodeStateVector(upTo(doc, 2_900)), seq());
    expect(nearly[0]?.bytes.length).toBeLessThan((whole?.bytes.length ?? 0) / 20);
  });
});

/** A copy with the first so many entries of the cell and nothing else. */
function upTo(doc: Y.Doc, entries: number): Y.Doc {
  const part = new Y.Doc();
  const cell = part.getMap<unknown>("cell:h1");
  part.clientID = 1;
  for (let n = 0; n < entries; n++) cell.set(`i${n}`, doc.getMap("cell:h1").get(`i${n}`));
  part.clientID = 2;
  return part;
}
