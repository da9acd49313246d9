import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBoardStore } from "../../server/board/board-store.ts";
import { readHistory } from "../../server/board/history.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { type BoardStore, CommitRefused, type ItemChange } from "../../server/sync/ports.ts";
import { dialects, type OpenedStorage } from "./dialects.ts";

const item = (title: string) => ({ title, category: "tools" as const, note: "", quantity: 1, order: "a0" });
const bytes = (...values: number[]) => Uint8Array.from(values);

for (const dialect of dialects) {
  describe(`board store on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let storage: Storage;
    let store: BoardStore;
    let now = 1_000;
    let households: string[] = [];
    let boardId = "";
    beforeAll(async () => {
      opened = await dialect.open();
      storage = opened.storage;
      store = createBoardStore({ storage, clock: { now: () => now } });
      await storage.write(async (tx) => {
        const communityId = await createCommunity(tx, "晋阳", 1);
        const courtyardId = await createCourtyard(
          tx,
          { communityId, name: "26 号院", boardsAt: "courtyard", openBoards: true },
          1,
        );
        const door = (unit: string, number: string) => ({
          building: "3",
          unit,
          door: number,
          area: null,
          contact: null,
        });
        households = await addHouseholds(tx, courtyardId, [door("2", "501"), door("1", "101")], 1);
        const board = await tx.db.selectFrom("boards").select("id").executeTakeFirstOrThrow();
        boardId = board.id;
      });
    });
    afterAll(() => opened.close());

    const change = (itemId: string, before: string | null, after: string | null): ItemChange => ({
      place: "cell",
      cell: households[0] ?? "",
      itemId,
      before: before === null ? null : item(before),
      after: after === null ? null : item(after),
      residentId: "resident-1",
      onBehalf: false,
    });
    const items = async () =>
      (
        await storage.db.selectFrom("board_items").select(["item_id", "title"]).orderBy("item_id").execute()
      ).map((row) => `${row.item_id}:${row.title}`);

    it("[EV-11] a new board is empty and knows its households in the order of the wall", async () => {
      const board = await store.load(boardId);
      expect(board).toMatchObject({ seq: 0, snapshot: null, updates: [], lists: [], bindings: [] });
      expect(board?.households).toEqual([households[1], households[0]]);
      expect(await store.load("no-such-board")).toBeNull();
    });

    it("[EV-9] a commit keeps the update, the bindings, the items and the history together", async () => {
      const first = await store.commit(boardId, {
        after: 0,
        update: bytes(1, 2, 255),
        bindings: [{ clientId: 4_294_967_295, residentId: "resident-1" }],
        changes: [change("hammer", null, "锤子"), change("saw", null, "锯子")],
      });
      now = 2_000;
      const second = await store.commit(boardId, {
        after: 1,
        update: bytes(0),
        bindings: [],
        changes: [change("saw", "锯子", "钢锯"), change("hammer", "锤子", null)],
      });
      expect([first, second]).toEqual([true, true]);
      const board = await store.load(boardId);
      expect(board?.updates.map((update) => [...update])).toEqual([[1, 2, 255], [0]]);
      expect(board?.bindings).toEqual([{ clientId: 4_294_967_295, residentId: "resident-1" }]);
      expect(await items()).toEqual(["saw:钢锯"]);
      const row = await storage.db.selectFrom("board_items").selectAll().executeTakeFirstOrThrow();
      expect([row.added_at, row.changed_at]).toEqual([1_000, 2_000]);
      const history = await storage.db.selectFrom("board_history").selectAll().orderBy("at").execute();
      expect(
        history.map((entry) => [entry.item_id, entry.before !== null, entry.after !== null]).sort(),
      ).toEqual([
        ["hammer", false, true],
        ["hammer", true, false],
        ["saw", false, true],
        ["saw", true, true],
      ]);
    });

    it("[EV-10] a client id of another account fails the whole commit", async () => {
      await expect(
        store.commit(boardId, {
          after: 2,
          update: bytes(9),
          bindings: [{ clientId: 4_294_967_295, residentId: "resident-2" }],
          changes: [change("stolen", null, "?")],
        }),
      ).rejects.toThrow(CommitRefused);
      expect((await store.load(boardId))?.seq).toBe(2);
      expect(await items()).toEqual(["saw:钢锯"]);
    });

    it("[EV-9] of commits for the same place in the log one is stored, and the others store nothing", async () => {
      const kept = [];
      for (let after = 2; after < 22; after++) {
        const answers = await Promise.all(
          [0, 1, 2].map((n) =>
            store.commit(boardId, {
              after,
              update: bytes(7, n),
              bindings: [],
              changes: [change(`n${n}`, null, "?"), change(`n${n}`, "?", null)],
            }),
          ),
        );
        kept.push(answers.filter(Boolean).length);
      }
      expect(kept).toEqual(Array.from({ length: 20 }, () => 1));
      const history = await storage.db
        .selectFrom("board_history")
        .select("id")
        .where("item_id", "like", "n%")
        .execute();
      expect(history).toHaveLength(40);
      expect(await store.heads([boardId, "no-such-board"])).toEqual(new Map([[boardId, 22]]));
    });

    it("[EV-15] the log after a sequence is read for several boards at once, with who is behind each update", async () => {
      expect(await store.since([{ boardId, seq: 22 }], 10)).toEqual([]);
      const rows = await store.since([{ boardId, seq: 0 }], 2);
      expect(rows.map(({ seq, update, bindings }) => [seq, [...update], bindings])).toEqual([
        [1, [1, 2, 255], [{ clientId: 4_294_967_295, residentId: "resident-1" }]],
        [2, [0], []],
      ]);
    });

    it("[EV-11] two snapshots are kept and the log from the older one on", async () => {
      await store.saveSnapshot(boardId, 10, bytes(10));
      expect((await store.load(boardId))?.updates).toHaveLength(12);
      await store.saveSnapshot(boardId, 20, bytes(20));
      await store.saveSnapshot(boardId, 22, bytes(22));
      const board = await store.load(boardId);
      expect([board?.seq, [...(board?.snapshot ?? [])], board?.updates.length]).toEqual([22, [22], 0]);
      const log = await storage.db.selectFrom("board_updates").select("seq").orderBy("seq").execute();
      expect(log.map((row) => row.seq)).toEqual([21, 22]);
      const snapshots = await storage.db.selectFrom("board_snapshots").select("seq").orderBy("seq").execute();
      expect(snapshots.map((row) => row.seq)).toEqual([20, 22]);
    });

    it("[EV-11 T18] a snapshot that another node has overtaken is not kept", async () => {
      await store.saveSnapshot(boardId, 21, bytes(21));
      expect([...((await store.load(boardId))?.snapshot ?? [])]).toEqual([22]);
      const seqsOf = async (table: "board_snapshots" | "board_updates") =>
        (await storage.db.selectFrom(table).select("seq").orderBy("seq").execute()).map(({ seq }) => seq);
      expect([await seqsOf("board_snapshots"), await seqsOf("board_updates")]).toEqual([
        [20, 22],
        [21, 22],
      ]);
    });

    it("[EV-16] a renewed board begins at the next number, with one client id, and keeps the old snapshot for a while", async () => {
      const renewal = { after: 22, generation: 0, state: bytes(23), clientId: 5 };
      expect(await store.renew(boardId, { ...renewal, after: 21 })).toBe(false);
      expect(await store.renew(boardId, renewal)).toBe(true);
      expect(await store.renew(boardId, renewal)).toBe(false);
      const board = await store.load(boardId);
      expect(board).toMatchObject({ seq: 23, generation: 1, updates: [] });
      expect([...(board?.snapshot ?? [])]).toEqual([23]);
      expect(board?.bindings).toEqual([{ clientId: 5, residentId: "renewal" }]);
      expect(await store.commit(boardId, { after: 22, update: bytes(1), bindings: [], changes: [] })).toBe(
        false,
      );
      expect(await store.commit(boardId, { after: 23, update: bytes(1), bindings: [], changes: [] })).toBe(
        true,
      );
      const snapshots = await storage.db.selectFrom("board_snapshots").select("seq").orderBy("seq").execute();
      expect(snapshots.map((row) => row.seq)).toEqual([22, 23]);
    });

    it("[FO-31 EV-9] what was removed where nobody had heard of it leaves no row, and a line that nobody is shown", async () => {
      const made = [change("kettle", null, "水壶")];
      const gone = [change("kettle", null, null)];
      const after = (await store.load(boardId))?.seq ?? 0;
      for (const [at, changes] of [made, gone].entries())
        await store.commit(boardId, { after: after + at, update: bytes(7, at), bindings: [], changes });
      expect(await items()).toEqual(["saw:钢锯"]);
      const lines = storage.db.selectFrom("board_history").where("item_id", "=", "kettle");
      expect((await lines.selectAll().execute()).length).toBe(2);
      const of = { place: "cell" as const, householdId: made[0]?.cell ?? "" };
      const shown = await readHistory(storage.db, { boardId, of, before: null, limit: 50 });
      expect(shown.filter((entry) => "itemId" in entry && entry.itemId === "kettle").length).toBe(1);
    });
  });
}
