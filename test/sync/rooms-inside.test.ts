import { EventEmitter } from "node:events";
import * as encoding from "lib0/encoding";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type BoardBus, type CommittedEvent, noBus } from "../../server/sync/ports.ts";
import { EditRefused } from "../../server/sync/tick-work.ts";
import { roomLimits } from "../../shared/board/limits.ts";
import { editNotice } from "../../shared/board/list-rules.ts";
import { readCell, readItem } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { writerOf } from "./board-server.ts";
import { draft, residentOf } from "./guarded-board.ts";
import { Gate } from "./memory-store.ts";
import { endWithTest, raw, start } from "./room-bed.ts";

endWithTest();

const sized = (bytes: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => encoding.writeVarUint8Array(encoder, bytes));

const officer = writerOf("officer", null);

describe("what the server does on a board", () => {
  it("[SY-24] an edit of the server's own goes through the same commit and is attributed to a person", async () => {
    const server = await start();
    const watcher = await raw(server, "as=r2");
    const events: CommittedEvent[] = [];
    server.rooms.onCommitted((event) => events.push(event));
    const { seq, changes } = await server.rooms.edit("b1", officer, (doc) => {
      addItem(doc, "h1", "a", draft("腊肉架子"));
      addItem(doc, "h2", "b", draft("人字梯"));
      editNotice(doc, "欢迎");
    });
    expect(seq).toBe(1);
    expect(changes.map((change) => [change.cell, change.itemId, change.onBehalf])).toEqual([
      ["h1", "a", true],
      ["h2", "b", true],
      ["notice", "notice", false],
    ]);
    await until("residents see it", () => readItem(watcher.doc, "h2", "b"));
    expect(events).toMatchObject([{ boardId: "b1", seq: 1 }]);
    expect([...(server.store.boards.get("b1")?.bindings.values() ?? [])]).toContain("server");
    const { view } = await server.rooms.readBoard("b1");
    expect(view.cells.h1).toMatchObject([{ id: "a", title: "腊肉架子" }]);
  });

  it("[SY-24] an edit that throws, or that no board takes, changes nothing", async () => {
    const server = await start({ settings: { commitTimeoutMs: 200 } });
    const thrown = server.rooms.edit("b1", officer, (doc) => {
      addItem(doc, "h1", "a", draft("锅"));
      throw new Error("row 7");
    });
    await expect(thrown).rejects.toThrow("row 7");
    const nonsense = server.rooms.edit("b1", officer, (doc) => void doc.getMap("cell:h1").set("x", 5));
    await expect(nonsense).rejects.toBeInstanceOf(EditRefused);
    const { view } = await server.rooms.readBoard("b1");
    expect(view.cells.h1).toEqual([]);
    server.store.beforeCommit = async () => {
      throw new Error("disk full");
    };
    const unsaved = server.rooms.edit("b1", officer, (doc) => void addItem(doc, "h1", "a", draft("锅")));
    await expect(unsaved).rejects.toThrow("not saved");
    await expect(server.rooms.readBoard("b1")).resolves.toMatchObject({ seq: 0 });
  });

  it("[SY-24 INV-1] reading a board waits for the commit under way", async () => {
    const server = await start();
    const gate = new Gate();
    gate.shut();
    server.store.beforeCommit = () => gate.pass();
    const edit = server.rooms.edit("b1", officer, (doc) => void addItem(doc, "h1", "a", draft("锅")));
    await until("committing", () => gate.waiting === 1);
    let view: unknown = null;
    const reading = server.rooms.readBoard("b1").then((read) => {
      view = read;
      return read;
    });
    await until("the commit still waits", () => gate.waiting === 1);
    expect(view).toBeNull();
    gate.open();
    await edit;
    expect((await reading).view.cells.h1).toHaveLength(1);
  });

  it("[SY-57] a commit that was given up and is stored after all is told with what it changed, here and to the other nodes", async () => {
    const told: { seq: number; cells: string[] }[] = [];
    const bus: BoardBus = {
      ...noBus,
      committed: ({ seq }, changes) => told.push({ seq, cells: changes.map(({ cell }) => cell) }),
    };
    const server = await start({ bus, settings: { commitTimeoutMs: 50 } });
    const heard: string[] = [];
    server.rooms.onCommitted(({ seq, changes }) =>
      heard.push(...changes.map(({ cell }) => `${seq} ${cell}`)),
    );
    const gate = new Gate();
    gate.shut();
    server.store.beforeCommit = () => gate.pass();
    const edit = server.rooms.edit("b1", officer, (doc) => void addItem(doc, "h2", "a", draft("锅")));
    await expect(edit).rejects.toThrow("not saved");
    expect([told, heard]).toEqual([[], []]);
    gate.open();
    await until("it is stored", () => heard.length > 0);
    expect([told, heard]).toEqual([[{ seq: 1, cells: ["h2"] }], ["1 h2"]]);
  });

  it("[SY-25] rights that end close the person's sockets, and what is not committed does not count", async () => {
    const server = await start();
    const gate = new Gate();
    server.store.beforeCommit = () => gate.pass();
    const [one, two] = [await raw(server, "as=r1"), await raw(server, "as=r2")];
    gate.shut();
    addItem(two.doc, "h2", "first", draft("锅"));
    await until("committing", () => gate.waiting === 1);
    addItem(one.doc, "h1", "late", draft("锅"));
    await until("waiting", () => server.rooms.counters.messages === 6);
    server.rooms.closeResident("r1", "session-ended");
    await until("closed", () => one.closed);
    expect(one.closed).toEqual({ code: closeCodes["session-ended"], reason: "session-ended" });
    gate.open();
    addItem(two.doc, "h2", "marker", draft("锅"));
    await until("the marker is on disk", () => readItem(server.store.coldDoc("b1"), "h2", "marker"));
    expect(readItem(server.store.coldDoc("b1"), "h1", "late")).toBeNull();
  });

  it("[SY-25 INV-4] who is let in and then closed at the door counts no more, also when it goes on sending", async () => {
    const server = await start();
    const socket = Object.assign(new EventEmitter(), {
      bufferedAmount: 0,
      readyState: 1,
      send: () => {},
      close: () => {},
      terminate: () => {},
      ping: () => {},
    });
    const close = server.rooms.accept(socket, {
      boardId: "b1",
      writer: writerOf("r1", "h1"),
      access: residentOf("h1"),
      wantsSaved: false,
    });
    const watcher = await raw(server, "as=r2");
    const said = (title: string) => {
      const doc = new Y.Doc();
      addItem(doc, "h1", title, draft(title));
      return Buffer.concat([Buffer.of(0, 2), sized(Y.encodeStateAsUpdate(doc))]);
    };
    // It asks for the board, has nothing itself, and then writes.
    for (const hello of [
      [0, 0, 1, 0],
      [0, 1, 2, 0, 0],
    ])
      socket.emit("message", Buffer.from(hello), true);
    socket.emit("message", said("before"), true);
    await until("what it says counts", () => readItem(watcher.doc, "h1", "before"));
    close("session-ended");
    socket.emit("message", said("after"), true);
    addItem(watcher.doc, "h2", "marker", draft("锅"));
    await until("later words are stored", () => server.store.commits === 2);
    expect(readItem(server.store.coldDoc("b1"), "h1", "after")).toBeNull();
    expect(server.rooms.counters.closed["session-ended"]).toBe(1);
  });

  it("[SY-25] a household that comes while the board is open gets its cell", async () => {
    const server = await start();
    const one = await raw(server, "as=steward");
    server.store.boards.get("b1")?.households.push("h4");
    await server.rooms.readPlaces("b1");
    addItem(one.doc, "h4", "a", draft("锅"));
    await until("on disk", () => readItem(server.store.coldDoc("b1"), "h4", "a"));
    expect(one.closed).toBeNull();
  });

  it("[SY-26] the log is folded into a snapshot without stopping anybody, and reads back the same", async () => {
    const server = await start({ settings: { compactRows: 5 } });
    const gate = new Gate();
    server.store.beforeSnapshot = () => gate.pass();
    gate.shut();
    const one = await raw(server, "as=r1");
    for (let i = 0; i < 4; i++) {
      addItem(one.doc, "h1", `a${i}`, draft(`${i}`));
      removeItem(one.doc, "h1", `a${i - 2}`);
    }
    await until("a snapshot is being written", () => {
      editItem(one.doc, "h1", "a3", { quantity: 1 + ((server.store.commits + 1) % 50) });
      return gate.waiting === 1;
    });
    addItem(one.doc, "h1", "meanwhile", draft("锅"));
    await until("edits go on", () => readItem(server.store.coldDoc("b1"), "h1", "meanwhile"));
    gate.open();
    await until("compacted", () => server.rooms.counters.compactions >= 1);
    const board = server.store.boards.get("b1");
    expect(board?.rows.length).toBeLessThan(board?.seq ?? 0);
    await server.rooms.closeBoard("b1", "restart");
    const again = await raw(server, "as=r2");
    expect(readCell(again.doc, "h1")).toEqual(readCell(one.doc, "h1"));
  });

  it("[SY-26] a snapshot that cannot be saved costs nothing but a longer log", async () => {
    const server = await start({ settings: { compactRows: 2 } });
    server.store.beforeSnapshot = async () => {
      throw new Error("disk full");
    };
    for (let i = 0; i < 5; i++)
      await server.rooms.edit("b1", officer, (doc) => void addItem(doc, "h1", `a${i}`, draft("锅")));
    expect(server.rooms.counters.compactionFailures).toBeGreaterThan(0);
    expect(readCell(server.store.coldDoc("b1"), "h1")).toHaveLength(5);
  });

  it("[SY-27 INV-11] a full board says so; a cell, a list and the notice have their limits", async () => {
    const server = await start({ settings: { limits: { ...roomLimits, documentBytes: 3_000 } } });
    const one = await raw(server, "as=r1");
    for (let i = 0; i < 30 && one.closed === null; i++) {
      addItem(one.doc, "h1", `a${i}`, { ...draft("锅"), note: "好".repeat(60) });
      await until("answered", () => one.closed !== null || server.store.commits === i + 1);
    }
    expect(one.closed).toEqual({ code: closeCodes.full, reason: "full" });
    const again = await raw(server, "as=r1");
    removeItem(again.doc, "h1", "a0");
    await until("making room is possible", () => readItem(server.store.coldDoc("b1"), "h1", "a0") === null);
  });
});
