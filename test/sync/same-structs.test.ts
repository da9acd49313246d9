import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { contradictions } from "../../server/sync/same-structs.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { craft } from "./craft.ts";
import { draft } from "./guarded-board.ts";

/** A device under a client id, and what it sends for each edit. */
function device(clientId: number) {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const sent: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => sent.push(update));
  return { doc, sent };
}

const contradict = (a: Uint8Array, b: Uint8Array): boolean => contradictions(a, b).length > 0;

describe("two updates under one client id", () => {
  it("[SY-40] go together when they hold the same edits, however these are cut into updates", () => {
    const { doc, sent } = device(7);
    for (let n = 0; n < 5; n++) addItem(doc, "h1", `i${n}`, draft(`第 ${n} 样`));
    editItem(doc, "h1", "i0", { note: "改过" });
    doc.getText("notice").insert(0, "今天");
    doc.getText("notice").insert(2, "大扫除");
    const whole = Y.encodeStateAsUpdate(doc);
    for (const update of sent) expect(contradict(update, whole)).toBe(false);
    expect(contradict(Y.mergeUpdates(sent.slice(2)), whole)).toBe(false);
    expect(contradict(sent[0] ?? whole, sent[1] ?? whole)).toBe(false);
  });

  it("[SY-40] contradict each other when one clock stands for two edits", () => {
    const [one, other] = [device(7), device(7)];
    addItem(one.doc, "h1", "a", draft("锅"));
    addItem(other.doc, "h1", "a", draft("碗"));
    expect(contradict(Y.encodeStateAsUpdate(one.doc), Y.encodeStateAsUpdate(other.doc))).toBe(true);
    const [left, right] = [device(7), device(7)];
    left.doc.getText("notice").insert(0, "今天大扫除");
    right.doc.getText("notice").insert(0, "今天");
    right.doc.getText("notice").insert(0, "大扫除");
    expect(contradict(Y.encodeStateAsUpdate(left.doc), Y.encodeStateAsUpdate(right.doc))).toBe(true);
  });

  it("[SY-40] go together when one of them has removed again what the other still has, and not when it was elsewhere", () => {
    const [early, late, elsewhere] = [device(7), device(7), device(7)];
    addItem(early.doc, "h1", "a", draft("锅"));
    addItem(late.doc, "h1", "a", draft("锅"));
    removeItem(late.doc, "h1", "a");
    addItem(elsewhere.doc, "h1", "b", draft("锅"));
    removeItem(elsewhere.doc, "h1", "b");
    const [there, gone, other] = [early, late, elsewhere].map(({ doc }) => Y.encodeStateAsUpdate(doc));
    if (!there || !gone || !other) throw new Error("no update");
    expect([contradict(there, gone), contradict(gone, there)]).toEqual([false, false]);
    expect([contradict(there, other), contradict(other, there), contradict(gone, other)]).toEqual([
      true,
      true,
      true,
    ]);
    const bare = craft(
      [{ client: 7, clock: 0, structs: [{ content: { gc: 6 } }] }],
      [{ client: 7, ranges: [[0, 6]] }],
    );
    expect(contradict(there, bare)).toBe(true);
  });

  it("[SY-40] are compared by their runs, not unit by unit", () => {
    const run = (gc: number) => craft([{ client: 7, clock: 0, structs: [{ content: { gc } }] }]);
    // A thousand million units would take minutes.
    for (let n = 0; n < 1_000; n++) expect(contradict(run(1_000_000), run(999_999))).toBe(false);
  });
});
