import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { readCell } from "../../shared/board/model.ts";
import {
  beginVisit,
  freshItems,
  newVisitAfter,
  noteState,
  noteVisit,
  parseVisit,
} from "../../shared/board/news.ts";
import { addItem, editItem, moveItem } from "../../shared/board/rules.ts";

const home = "house-3-2-501";
const draft = (title: string) => ({ title, category: "tools", note: "", quantity: 1 });
const nothingSeen = new Set<string>();

function board() {
  const server = new Y.Doc();
  addItem(server, home, "hammer", draft("锤子"));
  addItem(server, home, "ladder", draft("梯子"));
  return server;
}
function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

describe("what is new since the last visit", () => {
  test("[BD-40] new and changed things are, moved and old ones are not", () => {
    const server = board();
    const before = noteState(server);
    addItem(server, home, "saw", draft("锯子"));
    editItem(server, home, "hammer", { note: "在楼道" });
    moveItem(server, home, "ladder", "hammer");
    expect([...freshItems(copyOf(server), home, before, nothingSeen)].sort()).toEqual(["hammer", "saw"]);
  });

  test("[BD-40] on the first visit nothing is, and what one writes oneself never is", () => {
    const server = board();
    expect(freshItems(copyOf(server), home, null, nothingSeen).size).toBe(0);
    const mine = copyOf(server);
    const before = noteState(mine);
    addItem(mine, home, "saw", draft("锯子"));
    expect(readCell(mine, home)).toHaveLength(3);
    expect(freshItems(mine, home, before, nothingSeen).size).toBe(0);
  });

  test("[BD-40] what has been looked at is no longer", () => {
    const server = board();
    const before = noteState(server);
    addItem(server, home, "saw", draft("锯子"));
    expect(freshItems(copyOf(server), home, before, new Set([`${home}/saw`])).size).toBe(0);
  });
});

describe("a visit", () => {
  const old = { "7": 10 };
  const now = { "7": 25 };
  const start = 1_700_000_000_000;

  test("[BD-41] goes on over a reload and begins anew after half an hour", () => {
    const note = noteVisit({ before: old, seen: ["h/i"] }, now, start);
    expect(beginVisit(note, start + newVisitAfter - 1)).toEqual({ before: old, seen: ["h/i"] });
    expect(beginVisit(note, start + newVisitAfter)).toEqual({ before: now, seen: [] });
    expect(beginVisit(null, start)).toEqual({ before: null, seen: [] });
  });

  test("[BD-41] is remembered within bounds and survives being written down", () => {
    const note = noteVisit(
      { before: old, seen: Array.from({ length: 5_000 }, (_, i) => `h/${i}`) },
      now,
      start,
    );
    expect(note?.seen).toHaveLength(1_000);
    expect(parseVisit(JSON.stringify(note))).toEqual(note);
    const crowd = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [String(i), 1]));
    expect(noteVisit({ before: old, seen: [] }, crowd, start)).toBe(null);
  });

  test.each([null, "", "{", "7", '{"at":1}', '{"at":1,"latest":{"a":"b"},"seen":[],"before":null}'])(
    "[BD-41] unreadable notes count as a first visit: %s",
    (stored) => {
      expect(parseVisit(stored)).toBe(null);
    },
  );
});
