import { isDeepStrictEqual } from "node:util";
import type { BusCounters } from "../../server/fanout/redis-bus.ts";
import type { SyncCounters } from "../../server/sync/counters.ts";
import type { PeerOptions } from "../../server/sync/peer.ts";
import { CommitRefused } from "../../server/sync/ports.ts";
import { NotSaved } from "../../server/sync/sequence.ts";
import type { RoomSettings } from "../../server/sync/settings.ts";
import { Chance } from "./chance.ts";
import { SimulatedFault } from "./disk-line.ts";
import type { EventLine } from "./event-line.ts";
import type { Mutation } from "./mutations.ts";
import type { ProcessLife } from "./process-life.ts";
import { RunningNode } from "./running-node.ts";
import type { SimRedis } from "./sim-bus.ts";
import { communityId } from "./sim-community.ts";
import type { SimDisk } from "./sim-disk.ts";
import type { SimFolder } from "./sim-folder.ts";
import type { SimLine } from "./sim-line.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";

export type NodePorts = {
  seed: number;
  index: number;
  shared: boolean;
  clock: VirtualClock;
  disk: SimDisk;
  redis: SimRedis;
  witness: Witness;
  settings: Partial<RoomSettings>;
  /** How far the clock of a machine may be from the true time, milliseconds. */
  apart: readonly number[];
  lag: [number, number];
  /** It hears nothing over the bus until the run heals. */
  deaf: boolean;
  mutation: Mutation;
};

/** A connection to a board: whose it is, and when the database was asked for what they may do; never before it is in. */
export type BoardPeer = { residentId: string; judgedAt: number };

/** One node through all its lives: each begins with an empty memory and the same database. */
export class SimNode {
  readonly index: number;
  lives = 0;
  running: RunningNode;
  draining = false;
  lines = new Map<SimLine, BoardPeer>();
  eventLines = new Set<EventLine>();
  /** What its rooms have counted, life by life. */
  readonly counters: SyncCounters[] = [];
  /** And its bus. */
  readonly busCounters: BusCounters[] = [];
  readonly folders: SimFolder[] = [];
  readonly #ports: NodePorts;

  constructor(ports: NodePorts) {
    this.index = ports.index;
    this.#ports = ports;
    this.running = this.#begin();
  }

  get life(): ProcessLife {
    return this.running.life;
  }

  restart(): void {
    if (this.life.alive) return;
    this.draining = false;
    this.lines = new Map();
    this.eventLines = new Set();
    this.running = this.#begin();
  }

  /**
   * A line that ends in this life of the node.
   * @param ask who comes and what they may do, as the database has it at that moment
   */
  take(line: SimLine, residentId: string, ask: () => PeerOptions): void {
    const { mutation, clock, witness } = this.#ports;
    const { boardDoor, store } = this.running;
    const peer: BoardPeer = { residentId, judgedAt: Number.POSITIVE_INFINITY };
    this.lines.set(line, peer);
    const judge = () => store.ask("access", () => ({ options: ask(), at: clock.now }));
    line.connect((open, refuse) => {
      const letIn = boardDoor.open();
      judge().then(
        ({ options, at }) => {
          if (!line.server.isOpen) return;
          const socket = open();
          peer.judgedAt = at;
          letIn(mutation.socket?.(socket) ?? socket, {
            communityId,
            options: mutation.access?.(options) ?? options,
            changed: async () => {
              const again = await judge();
              peer.judgedAt = again.at;
              return isDeepStrictEqual(again.options, options) ? null : "access-changed";
            },
          });
        },
        (error: unknown) => {
          if (!(error instanceof SimulatedFault)) witness.fail("fault", `at the door: ${error}`);
          refuse();
        },
      );
    });
  }

  /** A client that listens to the community comes with the number of the last event it has. */
  welcome(line: EventLine, cursor: number | undefined): void {
    const { gateway } = this.running;
    this.eventLines.add(line);
    line.connect(() => void gateway.welcome(line, cursor));
  }

  #begin(): RunningNode {
    const { seed, index } = this.#ports;
    const chance = new Chance(seed, index, ++this.lives);
    const running = new RunningNode(
      this.#ports,
      `node ${index}, life ${this.lives}`,
      chance,
      () => {
        for (const line of this.lines.keys()) line.processDied();
        for (const line of this.eventLines) line.processDied();
      },
      (boardId, what, error) => this.#judge(boardId, what, error),
    );
    this.counters.push(running.rooms.counters);
    this.folders.push(running.folder);
    if (running.bus !== null) this.busCounters.push(running.bus.counters);
    return running;
  }

  /** What the run broke may be reported; everything else that the server finds strange is a finding. */
  #judge(boardId: string, what: string, error: unknown): void {
    if (error instanceof SimulatedFault || error instanceof CommitRefused || error instanceof NotSaved)
      return;
    this.#ports.witness.fail(
      "fault",
      `${boardId} ${what}: ${error instanceof Error ? error.message : error}`,
    );
  }
}
