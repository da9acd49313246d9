import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { BoardDocument } from "../../server/sync/document.ts";
import { stepTwoLimits } from "../../shared/board/limits.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { writerOf } from "./board-server.ts";
import { draft, residentOf } from "./guarded-board.ts";

setFlagsFromString("--expose-gc");
const collect: (options: { type: "minor" | "major" }) => void = runInNewContext("gc");
const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ??
  Number.NaN;

/** What one device sends that changes one title again and again. */
function edits(count: number): Uint8Array[] {
  const device = new Y.Doc();
  addItem(device, "h1", "i1", draft("锅"));
  const sent = [Y.encodeStateAsUpdate(device)];
  while (sent.length < count) {
    const before = Y.encodeStateVector(device);
    editItem(device, "h1", "i1", { title: sent.length % 2 === 0 ? "锅" : "铲" });
    sent.push(Y.encodeStateAsUpdate(device, before));
  }
  return sent;
}

it("what a tick has made and nobody needs any more is gone with the small collections, and waits for no large one", () => {
  const document = new BoardDocument(
    { seq: 0, generation: 0, snapshot: null, updates: [], bindings: [], households: ["h1"], lists: [] },
    1e6,
    () => 999,
    () => undefined,
  );
  const sent = edits(400);
  const play = (updates: readonly Uint8Array[]) => {
    for (const update of updates) {
      document.tick(() => {
        document.accept(update, writerOf("r1", "h1"), residentOf("h1"), stepTwoLimits);
        document.takeChanges();
      });
      // Twice: what lives through both is old.
      collect({ type: "minor" });
      collect({ type: "minor" });
    }
  };
  play(sent.slice(0, 200));
  collect({ type: "major" });
  const start = oldBytes();
  play(sent.slice(200));
  const grown = oldBytes() - start;
  collect({ type: "major" });
  const kept = oldBytes() - start;
  // About a thousand are the title before, which was there until this tick.
  expect((grown - kept) / 200).toBeLessThan(2_500);
});
