import type * as Y from "yjs";
import type { boardContract } from "../../shared/board/contract.ts";
import { restoreLimits } from "../../shared/board/limits.ts";
import { addEntry, editEntry, editNotice } from "../../shared/board/list-rules.ts";
import {
  type ItemFields,
  type ListEntry,
  type Notice,
  readCell,
  readList,
} from "../../shared/board/model.ts";
import { type BoardRefusal, restoreCell, restoreItem } from "../../shared/board/rules.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { createPace } from "../pace.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Storage } from "../storage/storage.ts";
import type { BoardWriter } from "../sync/ports.ts";
import type { Rooms } from "../sync/rooms.ts";
import { EditRefused } from "../sync/tick-work.ts";
import type { Boards, OpenedBoard } from "./boards.ts";
import { cellBefore, changedSince, findChange, type StoredChange } from "./history.ts";
import { demand } from "./policy.ts";

type Commands = AreaHandlers<typeof boardContract>["commands"];

/** Bringing things back: an edit like any other, made by the server in the name of whoever asked. */
export function createRestoring(deps: {
  storage: Pick<Storage, "db">;
  boards: Pick<Boards, "open">;
  rooms: Pick<Rooms, "edit">;
}): Pick<Commands, "board.restore" | "board.restore-cell"> {
  const { storage, boards, rooms } = deps;
  const pace = createPace(restoreLimits.commands);

  const keepPace = ({ residentId }: PersonActor, now: number): void => {
    const wait = pace.take(residentId, now);
    if (wait === 0) return;
    const seconds = Math.ceil(wait / 1_000);
    throw new Refusal("rate-limited", "Too much was brought back in a short time.", { seconds });
  };

  const opened = async (actor: PersonActor, boardId: string): Promise<OpenedBoard> => {
    const board = await boards.open(actor, boardId);
    if (!board) throw new Refusal("not-found", "There is no such board.");
    return board;
  };

  const edit = async (actor: PersonActor, boardId: string, work: (doc: Y.Doc) => BoardRefusal | null) => {
    try {
      await rooms.edit(boardId, writerOf(actor), (doc) => {
        const refusal = work(doc);
        if (refusal) throw refusedByRule(refusal);
      });
    } catch (error) {
      throw error instanceof EditRefused ? refusedByGuard(error) : error;
    }
  };

  return {
    "board.restore": async ({ historyId }, context) => {
      const actor = context.person();
      keepPace(actor, context.now);
      const change = await findChange(storage.db, historyId);
      if (!change) throw new Refusal("not-found", "There is no such change.");
      const { access } = await opened(actor, change.boardId);
      demand(access, "restore", change.thing);
      await edit(actor, change.boardId, (doc) => putBack(doc, change));
      return {};
    },

    "board.restore-cell": async ({ boardId, householdId, at }, context) => {
      const actor = context.person();
      keepPace(actor, context.now);
      const { access } = await opened(actor, boardId);
      demand(access, "restore", { place: "cell", householdId });
      const changed = await changedSince(storage.db, { boardId, householdId, at });
      await edit(actor, boardId, (doc) =>
        restoreCell(doc, householdId, cellBefore(readCell(doc, householdId), changed)),
      );
      return {};
    },
  };
}

function putBack(doc: Y.Doc, { thing, itemId, before }: StoredChange): BoardRefusal | null {
  if (before === null) return "item-missing";
  switch (thing.place) {
    case "cell":
      return restoreItem(doc, thing.householdId, itemId, before as ItemFields);
    case "list": {
      const { text, done } = before as ListEntry;
      const there = readList(doc, thing.listId).some((entry) => entry.id === itemId);
      const refusal = there ? null : addEntry(doc, thing.listId, itemId, text);
      return refusal ?? editEntry(doc, thing.listId, itemId, { text, done });
    }
    case "notice":
      return editNotice(doc, (before as Notice).text);
  }
}

const writerOf = ({ residentId, displayName, household }: PersonActor): BoardWriter => ({
  residentId,
  displayName,
  householdId: household?.householdId ?? null,
  door: household?.door ?? null,
});

function refusedByRule(refusal: BoardRefusal): Refusal {
  switch (refusal) {
    case "cell-full":
    case "list-full":
      return new Refusal("cell-full", "There is no room for it any more.");
    case "item-missing":
      return new Refusal("item-gone", "There is nothing to bring back.");
    default:
      return new Refusal("invalid-input", `The board does not take it: ${refusal}.`);
  }
}

function refusedByGuard({ code, message }: EditRefused): Refusal {
  if (code === "full" || code === "too-large") return new Refusal("cell-full", message);
  return code === "forbidden" ? new Refusal("not-found", message) : new Refusal("invalid-input", message);
}
