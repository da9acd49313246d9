import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import type { WireEvent } from "../../shared/wire/contract.ts";
import type { LoggedRow } from "./cold-read.ts";
import { Findings } from "./findings.ts";
import { disagreement, replicaOf } from "./replica.ts";
import { judgeHeard } from "./verdict.ts";

const row = (seq: number, rooms = ["courtyard:c"]): LoggedRow => ({
  seq,
  name: "chat.message-was-posted",
  rooms,
  data: { id: `m${seq}` },
});
const heard = (seq: number, id = `m${seq}`) =>
  ({ seq, at: 1, name: "chat.message-was-posted", data: { id } }) as unknown as WireEvent;

function judged(events: WireEvent[], upTo: number): string[] {
  const findings = new Findings();
  const log = [row(1), row(2), row(3, ["household:h"]), row(4), row(5)];
  judgeHeard({ name: "l", stretches: [{ after: 1, events, upTo }] }, log, "courtyard:c", findings);
  return [...findings.counts.keys()];
}

describe("what a client heard", () => {
  it("is whole when nothing of its own is missing, whatever was for others", () => {
    expect(judged([heard(2), heard(4)], 4)).toEqual([]);
  });

  it("has a silent hole when an event of its own is missing", () => {
    expect(judged([heard(2)], 4)).toEqual(["silent-hole"]);
    expect(judged([heard(4), heard(5)], 5)).toEqual(["silent-hole"]);
  });

  it("differs when the log holds something else under that number, or nothing", () => {
    expect(judged([heard(2, "m9"), heard(4)], 4)).toEqual(["event-differs"]);
    expect(judged([heard(2), heard(4), heard(5), heard(6)], 6)).toEqual(["event-differs"]);
  });
});

describe("two copies of a board", () => {
  const copyOf = (doc: Y.Doc) => {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    return copy;
  };
  const board = () => {
    const doc = new Y.Doc();
    doc.getMap("cell:h").set("i", "a");
    return doc;
  };
  const compared = (one: Y.Doc, other: Y.Doc) =>
    disagreement([replicaOf("one", one, ["h"]), replicaOf("other", other, ["h"])]);

  it("agree when one was made from the other", () => {
    const doc = board();
    expect(compared(doc, copyOf(doc))).toBeNull();
  });

  it("disagree about a missing edit, and about a removal that the state vector does not show", () => {
    const doc = board();
    const copy = copyOf(doc);
    doc.getMap("cell:h").delete("i");
    expect(compared(doc, copy)).toContain("deletions");
    doc.getMap("cell:h").set("i", "b");
    expect(compared(doc, copy)).toContain("vector");
  });

  it("disagree when one waits for an update that is not there", () => {
    const doc = board();
    const copy = copyOf(doc);
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    doc.getMap("cell:h").set("i", "b");
    doc.getMap("cell:h").set("i", "c");
    Y.applyUpdate(copy, updates[1] as Uint8Array);
    expect(compared(doc, copy)).toContain("pending");
  });
});
