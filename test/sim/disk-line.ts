import type { BoardCommit, BoardRenewal, BoardStore, LogRow, StoredBoard } from "../../server/sync/ports.ts";
import type { Chance } from "./chance.ts";
import type { ProcessLife } from "./process-life.ts";
import type { SimDisk } from "./sim-disk.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export type Question =
  | "load"
  | "commit"
  | "turn"
  | "since"
  | "heads"
  | "places"
  | "snapshot"
  | "renew"
  /** What somebody may do. */
  | "access"
  /** The commit of a unit of work, and its turn to append to the log of events. */
  | "unit"
  | "append"
  /** The log of events: what came after a number, and the last number there is. */
  | "events"
  | "event-head";

/** How one question to the database goes wrong. Times in milliseconds. */
export type DiskFault =
  /** Nothing happens, and an error says so. */
  | { kind: "error" }
  /** It happens, and an error comes back. */
  | { kind: "answer-lost" }
  /** It happens only after so long. */
  | { kind: "slow"; ms: number }
  /** It happens at once, and the answer takes so long. */
  | { kind: "answer-late"; ms: number };

/** An error the run itself made; the server may report it. */
export class SimulatedFault extends Error {}

/** A node's connection to the database: questions take time, fail, and are in the air when the node dies. */
export class DiskLine implements BoardStore {
  readonly shared: boolean;
  /** What the next questions of each kind meet. */
  readonly faults = new Map<Question, DiskFault[]>();
  /** Nothing reaches the database, and errors say so. */
  isCut = false;
  readonly #disk: SimDisk;
  readonly #lag: [number, number];
  readonly #clock: VirtualClock;
  readonly #life: ProcessLife;
  readonly #chance: Chance;
  readonly #inTheAir = new Set<{ cancel(): void }>();
  /** Questions that are not answered yet, and those of them that go wrong. */
  #unanswered = 0;
  #troubles = 0;
  #troubledUntil = 0;

  constructor(
    disk: SimDisk,
    clock: VirtualClock,
    life: ProcessLife,
    chance: Chance,
    { shared, lag }: { shared: boolean; lag: [number, number] },
  ) {
    this.shared = shared;
    this.#lag = lag;
    this.#disk = disk;
    this.#clock = clock;
    this.#life = life;
    this.#chance = chance;
  }

  load(boardId: string): Promise<StoredBoard | null> {
    return this.ask("load", () => this.#disk.load(boardId));
  }

  commit(boardId: string, commit: BoardCommit): Promise<boolean> {
    const sent = copyOf(commit);
    return this.ask("commit", () => this.#disk.commit(boardId, sent));
  }

  /** The turn is had in one moment; before and after it the line is like any other. */
  commitInTurn(
    boardId: string,
    seq: number,
    prepare: (missed: LogRow[]) => BoardCommit | null,
  ): Promise<boolean> {
    return this.ask("turn", () => {
      const commit = this.#life.acts() ? prepare(this.#disk.since([{ boardId, seq }], 500)) : null;
      return commit !== null && this.#disk.commit(boardId, copyOf(commit));
    });
  }

  since(boards: readonly { boardId: string; seq: number }[], limit: number): Promise<LogRow[]> {
    return this.ask("since", () => this.#disk.since(boards, limit));
  }

  heads(boardIds: readonly string[]): Promise<Map<string, number>> {
    return this.ask("heads", () => this.#disk.heads(boardIds));
  }

  places(boardId: string): Promise<{ households: string[]; lists: string[] } | null> {
    return this.ask("places", () => {
      const { households, lists } = this.#disk.board(boardId);
      return { households: [...households], lists: [...lists] };
    });
  }

  saveSnapshot(boardId: string, seq: number, state: Uint8Array): Promise<void> {
    return this.ask("snapshot", () => this.#disk.saveSnapshot(boardId, seq, state));
  }

  renew(boardId: string, renewal: BoardRenewal): Promise<boolean> {
    return this.ask("renew", () => this.#disk.renew(boardId, renewal));
  }

  /** The node has died: what it has asked may still happen, or not. */
  abandon(): void {
    for (const question of this.#inTheAir) if (this.#chance.hit(0.5)) question.cancel();
    this.#inTheAir.clear();
  }

  get isIdle(): boolean {
    return this.#unanswered === 0;
  }

  /** When the last question that went wrong was answered; now, when one still goes wrong. Milliseconds. */
  get soundSince(): number {
    return this.#troubles > 0 || this.isCut ? this.#clock.now : this.#troubledUntil;
  }

  mend(): void {
    if (this.isCut) this.#troubledUntil = this.#clock.now;
    this.isCut = false;
  }

  ask<T>(kind: Question, effect: () => T): Promise<T> {
    return this.askAndWait<T>(kind, (done) => done(effect()));
  }

  /** A question whose effect may have to wait in the database for something else. */
  askAndWait<T>(
    kind: Question,
    effect: (done: (result: T) => void, fail: (error: unknown) => void) => void,
  ): Promise<T> {
    if (!this.#life.acts()) return new Promise(() => {});
    const fault = this.isCut ? cut : this.faults.get(kind)?.shift();
    if (fault !== undefined) this.#troubles++;
    this.#unanswered++;
    return new Promise((resolve, reject) => {
      const answer = (ms: number, tell: () => void) =>
        this.#clock.after(
          ms,
          () => {
            this.#unanswered--;
            if (fault !== undefined) this.#settled();
            tell();
          },
          this.#life,
        );
      const [least, most] = this.#lag;
      const way = this.#chance.between(least, most);
      const question = this.#clock.after(fault?.kind === "slow" ? fault.ms : way, () => {
        this.#inTheAir.delete(question);
        const back = fault?.kind === "answer-late" ? fault.ms : this.#chance.between(least - 1, most - 1);
        if (fault?.kind === "error") {
          answer(back, () => reject(new SimulatedFault(`${kind} failed`)));
          return;
        }
        const fail = (error: unknown) => void answer(back, () => reject(error));
        try {
          effect(
            (result) =>
              void answer(back, () =>
                fault?.kind === "answer-lost"
                  ? reject(new SimulatedFault(`the answer to ${kind} was lost`))
                  : resolve(result),
              ),
            fail,
          );
        } catch (error) {
          fail(error);
        }
      });
      this.#inTheAir.add(question);
    });
  }

  #settled(): void {
    this.#troubles--;
    this.#troubledUntil = this.#clock.now;
  }
}

const cut: DiskFault = { kind: "error" };

/** What is done to the objects after they are sent must not reach the disk. */
const copyOf = ({ after, update, bindings, changes }: BoardCommit): BoardCommit => ({
  after,
  update: Uint8Array.from(update),
  bindings: [...bindings],
  changes: changes.map((change) => ({ ...change })),
});
