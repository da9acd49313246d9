import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { addEntry, editEntry, editNotice, moveEntry, removeEntry } from "../../shared/board/list-rules.ts";
import { readCell, readItem, readList, readNotice } from "../../shared/board/model.ts";
import { addItem, editItem, moveItem, removeItem, restoreItem } from "../../shared/board/rules.ts";
import { draft, furnishedBoard, GuardedBoard, residentOf, steward, viewer } from "./guarded-board.ts";

function passes(verdict: { ok: boolean }): void {
  expect(verdict).toMatchObject({ ok: true });
}

describe("honest edits pass the guard", () => {
  it("[SY-1] a resident adds, edits, moves and removes items of the own cell", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    addItem(doc, "h1", "a", draft("起子一套"));
    editItem(doc, "h1", "a", { note: "用完擦干净", quantity: 3, category: "garden" });
    moveItem(doc, "h1", "a", "item-h1");
    removeItem(doc, "h1", "more-h1");
    restoreItem(doc, "h1", "more-h1", { ...draft("人字梯"), order: "a1" });
    for (const update of updates) passes(board.send("r-h1", residentOf("h1"), update));
    expect(readCell(board.doc, "h1").map((item) => item.id)).toEqual(["a", "item-h1", "more-h1"]);
    expect(readItem(board.doc, "h1", "a")).toMatchObject({ quantity: 3, category: "garden" });
  });

  it("[SY-1] an edit of an item that was removed meanwhile passes and has no effect to be seen", () => {
    const board = furnishedBoard();
    const offline = board.replica(7);
    editItem(offline, "h1", "item-h1", { note: "离线写的" });
    const online = board.replica(8);
    removeItem(online, "h1", "item-h1");
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(online)));
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(offline)));
    expect(readItem(board.doc, "h1", "item-h1")).toBeNull();
    expect(readCell(board.doc, "h1")).toHaveLength(1);
  });

  it("[SY-1] an item made and removed offline passes as an empty run", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    for (let i = 0; i < 20; i++) {
      addItem(doc, "h1", `t${i}`, draft("打气筒"));
      editItem(doc, "h1", `t${i}`, { note: "写错了" });
      removeItem(doc, "h1", `t${i}`);
    }
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(doc)));
    expect(readCell(board.doc, "h1")).toHaveLength(2);
  });

  it("[SY-1] undo and redo of a removed item pass", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    const undo = new Y.UndoManager([doc.getMap("cell:h1")], {
      trackedOrigins: new Set(["me"]),
      captureTimeout: 0,
    });
    const send = () => passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(doc)));
    editItem(doc, "h1", "item-h1", { title: "大锤子" }, "me");
    send();
    removeItem(doc, "h1", "item-h1", "me");
    send();
    undo.undo();
    send();
    expect(readItem(board.doc, "h1", "item-h1")?.title).toBe("大锤子");
    undo.undo();
    send();
    undo.redo();
    undo.redo();
    send();
    expect(readItem(board.doc, "h1", "item-h1")).toBeNull();
  });

  it("[SY-1] values an undo manager keeps travel as one run and pass", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    const scope = doc.getMap("cell:h1");
    const undo = new Y.UndoManager([scope], { trackedOrigins: new Set(["me"]), captureTimeout: 0 });
    for (const title of ["一", "二", "三"]) editItem(doc, "h1", "item-h1", { title }, "me");
    expect(undo.undoStack).toHaveLength(3);
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(doc)));
    expect(readItem(board.doc, "h1", "item-h1")?.title).toBe("三");
  });

  it("[SY-2] what a client repeats is cut off, and the rest counts", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    const old = Y.encodeStateVector(board.doc);
    addItem(doc, "h1", "a", draft("蒸笼"));
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(doc)));
    editItem(doc, "h1", "a", { note: "有点旧" });
    const again = Y.encodeStateAsUpdate(doc, old);
    passes(board.send("r-h1", residentOf("h1"), again));
    expect(readItem(board.doc, "h1", "a")?.note).toBe("有点旧");
    expect(board.send("r-h1", residentOf("h1"), again)).toMatchObject({ ok: true, effect: false });
  });

  it("[SY-2] a text that grew meanwhile is taken from where the board stands", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    const old = Y.encodeStateVector(board.doc);
    const notice = doc.getText("notice");
    notice.insert(0, "明天");
    passes(board.send("s", steward, Y.encodeStateAsUpdate(doc, old)));
    notice.insert(2, "停水");
    passes(board.send("s", steward, Y.encodeStateAsUpdate(doc, old)));
    expect(readNotice(board.doc)).toBe("明天停水");
  });

  it("[SY-3] a viewer's sync step 2 without news passes: it repeats the board's deletions only", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    removeItem(doc, "h1", "item-h1");
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(doc)));
    expect(board.send("v", viewer, board.stepTwoOf(board.replica(9)))).toMatchObject({
      ok: true,
      effect: false,
    });
  });

  it("[SY-4] a steward edits a cell on behalf, everyone the lists, a steward the notice", () => {
    const board = furnishedBoard();
    const doc = board.replica(7);
    addItem(doc, "h2", "z", draft("竹椅"));
    addEntry(doc, "garden", "e1", "花盆两个");
    editNotice(doc, "周六坝坝宴 🎉");
    passes(board.send("s", steward, board.stepTwoOf(doc)));
    const other = board.replica(8);
    editEntry(other, "garden", "e1", { done: true });
    removeEntry(other, "garden", "e1");
    addEntry(other, "garden", "e2", "营养土");
    passes(board.send("r-h1", residentOf("h1"), board.stepTwoOf(other)));
    expect(readList(board.doc, "garden").map((entry) => entry.text)).toEqual(["营养土"]);
    expect(readNotice(board.doc)).toBe("周六坝坝宴 🎉");
  });

  it("[SY-1] a thousand random runs of phones that go offline and merge are never refused", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => runPhones(steps)),
      { numRuns: 1000 },
    );
  });
});

const accounts = [
  { account: "r1", access: residentOf("h1"), homes: ["h1"] },
  { account: "r1", access: residentOf("h1"), homes: ["h1"] },
  { account: "r2", access: residentOf("h1"), homes: ["h1"] },
  { account: "r3", access: residentOf("h2"), homes: ["h2"] },
  { account: "s", access: steward, homes: ["h1", "h2", "h3"] },
];

const step = fc.record({
  phone: fc.nat(accounts.length - 1),
  act: fc.constantFrom(
    "add",
    "edit",
    "move",
    "remove",
    "restore",
    "undo",
    "redo",
    "list",
    "tick",
    "unlist",
    "relist",
    "notice",
    "push",
    "push",
    "pull",
    "pull",
    "restart",
  ),
  pick: fc.nat(5),
  other: fc.nat(5),
});
type Step = { phone: number; act: string; pick: number; other: number };

function runPhones(steps: Step[]): void {
  const board = new GuardedBoard();
  const phones = accounts.map((who, i) => newPhone(board, who, 10 + i));
  let made = 100;
  for (const { phone: n, act, pick, other } of steps) {
    const phone = phones[n];
    if (phone === undefined) continue;
    if (act === "restart") phones[n] = restarted(phone, made++);
    else doStep(board, phone, act, pick, other);
  }
  for (const phone of phones) {
    push(board, phone);
    Y.applyUpdate(phone.doc, Y.encodeStateAsUpdate(board.doc), "server");
  }
  for (const phone of phones) {
    Y.applyUpdate(phone.doc, Y.encodeStateAsUpdate(board.doc), "server");
    expect(Y.encodeStateVector(phone.doc)).toEqual(Y.encodeStateVector(board.doc));
    expect(readCell(phone.doc, "h1")).toEqual(readCell(board.doc, "h1"));
    expect(readNotice(phone.doc)).toBe(readNotice(board.doc));
  }
}

type Phone = { who: (typeof accounts)[number]; doc: Y.Doc; undo: Y.UndoManager; queue: Uint8Array[] };

function newPhone(board: GuardedBoard, who: (typeof accounts)[number], clientId: number): Phone {
  return watch({ who, doc: board.replica(clientId) });
}

function watch({ who, doc }: { who: Phone["who"]; doc: Y.Doc }): Phone {
  const phone: Phone = {
    who,
    doc,
    queue: [],
    undo: new Y.UndoManager(
      who.homes.map((home) => doc.getMap(`cell:${home}`)),
      {
        trackedOrigins: new Set(["me"]),
        captureTimeout: 0,
      },
    ),
  };
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== "server") phone.queue.push(update);
  });
  return phone;
}

/** The app was closed and opened again: same contents from the device, a new client id. */
function restarted(phone: Phone, clientId: number): Phone {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(phone.doc));
  return watch({ who: phone.who, doc });
}

function doStep(board: GuardedBoard, phone: Phone, act: string, pick: number, other: number): void {
  const { doc, who } = phone;
  const home = who.homes[pick % who.homes.length] ?? "h1";
  const id = `i${pick}`;
  switch (act) {
    case "add":
      if (readItem(doc, home, id) === null) addItem(doc, home, id, draft(`东西${other}`), "me");
      return;
    case "edit":
      editItem(doc, home, id, { title: `改${other}`, quantity: other + 1, note: "x".repeat(other) }, "me");
      return;
    case "move":
      moveItem(doc, home, id, `i${other}`, "me");
      return;
    case "remove":
      removeItem(doc, home, id, "me");
      return;
    case "restore":
      restoreItem(doc, home, id, { ...draft("回来了"), order: "a0" }, "me");
      return;
    case "undo":
      phone.undo.undo();
      return;
    case "redo":
      phone.undo.redo();
      return;
    case "list":
      addEntry(doc, "garden", `e${pick}${other}`, "花盆");
      return;
    case "tick":
      editEntry(doc, "garden", `e${pick}${other}`, { done: true, text: `改${pick}` });
      return;
    case "unlist":
      removeEntry(doc, "garden", `e${pick}${other}`);
      return;
    case "relist":
      moveEntry(doc, "garden", `e${pick}${other}`, `e${other}${pick}`);
      return;
    case "notice":
      if (who.access.notice) editNotice(doc, `${readNotice(doc).slice(pick)}明天🎉停水${other}`);
      return;
    case "push":
      if (other % 2 === 0) push(board, phone);
      else sendQueue(board, phone);
      return;
    case "pull":
      // A server sends only what is committed; a phone that merges it keeps its own unsent edits.
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(board.doc), "server");
  }
}

function push(board: GuardedBoard, phone: Phone): void {
  phone.queue = [];
  passes(board.send(phone.who.account, phone.who.access, board.stepTwoOf(phone.doc)));
}

/** The live way: each update as it was made. After a restart the first thing sent is a step 2. */
function sendQueue(board: GuardedBoard, phone: Phone): void {
  for (const update of phone.queue.splice(0)) {
    const verdict = board.send(phone.who.account, phone.who.access, update);
    if (!verdict.ok && verdict.code === "out-of-step") push(board, phone);
    else passes(verdict);
  }
}
