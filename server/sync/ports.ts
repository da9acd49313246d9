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
  /** The sequence of the board this was judged against. Once anybody else has committed, it is held back. */
  after: number;
  /** The merged Yjs update (V1) of the tick. */
  update: Uint8Array;
  /** Client ids seen for the first time. A second account for the same id must fail the whole commit. */
  bindings: ClientBinding[];
  changes: ItemChange[];
};

/** A commit that will never be taken, however often it is tried: a client id is bound to another account already. */
export class CommitRefused extends Error {}

/** One committed update, as the log and the other nodes have it. */
export type LogRow = { boardId: string; seq: number; update: Uint8Array; bindings: ClientBinding[] };

/** The same with what it changed, as the node knows that has committed it. */
export type CommittedEvent = LogRow & { changes: ItemChange[] };

/** A board as it is read back: the newest snapshot, the log rows after it, and what the guard must know. */
export type StoredBoard = {
  /** The highest sequence in the log (0 when nothing was ever committed). */
  seq: number;
  /** How often the board was renewed: see `renewal.ts`. */
  generation: number;
  snapshot: Uint8Array | null;
  /** Updates committed after the snapshot, in order of their sequence. */
  updates: Uint8Array[];
  /** The households that have a cell on this board. */
  households: string[];
  /** The shared lists of this board. */
  lists: string[];
  bindings: ClientBinding[];
};

/** A board's document made anew with the same contents under one client id. */
export type BoardRenewal = {
  /** The sequence of the board that was renewed, and its generation. */
  after: number;
  generation: number;
  /** The new document as one update, and the one client id in it. */
  state: Uint8Array;
  clientId: number;
};

/** Where boards are kept. Written by the storage; used only by the rooms. */
export interface BoardStore {
  /** Whether other nodes may write to the same boards. */
  readonly shared: boolean;
  /** The board, or null when there is none with this id. */
  load(boardId: string): Promise<StoredBoard | null>;
  /**
   * Appends one update with its bindings and changes as number `after + 1`; resolves once it is on disk.
   * Answers false, with nothing stored, when the board has moved on since `after`. An error leaves open whether
   * it is stored; the same commit again, or the log, tells.
   */
  commit(boardId: string, commit: BoardCommit): Promise<boolean>;
  /**
   * The same when others keep coming first: waits until nobody else commits to the board, and lets nobody until it is
   * done. `prepare` is given what was committed after `seq`, perhaps more than once, and answers with the commit that
   * follows it, or null when none is wanted any more.
   */
  commitInTurn(
    boardId: string,
    seq: number,
    prepare: (missed: LogRow[]) => BoardCommit | null,
  ): Promise<boolean>;
  /** What was committed after these sequences, by board and in order; at most so many rows. */
  since(boards: readonly { boardId: string; seq: number }[], limit: number): Promise<LogRow[]>;
  /** The newest sequences of these boards. A board that is gone is not in the answer. */
  heads(boardIds: readonly string[]): Promise<Map<string, number>>;
  /** The households and lists of a board now, or null when it is gone. */
  places(boardId: string): Promise<{ households: string[]; lists: string[] } | null>;
  /** Keeps `state` as the snapshot at `seq`; log rows up to `seq` may go afterwards. */
  saveSnapshot(boardId: string, seq: number, state: Uint8Array): Promise<void>;
  /** Puts a renewed document in the place of the old one. Answers false when the board has moved on. */
  renew(boardId: string, renewal: BoardRenewal): Promise<boolean>;
}

/** One entry of an awareness message, and the account of the socket that shows it. */
export type ShownEntry = { account: string; encoded: Uint8Array };

/** What is heard of a board from the other nodes. */
export type BoardNews = {
  committed(row: LogRow): void;
  /** What sockets of another node show of themselves has changed. */
  presence(entries: readonly ShownEntry[]): void;
  /** Another node has opened the board and asks who is there. */
  whoIsThere(): void;
  /** Somebody is on this board at another node. */
  occupied(): void;
  /** Another node has made the board anew, which is now of this generation. */
  renewed(generation: number): void;
  /** Another node cannot commit because this one always comes first. */
  turn(): void;
};

/** The bell between nodes: what is told may be lost, and the log has it. */
export interface BoardBus {
  /** Hears of a board until `close`. `ready` resolves when everything told from now on is heard, if anything is. */
  open(boardId: string, news: BoardNews): { ready: Promise<void>; close(): void };
  /** One commit of this node; `changes` for those who look at the board without opening it. */
  committed(row: LogRow, changes: readonly ItemChange[]): void;
  presence(boardId: string, entries: readonly ShownEntry[]): void;
  askWhoIsThere(boardId: string): void;
  askForTurn(boardId: string): void;
  /** Answers one that asks who is there. */
  occupied(boardId: string): void;
  renewed(boardId: string, generation: number): void;
  /** Whether other nodes would be heard now. */
  heard(): boolean;
}

/** For one node alone. */
export const noBus: BoardBus = {
  open: () => ({ ready: Promise.resolve(), close: () => {} }),
  committed: () => {},
  presence: () => {},
  askWhoIsThere: () => {},
  askForTurn: () => {},
  occupied: () => {},
  renewed: () => {},
  heard: () => true,
};
