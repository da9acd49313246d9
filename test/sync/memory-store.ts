import * as Y from "yjs";
import { renewalAccount } from "../../server/sync/guard.ts";
import {
  type BoardCommit,
  type BoardRenewal,
  type BoardStore,
  type ClientBinding,
  CommitRefused,
  type ItemChange,
  type LogRow,
  type StoredBoard,
} from "../../server/sync/ports.ts";

type Row = { seq: number; update: Uint8Array; bindings: ClientBinding[] };
type Board = {
  seq: number;
  generation: number;
  snapshot: { seq: number; state: Uint8Array } | null;
  rows: Row[];
  bindings: Map<number, string>;
  changes: ItemChange[];
  households: string[];
  lists: string[];
};

/** Boards in memory, with every way a database can be slow or fail. */
export class MemoryStore implements BoardStore {
  readonly boards = new Map<string, Board>();
  /** Whether several nodes share it. */
  shared = false;
  loads = 0;
  commits = 0;
  questions = 0;
  /** Runs before a load, a commit or a snapshot takes effect; may wait, may throw. */
  beforeLoad: () => Promise<void> = async () => {};
  beforeCommit: () => Promise<void> = async () => {};
  /** Runs after a commit took effect; a throw here is the acknowledgement lost on its way. */
  afterCommit: () => Promise<void> = async () => {};
  /** Runs before a commit in turn has its turn. */
  beforeTurn: () => Promise<void> = async () => {};
  beforeSnapshot: () => Promise<void> = async () => {};
  beforeQuestion: () => Promise<void> = async () => {};

  addBoard(boardId: string, households = ["h1", "h2", "h3"], lists = ["garden"]): void {
    const board = {
      seq: 0,
      generation: 0,
      snapshot: null,
      rows: [],
      bindings: new Map(),
      changes: [],
      households,
      lists,
    };
    this.boards.set(boardId, board);
  }

  async load(boardId: string): Promise<StoredBoard | null> {
    this.loads++;
    await this.beforeLoad();
    const board = this.boards.get(boardId);
    if (board === undefined) return null;
    const bindings: ClientBinding[] = [...board.bindings].map(([clientId, residentId]) => ({
      clientId,
      residentId,
    }));
    return {
      seq: board.seq,
      generation: board.generation,
      snapshot: board.snapshot?.state ?? null,
      updates: board.rows.map((row) => row.update),
      households: board.households,
      lists: board.lists,
      bindings,
    };
  }

  async commit(boardId: string, { after, update, bindings, changes }: BoardCommit): Promise<boolean> {
    await this.beforeCommit();
    const board = this.#board(boardId);
    if (board.seq !== after) return false;
    for (const { clientId, residentId } of bindings) {
      const owner = board.bindings.get(clientId);
      if (owner !== undefined)
        throw new CommitRefused(`the client id is taken by ${owner}, not ${residentId}`);
    }
    for (const { clientId, residentId } of bindings) board.bindings.set(clientId, residentId);
    board.seq++;
    board.rows.push({ seq: board.seq, update: Uint8Array.from(update), bindings });
    board.changes.push(...changes);
    this.commits++;
    await this.afterCommit();
    return true;
  }

  async commitInTurn(
    boardId: string,
    seq: number,
    prepare: (missed: LogRow[]) => BoardCommit | null,
  ): Promise<boolean> {
    await this.beforeTurn();
    const rows = this.#board(boardId).rows.filter((row) => row.seq > seq);
    const commit = prepare(rows.map((row) => ({ boardId, ...row })));
    return commit !== null && this.commit(boardId, commit);
  }

  async since(boards: readonly { boardId: string; seq: number }[], limit: number): Promise<LogRow[]> {
    await this.beforeQuestion();
    const rows = boards.flatMap(({ boardId, seq }) =>
      this.#board(boardId)
        .rows.filter((row) => row.seq > seq)
        .map((row) => ({ boardId, ...row })),
    );
    return rows.slice(0, limit);
  }

  async heads(boardIds: readonly string[]): Promise<Map<string, number>> {
    this.questions++;
    await this.beforeQuestion();
    return new Map(
      boardIds.flatMap((id) => (this.boards.has(id) ? [[id, this.#board(id).seq] as const] : [])),
    );
  }

  async places(boardId: string): Promise<{ households: string[]; lists: string[] } | null> {
    const board = this.boards.get(boardId);
    return board === undefined ? null : { households: board.households, lists: board.lists };
  }

  async renew(boardId: string, { after, generation, state, clientId }: BoardRenewal): Promise<boolean> {
    await this.beforeCommit();
    const board = this.#board(boardId);
    if (board.seq !== after || board.generation !== generation) return false;
    board.seq++;
    board.generation++;
    board.rows = [];
    board.snapshot = { seq: board.seq, state: Uint8Array.from(state) };
    board.bindings = new Map([[clientId, renewalAccount]]);
    return true;
  }

  async saveSnapshot(boardId: string, seq: number, state: Uint8Array): Promise<void> {
    await this.beforeSnapshot();
    const board = this.#board(boardId);
    board.snapshot = { seq, state: Uint8Array.from(state) };
    board.rows = board.rows.filter((row) => row.seq > seq);
  }

  /** The document as a cold start would read it. */
  coldDoc(boardId: string): Y.Doc {
    const board = this.#board(boardId);
    const doc = new Y.Doc();
    if (board.snapshot !== null) Y.applyUpdate(doc, board.snapshot.state);
    for (const row of board.rows) Y.applyUpdate(doc, row.update);
    return doc;
  }

  /** What is stored, for a test that changes it behind the rooms' backs. */
  read(boardId: string): { doc: Y.Doc; seq: number; generation: number } {
    const { seq, generation } = this.#board(boardId);
    return { doc: this.coldDoc(boardId), seq, generation };
  }

  changes(boardId: string): ItemChange[] {
    return this.#board(boardId).changes;
  }

  #board(boardId: string): Board {
    const board = this.boards.get(boardId);
    if (board === undefined) throw new Error("no such board");
    return board;
  }
}

/** A door that can be shut: whoever passes waits until it is opened. */
export class Gate {
  #open: (() => void) | null = null;
  #wait: Promise<void> = Promise.resolve();
  waiting = 0;

  shut(): void {
    this.#wait = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.#open = null;
    this.#wait = Promise.resolve();
  }

  async pass(): Promise<void> {
    this.waiting++;
    await this.#wait;
    this.waiting--;
  }
}
