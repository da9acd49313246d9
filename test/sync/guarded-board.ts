import * as Y from "yjs";
import { type GuardVerdict, guard } from "../../server/sync/guard.ts";
import { declareRoots, PlaceIndex } from "../../server/sync/guard-places.ts";
import type { BoardAccess } from "../../server/sync/ports.ts";
import { stepTwoLimits } from "../../shared/board/limits.ts";
import { type BoardView, readBoard } from "../../shared/board/model.ts";
import { addItem, type ItemDraft } from "../../shared/board/rules.ts";

export const draft = (title: string): ItemDraft => ({ title, category: "tools", note: "", quantity: 1 });

/** What a resident of a household may do: its own cell and the shared lists. */
export function residentOf(householdId: string): BoardAccess {
  return { read: true, ownCell: householdId, otherCells: false, lists: true, notice: false };
}
export const steward: BoardAccess = {
  read: true,
  ownCell: null,
  otherCells: true,
  lists: true,
  notice: true,
};
export const viewer: BoardAccess = {
  read: true,
  ownCell: null,
  otherCells: false,
  lists: false,
  notice: false,
};

/** A live document that only changes through the guard, as in a room, without sockets. */
export class GuardedBoard {
  readonly doc = new Y.Doc();
  readonly index = new PlaceIndex(this.doc);
  readonly bindings = new Map<number, string>();
  readonly board: { households: Set<string>; lists: Set<string> };
  bytesLeft = 8_000_000;

  constructor(households = ["h1", "h2", "h3"], lists = ["garden"]) {
    this.board = { households: new Set(households), lists: new Set(lists) };
    declareRoots(this.doc, households, lists);
  }

  judge(account: string, access: BoardAccess, update: Uint8Array): GuardVerdict {
    const { doc, index, bindings, board, bytesLeft } = this;
    return guard({ update, doc, index, bindings, account, access, board, limits: stepTwoLimits, bytesLeft });
  }

  /** Judges and, when allowed, applies. Throws when Yjs is left with something pending. */
  send(account: string, access: BoardAccess, update: Uint8Array): GuardVerdict {
    const verdict = this.judge(account, access, update);
    if (!verdict.ok) return verdict;
    for (const client of verdict.newBindings) this.bindings.set(client, account);
    if (verdict.effect) Y.applyUpdate(this.doc, verdict.update, account);
    if (this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null) {
      throw new Error("the guard let something through that stays pending");
    }
    return verdict;
  }

  /** A copy as a client has it after its first sync. */
  replica(clientId?: number): Y.Doc {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.doc));
    if (clientId !== undefined) doc.clientID = clientId;
    return doc;
  }

  /** What a client sends as sync step 2: all the board lacks, and its whole delete set. */
  stepTwoOf(doc: Y.Doc): Uint8Array {
    return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(this.doc));
  }

  view(): BoardView {
    return readBoard(this.doc, this.board.households, this.board.lists);
  }
}

/** A board on which each household has an item with two fields changed since, under its own client id. */
export function furnishedBoard(): GuardedBoard {
  const board = new GuardedBoard();
  for (const [i, household] of [...board.board.households].entries()) {
    const doc = board.replica(1000 + i);
    addItem(doc, household, `item-${household}`, draft(`锤子 ${household}`));
    addItem(doc, household, `more-${household}`, draft("人字梯"));
    const verdict = board.send(`r-${household}`, residentOf(household), board.stepTwoOf(doc));
    if (!verdict.ok) throw new Error(`${verdict.code} ${verdict.reason}`);
  }
  return board;
}
