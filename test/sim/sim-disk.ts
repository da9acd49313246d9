import * as Y from "yjs";
import { renewalAccount, serverAccount } from "../../server/sync/guard.ts";
import {
  type BoardCommit,
  type BoardRenewal,
  type ClientBinding,
  CommitRefused,
  type ItemChange,
  type LogRow,
  type StoredBoard,
} from "../../server/sync/ports.ts";
import { DurableRecord } from "./durable-record.ts";
import type { CommittedRow } from "./punctuality.ts";
import type { SimCommunity } from "./sim-community.ts";
import { simDoc } from "./sim-doc.ts";
import type { Witness } from "./witness.ts";
import { isForbidden, wordsOf } from "./words.ts";

type Row = { seq: number; update: Uint8Array; bindings: ClientBinding[] };
type Snapshot = { seq: number; state: Uint8Array; generation: number };

/** One board on the disk, with the same tables as the real database, and the record of all it has ever been. */
export type DiskBoard = {
  boardId: string;
  seq: number;
  generation: number;
  rows: Row[];
  snapshots: Snapshot[];
  bindings: Map<number, string>;
  /** The rows for reading: what the newest change of each item says, by `cell/item`. */
  items: Map<string, string>;
  households: string[];
  lists: string[];
  /** The present generation first. */
  records: DurableRecord[];
  /** The bytes of every row there ever was, and how many rows had them. */
  everRow: Map<string, number>;
};

/** Snapshots kept of a board, as the real store keeps them. */
const keptSnapshots = 2;

export const bytesKey = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/**
 * The one shared database, as if each of its statements took effect in a moment. It is also the measure of the run:
 * what is not in here is not durable. Whatever it is given is checked as it comes in.
 */
export class SimDisk {
  readonly community: SimCommunity;
  readonly boards = new Map<string, DiskBoard>();
  commits = 0;
  readonly #witness: Witness;
  /** Whether this person has ever been allowed to write to this cell. */
  readonly #mayEver: (residentId: string, cell: string) => boolean;
  readonly #committed: (row: CommittedRow) => void;
  readonly #now: () => number;

  /** @param committed is told of every row of every board */
  constructor(
    witness: Witness,
    community: SimCommunity,
    mayEver: (residentId: string, cell: string) => boolean,
    committed: (row: CommittedRow) => void,
    now: () => number,
  ) {
    this.#committed = committed;
    this.#now = now;
    this.community = community;
    this.#witness = witness;
    this.#mayEver = mayEver;
  }

  addBoard(boardId: string, households: string[], lists: string[]): void {
    this.boards.set(boardId, {
      boardId,
      seq: 0,
      generation: 0,
      rows: [],
      snapshots: [],
      bindings: new Map(),
      items: new Map(),
      households,
      lists,
      records: [new DurableRecord(new Set())],
      everRow: new Map(),
    });
  }

  board(boardId: string): DiskBoard {
    const board = this.boards.get(boardId);
    if (board === undefined) throw new Error(`no board ${boardId}`);
    return board;
  }

  load(boardId: string): StoredBoard | null {
    const board = this.boards.get(boardId);
    if (board === undefined) return null;
    const { snapshot, updates } = stored(board);
    return {
      seq: board.seq,
      generation: board.generation,
      snapshot,
      updates,
      households: [...board.households],
      lists: [...board.lists],
      bindings: [...board.bindings].map(([clientId, residentId]) => ({ clientId, residentId })),
    };
  }

  /** @throws CommitRefused as the real store does */
  commit(boardId: string, commit: BoardCommit): boolean {
    const board = this.board(boardId);
    if (board.seq !== commit.after) return false;
    for (const { clientId } of commit.bindings)
      if (board.bindings.has(clientId)) throw new CommitRefused("the client id is taken");
    for (const { clientId, residentId } of commit.bindings) board.bindings.set(clientId, residentId);
    const row = { seq: ++board.seq, update: Uint8Array.from(commit.update), bindings: commit.bindings };
    board.rows.push(row);
    const key = bytesKey(row.update);
    board.everRow.set(key, (board.everRow.get(key) ?? 0) + 1);
    this.commits++;
    const authors = this.#judge(board, row.update, commit.changes);
    this.#committed({ boardId, seq: row.seq, update: row.update, key, at: this.#now(), authors });
    return true;
  }

  since(boards: readonly { boardId: string; seq: number }[], limit: number): LogRow[] {
    const rows = boards.flatMap(({ boardId, seq }) =>
      this.board(boardId)
        .rows.filter((row) => row.seq > seq)
        .map((row) => ({ boardId, ...row, update: Uint8Array.from(row.update) })),
    );
    return rows.slice(0, limit);
  }

  heads(boardIds: readonly string[]): Map<string, number> {
    return new Map(boardIds.map((id) => [id, this.board(id).seq]));
  }

  saveSnapshot(boardId: string, seq: number, state: Uint8Array): void {
    const board = this.board(boardId);
    if ((board.snapshots.at(-1)?.seq ?? 0) >= seq) return;
    board.snapshots.push({ seq, state: Uint8Array.from(state), generation: board.generation });
    this.#checkCold(board);
    const kept = board.snapshots.filter(({ generation }) => generation === board.generation);
    if (kept.length < keptSnapshots) return;
    const oldest = kept.at(-keptSnapshots)?.seq ?? 0;
    board.snapshots = board.snapshots.filter((snapshot) => snapshot.seq >= oldest);
    board.rows = board.rows.filter((row) => row.seq > oldest);
  }

  renew(boardId: string, { after, generation, state, clientId }: BoardRenewal): boolean {
    const board = this.board(boardId);
    if (board.seq !== after || board.generation !== generation) return false;
    const [old] = board.records;
    const record = new DurableRecord(old?.words ?? new Set());
    if (!record.add(state)) this.#witness.fail("snapshot", "a renewed board has something pending");
    const view = (of: DurableRecord) => JSON.stringify(of.view(board.households, board.lists));
    if (old !== undefined && view(old) !== view(record))
      this.#witness.fail("snapshot", "a renewed board reads differently");
    record.changedCells(board.households);
    board.seq++;
    board.generation++;
    const last = board.snapshots.at(-1)?.seq ?? 0;
    board.rows = [];
    board.snapshots = board.snapshots.filter((snapshot) => snapshot.seq >= last);
    board.snapshots.push({
      seq: board.seq,
      state: Uint8Array.from(state),
      generation: board.generation,
    });
    board.bindings = new Map([[clientId, renewalAccount]]);
    board.records.unshift(record);
    return true;
  }

  /** The document as a cold start reads it. */
  coldDoc(boardId: string): Y.Doc {
    const { snapshot, updates } = stored(this.board(boardId));
    const doc = simDoc();
    for (const part of snapshot === null ? updates : [snapshot, ...updates]) Y.applyUpdate(doc, part);
    return doc;
  }

  /**
   * Why an update is not all on the disk, or null when it is, in this generation of the board or an earlier.
   * @param wordByWord whether every word in it must have been committed, too; within a tick some are gone before
   */
  lacks(boardId: string, update: Uint8Array, wordByWord = false): string | null {
    const { records, everRow } = this.board(boardId);
    if (everRow.has(bytesKey(update))) return null;
    const decoded = Y.decodeUpdate(update);
    const words = records[0]?.words;
    const strange = wordByWord ? wordsOf(decoded).find((word) => words?.has(word) !== true) : undefined;
    if (strange !== undefined) return strange;
    let why: string | null = null;
    for (const record of records) {
      const lack = record.lacks(decoded);
      if (lack === null) return null;
      why ??= lack;
    }
    return why;
  }

  /**
   * What a new row does is done by those who may, and all of it is in its history and in the rows for reading.
   * @returns who has made it
   */
  #judge(board: DiskBoard, update: Uint8Array, changes: readonly ItemChange[]): ReadonlySet<string> {
    const authors = new Set(changes.map(({ residentId }) => residentId));
    const [record] = board.records;
    if (record === undefined) return authors;
    const decoded = Y.decodeUpdate(update);
    for (const word of wordsOf(decoded))
      if (isForbidden(word)) this.#witness.fail("forbidden", `${word} was committed`);
    for (const client of new Set(decoded.structs.map(({ id }) => id.client))) {
      const account = board.bindings.get(client);
      if (account === undefined) this.#witness.fail("binding", `client ${client} is nobody's`);
      else authors.add(account);
    }
    if (!record.add(update, decoded))
      this.#witness.fail("log", `row ${board.seq} of ${board.boardId} stays pending`);
    for (const { cell, place, residentId } of changes)
      if (place === "cell" && residentId !== serverAccount && !this.#mayEver(residentId, cell))
        this.#witness.fail("forbidden", `${residentId} changed ${cell}`);
    for (const cell of record.changedCells(board.households))
      if (!changes.some((change) => change.place === "cell" && change.cell === cell))
        this.#witness.fail(
          "history",
          `row ${board.seq} of ${board.boardId} changed ${cell}, and nobody did it`,
        );
    for (const { place, cell, itemId, after } of changes) {
      if (place !== "cell") continue;
      if (after === null) board.items.delete(`${cell}/${itemId}`);
      else board.items.set(`${cell}/${itemId}`, JSON.stringify(after));
    }
    return authors;
  }

  #checkCold(board: DiskBoard): void {
    const cold = this.coldDoc(board.boardId);
    const [record] = board.records;
    if (record !== undefined && !Y.equalSnapshots(Y.snapshot(cold), Y.snapshot(record.doc)))
      this.#witness.fail("snapshot", `a fold of ${board.boardId} lost or made something`);
    cold.destroy();
  }
}

function stored({ snapshots, rows }: DiskBoard): { snapshot: Uint8Array | null; updates: Uint8Array[] } {
  const newest = snapshots.at(-1);
  return {
    snapshot: newest?.state ?? null,
    updates: rows.filter((row) => row.seq > (newest?.seq ?? 0)).map((row) => row.update),
  };
}
