import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { createBoardStore } from "../../server/board/board-store.ts";
import { systemClock } from "../../server/clock.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import type { BoardSocket } from "../../server/sync/peer.ts";
import type { BoardStore } from "../../server/sync/ports.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { NotSaved } from "../../server/sync/sequence.ts";
import { addItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { writerOf } from "../sync/board-server.ts";
import { draft, viewer } from "../sync/guarded-board.ts";
import { dialects, type OpenedStorage } from "./dialects.ts";

/** A reader who keeps what it is sent and with which code it is closed. */
class Reader implements BoardSocket {
  readonly bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  code: number | null = null;
  send(data: Uint8Array): void {
    this.sent.push(data);
  }
  close(code: number): void {
    this.code = code;
  }
  terminate(): void {}
  ping(): void {}
  on(): void {}
}

for (const dialect of dialects) {
  describe(`rows beside the document, on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let store: BoardStore;
    let boardId = "";
    let householdId = "";
    beforeEach(async () => {
      opened = await dialect.open();
      store = createBoardStore({ storage: opened.storage, clock: systemClock });
      await opened.storage.write(async (tx) => {
        const communityId = await createCommunity(tx, "晋阳", 1);
        const courtyard = { communityId, name: "26 号院", boardsAt: "courtyard", openBoards: true } as const;
        const courtyardId = await createCourtyard(tx, courtyard, 1);
        const door = { building: "1", unit: "1", door: "101", area: null, contact: null };
        [householdId = ""] = await addHouseholds(tx, courtyardId, [door], 1);
        boardId = (await tx.db.selectFrom("boards").select("id").executeTakeFirstOrThrow()).id;
      });
    });
    afterEach(() => opened.close());

    const rename = (from: string, to: string) =>
      opened.storage.write(({ db }) =>
        sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(db),
      );

    for (const table of ["board_history", "board_items"])
      it(`[SY-8 EV-9 INV-1 T31] while ${table} takes no row, an edit ends as not saved and leaves nothing; once it does, the same edit is stored`, async () => {
        const rooms = new Rooms({ store, settings: { commitTimeoutMs: 300, idleMs: 0 } });
        const hang = (itemId: string) =>
          rooms.edit(boardId, writerOf("officer", null), (doc: Y.Doc) => {
            addItem(doc, householdId, itemId, draft("梯子"));
          });
        await hang("before");
        const reader = new Reader();
        rooms.accept(reader, { boardId, writer: null, access: viewer, wantsSaved: false });
        await until("the reader is greeted", () => reader.sent.length > 0);
        const before = await store.load(boardId);
        const greeted = reader.sent.length;
        await rename(table, "away");
        await expect(hang("after")).rejects.toBeInstanceOf(NotSaved);
        expect([reader.code, reader.sent.length]).toEqual([closeCodes["not-saved"], greeted]);
        await rename("away", table);
        expect(await store.load(boardId)).toEqual(before);
        await hang("after");
        const { seq, view } = await rooms.readBoard(boardId);
        expect([seq, view.cells[householdId]?.map(({ id }) => id)]).toEqual([2, ["before", "after"]]);
        const rows = await opened.storage.db.selectFrom("board_history").select("item_id").execute();
        expect(rows.map(({ item_id }) => item_id).sort()).toEqual(["after", "before"]);
        await rooms.drain({ slices: 1, deadline: 1_000 });
      });
  });
}
