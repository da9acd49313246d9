import { createCommunityFeed } from "../../server/community-feed.ts";
import type { EventFeed } from "../../server/events/feed.ts";
import { createEventLogOver, type EventLog } from "../../server/events/log.ts";
import { createBoardBus } from "../../server/fanout/board-bus.ts";
import { type Bus, silentBus } from "../../server/fanout/bus.ts";
import { followOthers, intervalOf } from "../../server/fanout/follow.ts";
import { RedisBus } from "../../server/fanout/redis-bus.ts";
import type { OpenDoors } from "../../server/identity/session-ends.ts";
import { createNodeDuties } from "../../server/node-duties.ts";
import { type BoardDoor, createBoardDoor } from "../../server/sockets/board-door.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { Turns } from "../../server/turns.ts";
import { testInstallation } from "../nodes/bus-stubs.ts";
import type { Chance } from "./chance.ts";
import { DiskLine } from "./disk-line.ts";
import { ProcessLife } from "./process-life.ts";
import { SimRedisLine } from "./sim-bus.ts";
import { SimFolder } from "./sim-folder.ts";
import { SimGateway } from "./sim-gateway.ts";
import type { NodePorts } from "./sim-node.ts";
import { UnitLine } from "./unit-line.ts";

const installation = testInstallation();

/** Milliseconds a community is followed when nobody listens any more: quicker than in life, as the rooms are. */
const lingerMs = 1_000;

/** All that one life of a node has in its memory, put together as the server does it. */
export class RunningNode {
  readonly life: ProcessLife;
  readonly store: DiskLine;
  readonly folder: SimFolder;
  readonly rooms: Rooms;
  /** Null for a node that is alone. */
  readonly bus: RedisBus | null;
  /** Its way to Redis. */
  readonly redis: SimRedisLine;
  readonly log: EventLog;
  readonly feed: EventFeed;
  readonly doors: OpenDoors;
  readonly boardDoor: BoardDoor;
  readonly gateway: SimGateway;
  /** Communities whose words it listens to. */
  listening = 0;
  readonly #following: { close(): void } | null;

  /**
   * @param name of this life, unlike any other's
   * @param died runs when the process has died
   * @param judge is told what the server reports
   */
  constructor(
    ports: NodePorts,
    name: string,
    chance: Chance,
    died: () => void,
    judge: (boardId: string, what: string, error: unknown) => void,
  ) {
    const { shared, clock, disk, redis, witness, settings, mutation, apart, lag, deaf } = ports;
    const onFault = (error: unknown) => judge("", "events", error);
    const life = new ProcessLife(clock, () => {
      this.redis.end();
      this.store.abandon();
      units.abandon();
      died();
    });
    life.skew = chance.pick(apart);
    this.life = life;
    this.redis = new SimRedisLine(redis, life);
    if (deaf) this.redis.cut("broken");
    const bus = shared
      ? new RedisBus(
          this.redis.clients,
          installation,
          name,
          // The time all nodes go by is the database's.
          { now: () => clock.now },
          { warn: () => {}, info: () => {} },
          { timers: life, chance: () => chance.next() },
        )
      : null;
    this.bus = bus;
    this.store = new DiskLine(disk, clock, life, chance, { shared, lag });
    this.folder = new SimFolder(clock, life, chance);
    const { fold, renew } = this.folder;
    const units = new UnitLine(this.store, disk.community, onFault);
    const timers = mutation.timers?.(life) ?? life;
    const rooms = new Rooms({
      store: mutation.store?.(this.store, clock) ?? this.store,
      ...(bus === null ? {} : { bus: createBoardBus(this.#damaged(bus, ports), () => clock.now) }),
      followEvery: () => intervalOf(bus ?? silentBus),
      timers,
      // One answer a turn: whatever may happen between two of a herd does.
      turns: new Turns((run) => void timers.after(chance.between(0, 3), run), 0.01),
      settings,
      fold: mutation.fold?.(fold) ?? fold,
      renew: mutation.renew?.(renew) ?? renew,
      newClientId: () => chance.clientId(),
      report: judge,
    });
    this.rooms = rooms;
    this.doors = {
      endSession: (sessionId) => this.gateway.endSession(sessionId),
      closeResident: (residentId, ended) =>
        rooms.closeResident(residentId, "access-changed", { ended: new Set(ended) }),
    };
    const duties = createNodeDuties({ doors: this.doors, rooms, onFault });
    const { log, feed } = createCommunityFeed({
      openLog: (publish) =>
        createEventLogOver({
          storage: mutation.units?.(units) ?? units,
          table: mutation.table?.(units) ?? units,
          clock: { now: () => clock.now },
          publish,
        }),
      bus: this.#counted(bus ?? silentBus),
      duties: mutation.duties?.(duties) ?? duties,
      tell: mutation.tell?.((event) => this.gateway.tell(event)) ?? ((event) => this.gateway.tell(event)),
      onFault,
      timers: life,
      lingerMs,
    });
    this.log = log;
    this.feed = mutation.feed?.(feed) ?? feed;
    this.boardDoor = createBoardDoor({ rooms, feed: this.feed });
    this.gateway = new SimGateway({
      log,
      feed: this.feed,
      store: this.store,
      community: disk.community,
      witness,
      now: () => clock.now,
    });
    bus?.onBack(() => rooms.meetOthers());
    this.#following =
      bus === null
        ? null
        : followOthers({
            bus,
            always: [() => feed.catchUp()],
            afterTrouble: [() => rooms.catchUp()],
            onFault,
            timers: life,
          });
  }

  /** Stops in order, as the server does; the process ends afterwards. Deadline in milliseconds. */
  async stop(deadline: number): Promise<void> {
    this.#following?.close();
    await this.rooms.drain({ slices: 2, deadline });
    this.feed.close();
    await this.bus?.close();
  }

  /** The bus as the boards have it, with what a defect does to their words. */
  #damaged(bus: RedisBus, { mutation }: NodePorts): Bus {
    const { carry = (message: Uint8Array) => message } = mutation;
    return {
      healthy: () => bus.healthy(),
      publish: (channel, message) => bus.publish(channel, carry(message)),
      subscribe: (channel, hear) => bus.subscribe(channel, hear),
      onBack: (listener) => bus.onBack(listener),
      close: () => bus.close(),
    };
  }

  /** The bus as the events have it, with a count of what is listened to. */
  #counted(bus: Bus): Bus {
    return {
      healthy: () => bus.healthy(),
      publish: (channel, message) => bus.publish(channel, message),
      subscribe: (channel, hear) => {
        const { ready, close } = bus.subscribe(channel, hear);
        this.listening++;
        return {
          ready,
          close: () => {
            this.listening--;
            close();
          },
        };
      },
      onBack: (listener) => bus.onBack(listener),
      close: () => bus.close(),
    };
  }
}
