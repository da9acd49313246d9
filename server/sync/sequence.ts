import * as Y from "yjs";
import type { SyncCounters } from "./counters.ts";
import { HeldRows } from "./held-rows.ts";
import {
  type BoardCommit,
  type BoardStore,
  CommitRefused,
  type CommittedEvent,
  type ItemChange,
  type LogRow,
} from "./ports.ts";
import { boundOtherwise, contradictions } from "./same-structs.ts";
import type { RoomSettings } from "./settings.ts";
import type { Timer, Timers } from "./timers.ts";

/** The edit is not on disk as far as anyone knows, and nobody has seen it. */
export class NotSaved extends Error {}

type SequencePorts = {
  store: BoardStore;
  timers: Timers;
  settings: RoomSettings;
  counters: SyncCounters;
  report: (boardId: string, what: string, error: unknown) => void;
};

type Hooks = {
  /** Holds the rows up to `seq`, and the tick on its way. */
  board: Y.Doc;
  /** The next committed row is another node's: into the document, and to everyone. */
  apply(row: LogRow): void;
  /** The changes of the tick on its way, as they look with the rows that came before it. */
  reread(changes: ItemChange[]): ItemChange[];
  /** Tells the other nodes that this one cannot commit because another is always first. */
  askForTurn(): void;
  /** The accounts of these client ids have written something else on another node under the same numbers. */
  contradicted(clientIds: readonly number[]): void;
  /** Reads the log after `seq` and hands what is there to `take`. */
  readLog(): Promise<void>;
  /** A commit that was given up has been stored after all. */
  late(event: CommittedEvent): void;
};

/** One tick on its way to the disk. */
type Flight = {
  commit: Omit<BoardCommit, "after">;
  clients: ReadonlySet<number>;
  unseen: readonly ItemChange[];
  after: number;
  /** It has been given to the store at least once. */
  sent: boolean;
  /** How often another node was first. */
  losses: number;
  retry: Timer | null;
  deadline: Timer;
  settle: (error: Error | null) => void;
};

/** How long a node that was asked to give way waits with its next tick, unless another's row comes first, milliseconds. */
const leastWay = 20;
const longestWay = 2_000;
/** Having come second so often, a tick waits for its turn in the database: that needs no bus, but keeps others waiting. */
const mostLosses = 2;
/** Between the first tries of a commit, milliseconds; each waits twice as long, up to the last. */
const firstRetry = 40;
const longestRetry = 1_000;
/** How long a hole may stay open before the log is asked: what fills it is mostly on its way already. */
const patience = 25;

/**
 * Where one board stands in its log. It commits this node's ticks one at a time and takes in those of other nodes,
 * so that the document always holds the rows up to `seq`, without a hole, and at most one tick beyond them.
 *
 * A commit is for one place in the log and is held back when another node was there first. So it can be tried again
 * whatever became of the answer: stored twice it cannot be, and a row that is this very tick says that it was stored.
 */
export class BoardSequence {
  seq: number;
  readonly #boardId: string;
  readonly #ports: SequencePorts;
  readonly #hooks: Hooks;
  readonly #held: HeldRows;
  #flight: Flight | null = null;
  /** Until when this node gives way, and how long its last commit took. */
  #giveWayUntil = 0;
  #lastTook = 0;
  #holeTimer: Timer | null = null;
  #ended = false;

  constructor(boardId: string, seq: number, ports: SequencePorts, hooks: Hooks) {
    this.#boardId = boardId;
    this.seq = seq;
    this.#ports = ports;
    this.#hooks = hooks;
    this.#held = new HeldRows(ports.settings.limits);
  }

  /** A tick is on its way: the document holds something that is not known to be on disk. */
  get committing(): boolean {
    return this.#flight !== null;
  }

  /**
   * Commits one tick. `settle` is called once: with null when it is on disk, else with why nobody may see it, and
   * then the document must be thrown away.
   * @param tick the client ids with new structs in it, and the items it wrote to without a change to be seen
   */
  commit(
    commit: Omit<BoardCommit, "after">,
    { clients, unseen }: { clients: ReadonlySet<number>; unseen: readonly ItemChange[] },
    settle: (error: Error | null) => void,
  ): void {
    const { timers, settings } = this.#ports;
    const deadline = timers.after(settings.commitTimeoutMs, () =>
      this.#land(flight, new NotSaved("the commit took too long")),
    );
    const flight: Flight = {
      commit,
      clients,
      unseen,
      after: this.seq,
      sent: false,
      losses: 0,
      retry: null,
      deadline,
      settle,
    };
    this.#flight = flight;
    const wait = this.#giveWayUntil - timers.now();
    if (wait <= 0) this.#attempt(flight, 0);
    else flight.retry = timers.after(wait, () => this.#attempt(flight, 0));
  }

  /** Another node waits for its turn: this one's next tick lets it go first. */
  giveWay(): void {
    const way = Math.min(Math.max(leastWay, this.#lastTook * 4), longestWay);
    this.#giveWayUntil = this.#ports.timers.now() + way;
  }

  /** A committed row, from the bus or from the log; rows may come twice and in any order. */
  take(row: LogRow): void {
    if (this.#ended || row.seq <= this.seq) return;
    this.#held.add(row);
    this.#advance();
  }

  /** Ends; what is on its way may or may not be stored, and nobody here will know. */
  end(): void {
    this.#ended = true;
    this.#holeTimer?.cancel();
    this.#held.clear();
    if (this.#flight !== null) this.#land(this.#flight, new NotSaved("the board was closed meanwhile"));
  }

  /** The tick for the place in the log that is next now. */
  #prepare(flight: Flight): BoardCommit {
    // Rows of other nodes have come before it: what they and this tick both touched is read anew.
    if (flight.after !== this.seq) {
      flight.commit.changes = this.#hooks.reread([...flight.commit.changes, ...flight.unseen]);
      flight.unseen = [];
    }
    flight.after = this.seq;
    return { ...flight.commit, after: flight.after };
  }

  #attempt(flight: Flight, tries: number): void {
    const { store, timers, counters, report } = this.#ports;
    let commit = this.#prepare(flight);
    flight.sent = true;
    const again = (error: unknown) => {
      if (this.#flight !== flight) return;
      counters.commitFailures++;
      report(this.#boardId, "commit", error);
      if (error instanceof CommitRefused) {
        this.#land(flight, error);
        return;
      }
      const wait = Math.min(firstRetry * 2 ** tries, longestRetry);
      flight.retry = timers.after(wait, () => this.#attempt(flight, tries + 1));
    };
    const inTurn = (missed: LogRow[]): BoardCommit | null => {
      for (const row of missed) this.take(row);
      if (this.#flight !== flight) return null;
      commit = this.#prepare(flight);
      return commit;
    };
    const began = timers.now();
    const waits = flight.losses >= mostLosses;
    if (waits) counters.turns++;
    const stored = waits
      ? store.commitInTurn(this.#boardId, this.seq, inTurn)
      : store.commit(this.#boardId, commit);
    stored.then((first) => {
      this.#lastTook = timers.now() - began;
      if (first) this.#stored(flight, commit);
      else if (this.#flight === flight) this.#lost(flight, commit, again);
    }, again);
  }

  /** Another node was first, or this very tick was stored without our hearing of it. The log tells. */
  #lost(flight: Flight, { after }: BoardCommit, again: (error: unknown) => void): void {
    flight.losses++;
    this.#hooks.askForTurn();
    // The bus was quicker than the answer.
    if (this.seq > after) {
      this.#attempt(flight, 0);
      return;
    }
    this.#hooks.readLog().then(() => {
      if (this.#flight !== flight) return;
      if (this.seq > after) this.#attempt(flight, 0);
      else again(new NotSaved("the board has moved on and its log does not say how"));
    }, again);
  }

  #stored(flight: Flight, commit: BoardCommit): void {
    const seq = commit.after + 1;
    if (this.#flight !== flight) {
      // Given up, or found in the log in the meantime.
      const { update, bindings, changes } = commit;
      if (this.#ended || seq > this.seq)
        this.#hooks.late({ boardId: this.#boardId, seq, update, bindings, changes });
      return;
    }
    this.seq = seq;
    this.#held.take(seq);
    this.#land(flight, null);
    this.#advance();
  }

  #land(flight: Flight, error: Error | null): void {
    if (this.#flight !== flight) return;
    this.#flight = null;
    flight.deadline.cancel();
    flight.retry?.cancel();
    flight.settle(error);
  }

  /** Takes in, in order, all that has come without a hole; what stays missing is read from the log. */
  #advance(): void {
    for (let row = this.#next(); row !== undefined && !this.#ended; row = this.#next()) {
      const flight = this.#flight;
      if (flight !== null && row.seq === flight.after + 1 && sameBytes(row.update, flight.commit.update)) {
        this.seq = row.seq;
        this.#land(flight, null);
        continue;
      }
      const against = flight === null ? null : this.#contradictions(flight, row);
      if (flight !== null && against !== null) {
        // The log keeps the first, and this document has the second.
        this.#hooks.contradicted(against.ofOneAccount);
        this.#land(flight, new NotSaved("another node has taken other edits under the same client id"));
        return;
      }
      this.seq = row.seq;
      this.#hooks.apply(row);
      this.#otherWasFirst();
    }
    if (this.#held.size === 0 || this.#ended || this.#holeTimer !== null) return;
    this.#holeTimer = this.#ports.timers.after(patience, () => {
      this.#holeTimer = null;
      if (this.#held.size === 0) return;
      this.#ports.counters.holes++;
      this.#hooks.readLog().catch((error: unknown) => this.#ports.report(this.#boardId, "log", error));
    });
  }

  /**
   * Whether a row of another node and the tick on its way cannot both be, and for which client ids that is one account's
   * doing. Of an id that two accounts have begun to write under, nothing here tells whose it was: either may have seen it
   * at the other, and who comes second is as often the one it was taken from.
   * Somebody who has moved between the nodes may be in both, with the same edits; what the row has bound already is not
   * bound again.
   */
  #contradictions({ commit, clients }: Flight, row: LogRow): { ofOneAccount: number[] } | null {
    const taken = boundOtherwise(commit.bindings, row.bindings);
    const differing = writesAs(row.update, clients)
      ? contradictions(row.update, commit.update, this.#hooks.board)
      : [];
    const bound = new Set(row.bindings.map(({ clientId }) => clientId));
    if (bound.size > 0) commit.bindings = commit.bindings.filter(({ clientId }) => !bound.has(clientId));
    if (taken.length + differing.length === 0) return null;
    return { ofOneAccount: differing.filter((clientId) => !taken.includes(clientId)) };
  }

  /** The node that was given way to has had its turn. */
  #otherWasFirst(): void {
    if (this.#giveWayUntil === 0) return;
    this.#giveWayUntil = 0;
    const flight = this.#flight;
    if (flight === null || flight.retry === null || flight.sent) return;
    flight.retry.cancel();
    flight.retry = null;
    this.#attempt(flight, 0);
  }

  #next(): LogRow | undefined {
    return this.#held.take(this.seq + 1);
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Whether an update has structs of one of these clients. */
function writesAs(update: Uint8Array, clients: ReadonlySet<number>): boolean {
  for (const client of Y.parseUpdateMeta(update).to.keys()) if (clients.has(client)) return true;
  return false;
}
