import type { BoardStore, LogRow } from "./ports.ts";
import { Rounds } from "./rounds.ts";
import type { Timer, Timers } from "./timers.ts";

/** An open board, as far as following the log goes. */
export type Followed = {
  readonly boardId: string;
  /** The last sequence taken in; null while the board is loading. */
  readonly seq: number | null;
  take(row: LogRow): void;
  /** The log no longer holds what this board is missing: it must be loaded anew. */
  lost(): void;
};

export type FollowerPorts = {
  store: BoardStore;
  timers: Timers;
  open: () => Iterable<Followed>;
  find: (boardId: string) => Followed | undefined;
  /** Milliseconds until the log is asked again of its own accord; less while the bus is not to be trusted. */
  interval: () => number;
  report: (what: string, error: unknown) => void;
};

/** Rows read at once, and boards asked for. */
const page = 500;
const boardsAtOnce = 200;

/**
 * Keeps the open boards of a node level with the log. Others' commits are mostly heard over the bus; what was not is
 * found by asking where the boards stand, all of them in one question.
 */
export class LogFollower {
  readonly #ports: FollowerPorts;
  #wanted = new Set<string>();
  readonly #rounds = new Rounds(() => {
    const boardIds = [...this.#wanted];
    this.#wanted = new Set();
    return this.#catchUp(boardIds);
  });
  #timer: Timer | null = null;
  #running = false;

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
  }

  /** Begins to ask from time to time. */
  start(): void {
    this.#running = true;
    this.#wait();
  }

  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Brings one board level; those who ask in the same moment are answered together. @throws when the log cannot be read */
  ask(boardId: string): Promise<void> {
    this.#wanted.add(boardId);
    return this.#rounds.ask();
  }

  /** Brings every open board level now. @throws when the log cannot be read */
  async askForAll(): Promise<void> {
    await this.#catchUp([...this.#ports.open()].map(({ boardId }) => boardId));
  }

  async #catchUp(boardIds: readonly string[]): Promise<void> {
    const { store, find } = this.#ports;
    if (boardIds.length === 0) return;
    const heads = await store.heads(boardIds);
    for (;;) {
      const behind = boardIds
        .flatMap((boardId) => {
          const seq = find(boardId)?.seq ?? null;
          return seq !== null && seq < (heads.get(boardId) ?? seq) ? [{ boardId, seq }] : [];
        })
        .slice(0, boardsAtOnce);
      if (behind.length === 0) return;
      const rows = await store.since(behind, page);
      const first = new Map<string, number>();
      for (const row of rows) {
        if (!first.has(row.boardId)) first.set(row.boardId, row.seq);
        find(row.boardId)?.take(row);
      }
      for (const { boardId, seq } of behind) {
        if (find(boardId)?.seq !== seq) continue;
        // Its next row is not there any more. One that got nothing from a full page has only to wait for the next.
        const next = first.get(boardId);
        if (next === undefined ? rows.length < page : next > seq + 1) find(boardId)?.lost();
      }
      if (behind.every(({ boardId, seq }) => find(boardId)?.seq === seq)) return;
    }
  }

  #wait(): void {
    if (!this.#running) return;
    this.#timer = this.#ports.timers.after(this.#ports.interval(), () => {
      this.askForAll()
        .catch((error: unknown) => this.#ports.report("log", error))
        .finally(() => this.#wait());
    });
  }
}
