import type { Unit } from "../../server/events/log.ts";
import type { PeerOptions } from "../../server/sync/peer.ts";
import type { RoomSettings } from "../../server/sync/settings.ts";
import { roomLimits } from "../../shared/board/limits.ts";
import type { CloseName } from "../../shared/wire/close-codes.ts";
import { Chance } from "./chance.ts";
import { Device } from "./device.ts";
import { Diary } from "./diary.ts";
import { SimulatedFault } from "./disk-line.ts";
import { EventLine } from "./event-line.ts";
import { Listener } from "./listener.ts";
import { type Mutation, sound } from "./mutations.ts";
import type { Plan } from "./plan.ts";
import { type Profile, profiles } from "./profiles.ts";
import { Punctuality } from "./punctuality.ts";
import { Residents } from "./residents.ts";
import { type KnownDurable, SentFrames } from "./sent-frames.ts";
import { SimRedis } from "./sim-bus.ts";
import { communityId, SimCommunity } from "./sim-community.ts";
import { SimDisk } from "./sim-disk.ts";
import { type LineClient, SimLine } from "./sim-line.ts";
import { SimNode } from "./sim-node.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { type Rule, Witness } from "./witness.ts";

/** Quicker than in life, so that a short run meets all of it. Milliseconds, and counts. */
export const simSettings: Partial<RoomSettings> = {
  idleMs: 2_500,
  commitTimeoutMs: 2_000,
  compactRows: 10,
  renewClients: 1_000,
  limits: { ...roomLimits, staleBytes: 2 * 1024, staleFor: 6_000 },
};

export type RunOptions = {
  mutation?: Mutation;
  /** Rules that are not looked at. */
  without?: ReadonlySet<Rule>;
};

export const attacker = "r-evil";
export const attackerCell = "hx";

/** Everything there is in one run: the machines, the people, and who watches them. */
export class World {
  readonly clock = new VirtualClock((error) => this.witness.fail("fault", `not caught: ${error}`));
  readonly witness: Witness;
  readonly residents = new Residents();
  readonly diary = new Diary();
  readonly disk: SimDisk;
  readonly redis: SimRedis;
  readonly nodes: SimNode[];
  readonly boardIds: string[];
  readonly devices: Device[] = [];
  readonly listeners: Listener[] = [];
  readonly chance: Chance;
  readonly mutation: Mutation;
  /** Clocks agree well enough for presence, which every client orders by them. */
  readonly clocksAgree: boolean;
  /** Client ids that an attacker took before those who show them wrote under them. */
  readonly squatted = new Set<number>();
  /** Forbidden words are counted apart from the honest ones. */
  evilWords = 0;
  /** What has been told to the community. */
  tellings = 0;
  #households = 0;
  #dials = 0;
  #calls = 0;
  readonly #plan: Plan;
  readonly #known: KnownDurable = new WeakSet();

  constructor(plan: Plan, { mutation = sound, without = new Set() }: RunOptions = {}) {
    this.#plan = plan;
    this.witness = new Witness(() => this.clock.now, without);
    this.mutation = mutation;
    this.chance = new Chance(plan.seed, 1);
    const { clock, witness } = this;
    const profile: Profile = profiles[plan.profile];
    const punctuality = new Punctuality(clock, witness, () => this.nodes, profile.lag[1]);
    const community = new SimCommunity(clock, witness, (events) => punctuality.eventsCommitted(events));
    this.disk = new SimDisk(
      witness,
      community,
      (residentId, cell) => this.residents.mayEver(residentId, cell),
      (row) => punctuality.rowCommitted(row),
      () => clock.now,
    );
    this.redis = new SimRedis(clock, new Chance(plan.seed, 2));
    this.boardIds = Array.from({ length: plan.boards }, (_, at) => `b${at + 1}`);
    for (const id of this.boardIds) this.disk.addBoard(id, ["h1", "h2", "h3", attackerCell], ["garden"]);
    const settings = { ...simSettings, ...profile.settings };
    const shared = plan.nodes > 1 || this.chance.hit(0.5);
    const { disk, redis } = this;
    const { apart, lag, deaf = false } = profile;
    this.clocksAgree = [...apart, ...profile.skews].every((ms) => Math.abs(ms) <= 100);
    const ports = {
      seed: plan.seed,
      shared,
      clock,
      disk,
      redis,
      witness,
      settings,
      mutation,
      apart,
      lag,
      deaf,
    };
    this.nodes = Array.from({ length: plan.nodes }, (_, index) => new SimNode({ ...ports, index }));
    this.residents.movesIn(attacker, attackerCell);
    this.residents.isSteward("r-steward");
    this.residents.change("r-kiosk", "leaves", "");
    for (let at = 0; at < plan.devices; at++) this.#cast(at);
    for (let at = 0; at < plan.listeners; at++) this.#seat(at);
  }

  /** Counts round, so that a plan with fewer people or machines still means something. */
  device(number: number): Device {
    return this.#round(this.devices, number);
  }

  listener(number: number): Listener {
    return this.#round(this.listeners, number);
  }

  node(number: number): SimNode {
    return this.#round(this.nodes, number);
  }

  boardId(number: number): string {
    return this.#round(this.boardIds, number);
  }

  addDevice(name: string, residentId: string, boardId: string): Device {
    const device = new Device(name, residentId, boardId, {
      clock: this.clock,
      chance: new Chance(this.#plan.seed, 3, this.devices.length),
      diary: this.diary,
      dial: (_self, client) => this.dial(residentId, () => this.#options(residentId, boardId), client),
      scope: () => this.residents.scope(residentId, this.disk.board(boardId)),
      places: () => this.disk.board(boardId),
      isSquatted: (clientId) => this.squatted.has(clientId),
      refused: (self, refusal) => this.#refused(self, refusal),
    });
    this.devices.push(device);
    device.show(`${name} at first`);
    return device;
  }

  /**
   * A socket to a node, mostly one that is known to be up; null when it is not.
   * @param ask what they may do, as the database has it
   */
  dial(residentId: string, ask: () => PeerOptions, client: LineClient, to?: SimNode): SimLine | null {
    const chance = new Chance(this.#plan.seed, 4, ++this.#dials);
    const node = to ?? this.#mostlyUp(chance);
    if (!node.life.alive) return null;
    const isHonest = residentId !== attacker;
    const { boardId } = ask();
    const frames = new SentFrames(
      boardId,
      this.disk,
      this.witness,
      this.#known,
      isHonest,
      () => this.clock.now,
    );
    const line = new SimLine(this.clock, node.life, chance, client, frames);
    node.take(line, residentId, ask);
    return line;
  }

  /** A command on a node: its changes and the events that tell of them are one commit, which may fail. */
  command(node: SimNode, work: (unit: Unit) => void): void {
    if (!node.life.alive || node.draining) return;
    node.running.log
      .write(communityId, async (unit) => work(unit))
      .catch((error) => {
        if (!(error instanceof SimulatedFault)) this.witness.fail("fault", `a command: ${error}`);
      });
  }

  /** The sessions of a person that are signed in. */
  sessionsOf(residentId: string): { id: string }[] {
    return this.listeners
      .filter((listener) => listener.residentId === residentId)
      .map(({ sessionId }) => ({ id: sessionId }));
  }

  newHousehold(boardId: string): { household: string; residentId: string } {
    const household = `n${++this.#households}`;
    this.disk.board(boardId).households.push(household);
    const residentId = `r-${household}`;
    this.residents.movesIn(residentId, household);
    return { household, residentId };
  }

  /** Two phones of one person, a relative of theirs, neighbours, a steward, a kiosk. */
  #cast(at: number): void {
    const boardId = this.boardId(at);
    const seat = Math.floor(at / this.boardIds.length);
    const seats = ["r1", "r2", "r1", "r-steward", "r1b", "r3", "r-kiosk"];
    const residentId = seats[seat % seats.length] ?? "r1";
    if (/^r\d/.test(residentId)) this.residents.movesIn(residentId, `h${residentId.charAt(1)}`);
    this.addDevice(`${residentId} ${at}`, residentId, boardId);
  }

  /** Somebody who listens to the community; the first are people who also write. */
  #seat(at: number): void {
    const residentId = ["r1", "r2", "r-steward", "r3"][at % 4] ?? "r1";
    this.listeners.push(
      new Listener(`listener ${at}`, residentId, {
        clock: this.clock,
        chance: new Chance(this.#plan.seed, 5, at),
        community: this.disk.community,
        witness: this.witness,
        dial: ({ sessionId }, client, cursor) => {
          const chance = new Chance(this.#plan.seed, 6, ++this.#calls);
          const node = this.#mostlyUp(chance);
          if (!node.life.alive || node.draining) return null;
          const line = new EventLine(sessionId, { clock: this.clock, life: node.life, chance }, client);
          node.welcome(line, cursor);
          return line;
        },
      }),
    );
  }

  #mostlyUp(chance: Chance): SimNode {
    const up = this.nodes.filter(({ life, draining }) => life.alive && !draining);
    return chance.pick(up.length === 0 || chance.hit(0.05) ? this.nodes : up);
  }

  #options(residentId: string, boardId: string): PeerOptions {
    const writer = residentId === "r-kiosk" ? null : this.residents.writer(residentId);
    return { boardId, writer, access: this.residents.access(residentId), wantsSaved: true };
  }

  #refused(device: Device, refusal: CloseName): void {
    const { name, residentId } = device;
    const expected =
      refusal === "board-renewed" ||
      (refusal === "forbidden" && this.residents.hasChanged(residentId)) ||
      device.isSquatted;
    if (!expected) this.witness.fail("honest-refused", `${name}: ${refusal}`);
  }

  #round<T>(of: readonly T[], number: number): T {
    const one = of[number % of.length];
    if (one === undefined) throw new Error("there is none of these");
    return one;
  }
}
