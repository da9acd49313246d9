import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import * as Y from "yjs";
import { BoardConnection, type Mishap } from "../../client/wire/board-connection.ts";
import type { OpenCopy } from "../../client/wire/board-copy.ts";
import { renewedState } from "../../server/sync/renewal.ts";
import type { UnsavedSince } from "../../shared/board/rescue.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { type BoardServer, startBoardServer } from "../sync/board-server.ts";
import { MemoryStore } from "../sync/memory-store.ts";
import { thing } from "./courtyard.ts";

/** What a device keeps, in memory: one document's updates at a time, as the browser's database keeps them. */
function deviceCopies(): { openCopy: OpenCopy; unsaved: () => boolean } {
  let updates: Uint8Array[] = [];
  let unsaved: UnsavedSince | null = null;
  const openCopy: OpenCopy = (doc, replace) => {
    let open = true;
    if (replace) updates = [Y.encodeStateAsUpdate(doc)];
    else for (const update of updates) Y.applyUpdate(doc, update);
    doc.on("update", (update: Uint8Array) => open && updates.push(update));
    return {
      ready: Promise.resolve(unsaved),
      noteUnsaved: (now) => {
        if (open) unsaved = now;
      },
      close: () => {
        open = false;
      },
      discard: () => {
        open = false;
      },
    };
  };
  return { openCopy, unsaved: () => unsaved !== null };
}

describe("a board on a device", () => {
  let server: BoardServer;
  let store: MemoryStore;
  const open: BoardConnection[] = [];
  const mishaps: Mishap[] = [];

  beforeEach(async () => {
    store = new MemoryStore();
    server = await startBoardServer({ store });
    mishaps.length = 0;
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    await server.close();
  });

  const connect = (as: string, own: string[], copies = deviceCopies()): BoardConnection => {
    const connection = new BoardConnection({
      url: server.url,
      boardId: "b1",
      params: { as },
      socket: NodeSocket as unknown as typeof WebSocket,
      openCopy: copies.openCopy,
      mine: () => ({ cells: own, lists: [] }),
      onMishap: (mishap) => mishaps.push(mishap),
      now: () => performance.now(),
    });
    open.push(connection);
    return connection;
  };
  const put = (connection: BoardConnection, cell: string, id: string, title: string) =>
    connection.edit((doc, origin) => addItem(doc, cell, id, thing(title), origin));
  const online = (connection: BoardConnection) =>
    until("online", () => connection.status.get().line === "online");
  const saved = (connection: BoardConnection) =>
    until("saved", () => connection.status.get().edits === "saved");
  const titles = async (cell: string) =>
    ((await server.rooms.readBoard("b1")).view.cells[cell] ?? []).map((item) => item.title);

  test("[BD-70] an edit is saving until the commit is on disk, and only then saved", async () => {
    const home = connect("r1", ["h1"]);
    await online(home);
    const release = holdCommits(store);
    put(home, "h1", "hammer", "锤子");
    expect(home.status.get().edits).toBe("saving");
    await until("the commit waits", () => release.waiting() > 0);
    expect(home.status.get().edits).toBe("saving");
    // Written while the first is on its way: the first commit's "saved" must not be taken for this one.
    put(home, "h1", "saw", "锯子");
    const commitsWhenSaved: number[] = [];
    home.status.subscribe(() => {
      if (home.status.get().edits === "saved") commitsWhenSaved.push(store.commits);
    });
    release.first();
    await until("the second commit waits", () => release.waiting() > 0);
    release.all();
    await saved(home);
    expect(commitsWhenSaved[0]).toBe(2);
    expect(await titles("h1")).toEqual(["锤子", "锯子"]);
    home.edit((doc, origin) => removeItem(doc, "h1", "hammer", origin));
    expect(home.status.get().edits).toBe("saving");
    await saved(home);
    expect(await titles("h1")).toEqual(["锯子"]);
  });

  test("[BD-71] what is written offline waits on the device and arrives after the tab was closed", async () => {
    const copies = deviceCopies();
    const first = connect("r1", ["h1"], copies);
    await online(first);
    first.goOffline();
    put(first, "h1", "ladder", "梯子");
    expect(first.status.get()).toMatchObject({ line: "offline", edits: "waiting" });
    expect(copies.unsaved()).toBe(true);
    first.close();
    const again = connect("r1", ["h1"], copies);
    await until("it says so", () => again.status.get().edits !== "saved");
    await saved(again);
    expect(await titles("h1")).toEqual(["梯子"]);
    expect(copies.unsaved()).toBe(false);
  });

  test("[BD-72] a refused device loses only what it may not write, says why and goes on by itself", async () => {
    const home = connect("r1", ["h1"]);
    await online(home);
    const before = home.document.get();
    home.goOffline();
    put(home, "h1", "saw", "锯子");
    put(home, "h2", "intruder", "不归我写");
    home.retry();
    await until("it was told", () => mishaps.length === 1);
    expect(mishaps).toEqual([{ reason: "forbidden", kept: 1, lost: 0 }]);
    await saved(home);
    expect(home.document.get()).not.toBe(before);
    expect(await titles("h1")).toEqual(["锯子"]);
    expect(await titles("h2")).toEqual([]);
    put(home, "h1", "drill", "电钻");
    await saved(home);
    expect(await titles("h1")).toEqual(["锯子", "电钻"]);
  });

  test("[BD-75] a device that comes back to a renewed board loads it, and writes again only what nobody had confirmed", async () => {
    const copies = deviceCopies();
    const [first, sister] = [connect("r1", ["h1"], copies), connect("r1b", ["h1"])];
    await Promise.all([online(first), online(sister)]);
    put(first, "h1", "saw", "锯子");
    put(first, "h1", "pan", "平底锅");
    put(first, "h1", "gone", "送人了");
    await saved(first);
    await until("the other phone has it", () => sister.document.get().getMap("cell:h1").size === 3);
    first.goOffline();
    first.close();
    // Meanwhile: the other phone changes one thing and takes one away, and the board is made anew.
    sister.edit((doc, origin) => editItem(doc, "h1", "pan", { title: "炒锅" }, origin));
    sister.edit((doc, origin) => removeItem(doc, "h1", "gone", origin));
    await saved(sister);
    sister.close();
    await server.rooms.closeBoard("b1", "restart");
    const { doc, seq, generation } = store.read("b1");
    const clientId = 77;
    await store.renew("b1", { after: seq, generation, state: renewedState(doc, clientId), clientId });

    // The page was opened and closed offline in between, under another client id each time.
    const offline = connect("r1", ["h1"], copies);
    await until("it is here", () => offline.document.get().getMap("cell:h1").size === 3);
    offline.goOffline();
    put(offline, "h1", "new", "新写的");
    offline.edit((local, origin) => editItem(local, "h1", "saw", { note: "改过" }, origin));
    offline.close();
    const again = connect("r1", ["h1"], copies);
    await until("it is online on the new board", () => again.status.get().line === "online");
    await saved(again);
    const items = (await server.rooms.readBoard("b1")).view.cells.h1 ?? [];
    expect(items.map(({ title, note }) => [title, note]).sort()).toEqual(
      [
        ["锯子", "改过"],
        ["炒锅", ""],
        ["新写的", ""],
      ].sort(),
    );
    expect(mishaps).toEqual([]);
    expect(again.document.get().store.clients.has(clientId)).toBe(true);
  });

  test("[BD-73] a device that is refused again and again stops, keeps what was written and tries when asked", async () => {
    const places = ["h1", "h2"];
    const home = connect("r1", places);
    await online(home);
    put(home, "h2", "intruder", "不归我写");
    await until("it has stopped", () => home.status.get().refused === "forbidden");
    expect(mishaps).toHaveLength(2);
    expect(home.status.get().edits).toBe("stopped");
    places.pop();
    home.retry();
    await saved(home);
    expect(home.status.get().refused).toBe(null);
    expect(await titles("h2")).toEqual([]);
  });

  test("[BD-74] two phones of a home see each other write, each its own place", async () => {
    const one = connect("r1", ["h1"]);
    const other = connect("r1b", ["h1"]);
    await online(one);
    await online(other);
    one.showWriting("cell:h1");
    await until("the other sees it", () => other.writing.get().has("cell:h1"));
    expect(one.writing.get().size).toBe(0);
    one.showWriting(null);
    await until("it is over", () => other.writing.get().size === 0);
    put(one, "h1", "oven", "烤箱");
    put(other, "h1", "broom", "扫把");
    await saved(one);
    await saved(other);
    expect((await titles("h1")).sort()).toEqual(["扫把", "烤箱"]);
  });
});

/** Lets commits wait until they are released, as a slow disk does. */
function holdCommits(store: MemoryStore) {
  const waiting: (() => void)[] = [];
  store.beforeCommit = () => new Promise<void>((resolve) => waiting.push(resolve));
  return {
    waiting: () => waiting.length,
    first: () => waiting.shift()?.(),
    all: () => {
      store.beforeCommit = async () => {};
      for (const release of waiting.splice(0)) release();
    },
  };
}
