import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { BoardDocument } from "../../server/sync/document.ts";
import { serverEditLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import { addEntry, editEntry, editNotice, moveEntry, removeEntry } from "../../shared/board/list-rules.ts";
import { type BoardView, readBoard, readCell } from "../../shared/board/model.ts";
import { addItem, editItem, moveItem, removeItem, restoreCell } from "../../shared/board/rules.ts";
import { writerOf } from "./board-server.ts";
import { draft, steward } from "./guarded-board.ts";
import { seeded } from "./hostile.ts";

const households = ["h1", "h2", "h3"];
const lists = ["garden"];
const officer = writerOf("officer", null);

function emptyDocument(): BoardDocument {
  const stored = { seq: 0, generation: 0, snapshot: null, updates: [], households, lists, bindings: [] };
  return new BoardDocument(
    stored,
    8_000_000,
    () => 999,
    () => undefined,
  );
}

/** What a person's phone does, through the guard. */
function fromPhone(document: BoardDocument, clientId: number, edit: (doc: Y.Doc) => void): void {
  const phone = wholeCopy(document);
  phone.clientID = clientId;
  const before = Y.encodeStateVector(phone);
  edit(phone);
  const update = Y.encodeStateAsUpdate(phone, before);
  document.tick(() => {
    const verdict = document.accept(update, writerOf("s", null), steward, stepTwoLimits);
    if (!verdict.ok) throw new Error(verdict.reason);
  });
}

function fromServer(document: BoardDocument, edit: (doc: Y.Doc) => void): void {
  document.tick(() => {
    const verdict = document.acceptEdit(document.prepareEdit(edit), officer, serverEditLimits);
    if (!verdict.ok) throw new Error(verdict.reason);
  });
}

function wholeCopy(document: BoardDocument): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document.doc));
  return copy;
}

const viewOf = (doc: Y.Doc): BoardView => readBoard(doc, new Set(households), new Set(lists));

type Random = () => number;
const upTo = (random: Random, most: number) => Math.floor(random() * most);

/** One thing a person does somewhere on the board, the same on every copy of it. */
function anyEdit(random: Random): (doc: Y.Doc) => void {
  const [kind, cell, n, m] = [
    upTo(random, 10),
    households[upTo(random, 3)] ?? "",
    upTo(random, 6),
    upTo(random, 6),
  ];
  const words = `写 ${upTo(random, 1e6)} 🎉`;
  return (doc) => {
    switch (kind) {
      case 0:
      case 1:
        if (!doc.getMap(`cell:${cell}`).has(`i${n}`)) addItem(doc, cell, `i${n}`, draft(words));
        return;
      case 2:
        editItem(doc, cell, `i${n}`, { title: words, quantity: n + 1 });
        return;
      case 3:
        removeItem(doc, cell, `i${n}`);
        return;
      case 4:
        moveItem(doc, cell, `i${n}`, `i${m}`);
        return;
      case 5:
        restoreCell(
          doc,
          cell,
          readCell(doc, cell)
            .slice(1)
            .map((item) => ({ ...item, note: words })),
        );
        return;
      case 6:
        addEntry(doc, "garden", `e${n}${m}`, words);
        editEntry(doc, "garden", `e${n}${m}`, { done: true });
        return;
      case 7:
        moveEntry(doc, "garden", `e${n}${m}`, `e${m}${n}`);
        return;
      case 8:
        removeEntry(doc, "garden", `e${n}${m}`);
        return;
      default:
        editNotice(doc, `${doc.getText("notice").toString().slice(m)}${words}`.slice(0, 60));
    }
  };
}

describe("the copy on which the server prepares an edit", () => {
  it("[SY-52 SY-24 INV-11] holds only what the edit looks at, however large the board", () => {
    const document = emptyDocument();
    fromPhone(document, 7, (doc) => {
      for (const cell of households) for (let n = 0; n < 60; n++) addItem(doc, cell, `i${n}`, draft("锅"));
      editNotice(doc, "周六坝坝宴");
    });
    let copied = 0;
    const update = document.prepareEdit((doc) => {
      expect(readCell(doc, "h1")).toEqual(readCell(document.doc, "h1"));
      for (const structs of doc.store.clients.values())
        copied += structs.filter((struct) => struct instanceof Y.Item).length;
    });
    expect(copied).toBe(60 * 6);
    expect(update).toEqual(Uint8Array.of(0, 0));
  });

  it("[SY-52 SY-24] gives the same edit as a copy of the whole board would, whatever stands there", () => {
    const random = seeded(52);
    const document = emptyDocument();
    for (let n = 0; n < 1_500; n++) {
      const edits = Array.from({ length: 1 + upTo(random, 3) }, () => anyEdit(random));
      const whole = wholeCopy(document);
      const all = (doc: Y.Doc) => {
        for (const edit of edits) edit(doc);
      };
      all(whole);
      if (n % 3 === 0) fromPhone(document, 1 + upTo(random, 5), all);
      else fromServer(document, all);
      expect(viewOf(document.doc), `edit ${n}`).toEqual(viewOf(whole));
    }
    expect(document.clockOf(999)).toBeGreaterThan(1_000);
    expect(viewOf(wholeCopy(document))).toEqual(viewOf(document.doc));
  });

  it("[SY-52 SY-24] sees what the tick under way has taken in, removals too", () => {
    const document = emptyDocument();
    fromPhone(document, 7, (doc) => {
      addItem(doc, "h1", "a", draft("锅"));
      addItem(doc, "h1", "b", draft("碗"));
    });
    document.tick(() => {
      const remove = document.prepareEdit((doc) => void removeItem(doc, "h1", "a"));
      document.acceptEdit(remove, officer, serverEditLimits);
      const again = document.prepareEdit((doc) => {
        expect(readCell(doc, "h1").map(({ id }) => id)).toEqual(["b"]);
        addItem(doc, "h1", "a", draft("新锅"));
      });
      expect(document.acceptEdit(again, officer, serverEditLimits)).toMatchObject({ ok: true });
    });
    expect(readCell(document.doc, "h1").map(({ title }) => title)).toEqual(["碗", "新锅"]);
  });
});
