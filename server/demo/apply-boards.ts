import * as Y from "yjs";
import { addEntry, editEntry, editNotice } from "../../shared/board/list-rules.ts";
import { readItem, readList, readNotice } from "../../shared/board/model.ts";
import { addItem, type BoardRefusal } from "../../shared/board/rules.ts";
import { appendToBoard } from "../board/board-store.ts";
import type { Dialect } from "../storage/dialect.ts";
import type { Tx } from "../storage/storage.ts";
import { serverAccount } from "../sync/guard.ts";
import type { BoardCommit, ItemChange } from "../sync/ports.ts";
import { insertAll } from "./insert-all.ts";
import type { DemoBoard, DemoList, DemoPlan } from "./plan-types.ts";

/** The Yjs client id all boards of a demo are written under; bound to the server's account on each. */
const writerClient = 1;

export interface WrittenBoard {
  boardId: string;
  commit: BoardCommit;
}

/** Writes each board's document by the same rules as a phone. Pure, and all the slow work of a large compound. */
export function writeBoards(plan: DemoPlan): WrittenBoard[] {
  const items = Map.groupBy(plan.items, ({ boardId }) => boardId);
  const lists = Map.groupBy(plan.lists, ({ boardId }) => boardId);
  const notices = new Map(plan.notices.map((notice) => [notice.boardId, notice]));
  return plan.boards.map((board) => {
    const doc = new Y.Doc();
    doc.clientID = writerClient;
    const changes: ItemChange[] = [];
    doc.transact(() => {
      for (const item of items.get(board.id) ?? []) {
        const { id: itemId, householdId: cell, addedBy: residentId, addedAt: at, onBehalf } = item;
        mustFit(addItem(doc, cell, itemId, item), item.title);
        const after = readItem(doc, cell, itemId);
        changes.push({ place: "cell", cell, itemId, before: null, after, residentId, onBehalf, at });
      }
      for (const list of lists.get(board.id) ?? []) changes.push(...writeList(doc, list));
      const notice = notices.get(board.id);
      if (notice) {
        mustFit(editNotice(doc, notice.text), "notice");
        changes.push({
          place: "notice",
          cell: "notice",
          itemId: "notice",
          before: null,
          after: { text: readNotice(doc) },
          residentId: notice.writtenBy,
          onBehalf: false,
          at: notice.writtenAt,
        });
      }
    });
    const update = Y.encodeStateAsUpdate(doc);
    doc.destroy();
    const bindings = [{ clientId: writerClient, residentId: serverAccount }];
    return { boardId: board.id, commit: { after: 0, update, bindings, changes } };
  });
}

function writeList(doc: Y.Doc, list: DemoList): ItemChange[] {
  for (const entry of list.entries) {
    mustFit(addEntry(doc, list.id, entry.id, entry.text), entry.text);
    if (entry.done) mustFit(editEntry(doc, list.id, entry.id, { done: true }), entry.text);
  }
  const written = new Map(readList(doc, list.id).map((entry) => [entry.id, entry]));
  return list.entries.map(({ id, addedBy, addedAt }) => ({
    place: "list",
    cell: list.id,
    itemId: id,
    before: null,
    after: written.get(id) ?? null,
    residentId: addedBy,
    onBehalf: false,
    at: addedAt,
  }));
}

function mustFit(refusal: BoardRefusal | null, what: string): void {
  if (refusal) throw new RangeError(`The plan does not fit on the board: ${refusal}: ${what}`);
}

/** Puts the written boards and their lists into the database. */
export async function applyBoards(
  tx: Tx,
  dialect: Dialect,
  plan: DemoPlan,
  written: readonly WrittenBoard[],
  since: number,
): Promise<void> {
  const sorts = new Map<DemoBoard["id"], number>();
  const lists = plan.lists.map(({ id, boardId, title }) => {
    const sort = sorts.get(boardId) ?? 0;
    sorts.set(boardId, sort + 1);
    return { id, board_id: boardId, title, sort, created_at: since };
  });
  await insertAll(tx.db, "board_lists", lists);
  for (const { boardId, commit } of written) await appendToBoard(tx, dialect, boardId, commit, plan.now);
}
