import { createBoardBus } from "../../server/fanout/board-bus.ts";
import { type Bus, silentBus } from "../../server/fanout/bus.ts";
import { intervalOf } from "../../server/fanout/follow.ts";
import { type BusCounters, RedisBus } from "../../server/fanout/redis-bus.ts";
import type { SyncCounters } from "../../server/sync/counters.ts";
import type { BoardSocket, PeerOptions } from "../../server/sync/peer.ts";
import { CommitRefused } from "../../server/sync/ports.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { NotSaved } from "../../server/sync/sequence.ts";
import type { RoomSettings } from "../../server/sync/settings.ts";
import { Turns } from "../../server/turns.ts";
import { testInstallation } from "../nodes/bus-stubs.ts";
import { Chance } from "./chance.ts";
import { DiskLine, SimulatedFault } from "./disk-line.ts";
import type { Mutation } from "./mutations.ts";
import { ProcessLife } from "./process-life.ts";
import { type SimRedis, SimRedisLine } from "./sim-bus.ts";
import type { SimDisk } from "./sim-disk.ts";
import type { SimLine } from "./sim-line.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";

const installation = testInstallation();

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

/** One node through all its lives: each begins with an empty memory and the same database. */
export class SimNode {
  readonly index: number;
  lives = 0;
  life: ProcessLife;
  rooms: Rooms;
  /** Null for a node that is alone. */
  bus: RedisBus | null;
  /** Its way to Redis. */
  redis: SimRedisLine;
  store: DiskLine;
  draining = false;
  lines = new Set<SimLine>();
  /** What its rooms have counted, life by life. */
  readonly counters: SyncCounters[] = [];
  /** And its bus. */
  readonly busCounters: BusCounters[] = [];
  readonly #ports: NodePorts;

  constructor(ports: NodePorts) {
    this.index = ports.index;
    this.#ports = ports;
    ({
      life: this.life,
      bus: this.bus,
      redis: this.redis,
      store: this.store,
      rooms: this.rooms,
    } = this.#begin());
  }

  restart(): void {
    if (this.life.alive) return;
    this.draining = false;
    this.lines = new Set();
    ({
      life: this.life,
      bus: this.bus,
      redis: this.redis,
      store: this.store,
      rooms: this.rooms,
    } = this.#begin());
  }

  /** A line that ends in this life of the node. */
  take(line: SimLine, options: PeerOptions): void {
    this.lines.add(line);
    const { mutation } = this.#ports;
    line.connect((socket: BoardSocket) =>
      this.rooms.accept(mutation.socket?.(socket) ?? socket, mutation.access?.(options) ?? options),
    );
  }

  #begin(): Pick<SimNode, "life" | "bus" | "redis" | "store" | "rooms"> {
    const { seed, index, shared, clock, disk, redis, settings, mutation, apart, lag, deaf } = this.#ports;
    const chance = new Chance(seed, index, ++this.lives);
    const life: ProcessLife = new ProcessLife(clock, () => {
      line.end();
      store.abandon();
      for (const line of this.lines) line.processDied();
    });
    life.skew = chance.pick(apart);
    const line: SimRedisLine = new SimRedisLine(redis, life);
    if (deaf) line.cut("broken");
    const bus = shared ? this.#join(line, chance) : null;
    const store: DiskLine = new DiskLine(disk, clock, life, chance, { shared, lag });
    const timers = mutation.timers?.(life) ?? life;
    const rooms = new Rooms({
      store: mutation.store?.(store, clock) ?? store,
      ...(bus === null ? {} : { bus: createBoardBus(this.#damaged(bus), () => clock.now) }),
      followEvery: () => intervalOf(bus ?? silentBus),
      timers,
      // One answer a turn: whatever may happen between two of a herd does.
      turns: new Turns((run) => void timers.after(chance.between(0, 3), run), 0.01),
      settings,
      newClientId: () => chance.clientId(),
      report: (boardId, what, error) => this.#judge(boardId, what, error),
    });
    this.counters.push(rooms.counters);
    bus?.onBack(() => void rooms.catchUp().catch((error) => this.#judge("", "log", error)));
    return { life, bus, redis: line, store, rooms };
  }

  #join({ clients, life }: SimRedisLine, chance: Chance): RedisBus {
    const { clock } = this.#ports;
    const bus = new RedisBus(
      clients,
      installation,
      `node ${this.index}, life ${this.lives}`,
      // The time all nodes go by is the database's.
      { now: () => clock.now },
      { warn: () => {}, info: () => {} },
      { timers: life, chance: () => chance.next() },
    );
    this.busCounters.push(bus.counters);
    return bus;
  }

  /** The bus as the boards have it, with what a defect does to their words. */
  #damaged(bus: RedisBus): Bus {
    const { carry = (message: Uint8Array) => message } = this.#ports.mutation;
    return {
      healthy: () => bus.healthy(),
      publish: (channel, message) => bus.publish(channel, carry(message)),
      subscribe: (channel, hear) => bus.subscribe(channel, hear),
      onBack: (listener) => bus.onBack(listener),
      close: () => bus.close(),
    };
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
