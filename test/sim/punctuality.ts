import type { LoggedEvent } from "../../server/events/log.ts";
import { nodeEventOf } from "../../server/events/node-events.ts";
import { followEvery } from "../../server/fanout/follow.ts";
import { everybody } from "./sim-gateway.ts";
import type { SimNode } from "./sim-node.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";

/** Milliseconds after which every node that can read the log has heard of a commit, whatever Redis does. */
const heardWithin = 2_000;

/**
 * The same for the rows of a board, which follow their log by themselves: between two looks lies the time that is waited
 * while the bus is trusted, and each asks where the boards stand and what came after.
 * @param slowest milliseconds that a question is on its way to the database, or its answer back, at most
 */
const shownWithin = (slowest: number): number => followEvery.trusted + 2 * 4 * slowest;

/** A row of a board that has been committed. */
export type CommittedRow = {
  boardId: string;
  seq: number;
  update: Uint8Array;
  /** The bytes of its update, as a key. */
  key: string;
  at: number;
  /** Who has made it. */
  authors: ReadonlySet<string>;
};

/** Looks, some time after each commit, whether every node has done by then what it asks for. */
export class Punctuality {
  readonly #clock: VirtualClock;
  readonly #witness: Witness;
  readonly #nodes: () => readonly SimNode[];
  readonly #shownWithin: number;

  /** @param slowest milliseconds of the slowest way to the database */
  constructor(clock: VirtualClock, witness: Witness, nodes: () => readonly SimNode[], slowest: number) {
    this.#clock = clock;
    this.#witness = witness;
    this.#nodes = nodes;
    this.#shownWithin = shownWithin(slowest);
  }

  eventsCommitted(events: readonly LoggedEvent[]): void {
    const { now } = this.#clock;
    for (const node of this.#nodes())
      if (node.life.alive)
        this.#look(node, heardWithin, now, () => {
          for (const event of events) this.#judge(node, event, now);
        });
  }

  /** Whoever has the board open and reads must be shown the row, unless it is their own. */
  rowCommitted(row: CommittedRow): void {
    const { boardId, seq, at, authors } = row;
    for (const node of this.#nodes()) {
      if (!node.life.alive) continue;
      const readers = [...node.lines].filter(
        ([{ frames }, { residentId }]) =>
          frames.boardId === boardId && frames.hasBoard && !authors.has(residentId),
      );
      if (readers.length === 0) continue;
      this.#look(node, this.#shownWithin, at, () => {
        for (const [line, { residentId }] of readers)
          if (line.server.isOpen && line.readsSince(at) && !line.frames.has(row))
            this.#witness.fail(
              "row-late",
              `node ${node.index} has not shown row ${seq} of ${boardId} to ${residentId}`,
            );
      });
    }
  }

  /** Time in which the node is held up, or cannot read the log, does not count. */
  #look(node: SimNode, within: number, from: number, judge: () => void): void {
    const { life } = node;
    this.#clock.after(from + within - this.#clock.now, () => {
      if (!life.alive || node.life !== life || node.draining) return;
      const sound = Math.max(from, node.running.store.soundSince, life.frozenUntil);
      if (sound > from) this.#look(node, within, sound, judge);
      else judge();
    });
  }

  #judge(node: SimNode, event: LoggedEvent, at: number): void {
    if (event.rooms.includes(everybody))
      for (const [line, { welcomedAt, sentTo }] of node.running.gateway.lines)
        if (welcomedAt < at && sentTo < event.seq)
          this.#witness.fail(
            "event-late",
            `node ${node.index} has not told ${line.sessionId} of ${event.seq}`,
          );
    const forNodes = nodeEventOf(event);
    if (forNodes?.name !== "node.access-has-changed") return;
    const { residentId, sessionIds } = forNodes.data;
    for (const [line, { judgedAt }] of node.running.gateway.lines)
      if (sessionIds.includes(line.sessionId) && judgedAt < at)
        this.#witness.fail("access-late", `node ${node.index} goes on with ${line.sessionId}`);
    for (const [line, peer] of node.lines)
      if (peer.residentId === residentId && peer.judgedAt < at && line.server.isOpen)
        this.#witness.fail("access-late", `node ${node.index} goes on with the board of ${residentId}`);
  }
}
