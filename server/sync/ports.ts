import type { ItemFields, ListEntry, Notice } from "../../shared/board/model.ts";

export type { ItemFields, ListEntry, Notice };

/** What one connection may do on one board. Decided at connect from the session; a change closes the socket. */
export type BoardAccess = {
  /** May see the board at all. */
  read: boolean;
  /** The household whose cell the person writes as its own, or null (kiosk, resident of another building). */
  ownCell: string | null;
  /** Steward or officer: may edit any cell of the board; recorded as "on behalf of". */
  otherCells: boolean;
  /** Of the other cells only these: a steward of one building on the board of a whole courtyard. Absent or null: all. */
  onlyCells?: ReadonlySet<string> | null;
  /** May co-edit the shared lists. */
  lists: boolean;
  /** May edit the notice. */
  notice: boolean;
};

/** Who stands behind a writing connection. Comes from the session, never from the wire (INV-4). */
export type BoardWriter = {
  residentId: string;
  displayName: string;
  householdId: string | null;
  /** The door as people say it, e.g. "3-2-501". */
  door: string | null;
};

/** One item, list entry or notice before and after a commit, for the history and for fan-out. */
export type ItemChange = {
  place: "cell" | "list" | "notice";
  /** householdId for a cell, listId for a list, "notice" for the notice. */
  cell: string;
  /** Item or list entry id; "notice" for the notice. */
  itemId: string;
  /** null when it did not exist before. */
  before: ItemFields | ListEntry | Notice | null;
  /** null when it was removed. */
  after: ItemFields | ListEntry | Notice | null;
  residentId: string;
  onBehalf: boolean;
  /** When it happened, ms; absent for what happens in this commit. A seeded board has a past. */
  at?: number;
};

/** A Yjs client id and the account its structs are attributed to, for ever, on this board. */
export type ClientBinding = { clientId: number; residentId: string };

/** All that one tick of a room makes durable, in one transaction. */
export type BoardCommit = {
  /** The merged Yjs update (V1) of the tick. */
  update: Uint8Array;
  /** Client ids seen for the first time. A second account for the same id must fail the whole commit. */
  bindings: ClientBinding[];
  changes: ItemChange[];
};

/** A board as it is read back: the newest snapshot, the log rows after it, and what the guard must know. */
export type StoredBoard = {
  /** The highest sequence in the log (0 when nothing was ever committed). */
  seq: number;
  snapshot: Uint8Array | null;
  /** Updates committed after the snapshot, in order of their sequence. */
  updates: Uint8Array[];
  /** The households that have a cell on this board. */
  households: string[];
  /** The shared lists of this board. */
  lists: string[];
  bindings: ClientBinding[];
};

/** Where boards are kept. Written by the storage; used only by the rooms. */
export interface BoardStore {
  /** The board, or null when there is none with this id. */
  load(boardId: string): Promise<StoredBoard | null>;
  /** Appends one update with its bindings and changes and answers its dense sequence, once it is on disk. */
  commit(boardId: string, commit: BoardCommit): Promise<{ seq: number }>;
  /** Keeps `state` as the snapshot at `seq`; log rows up to `seq` may go afterwards. */
  saveSnapshot(boardId: string, seq: number, state: Uint8Array): Promise<void>;
}
