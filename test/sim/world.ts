import type { PeerOptions } from "../../server/sync/peer.ts";
import type { RoomSettings } from "../../server/sync/settings.ts";
import { roomLimits } from "../../shared/board/limits.ts";
import type { CloseName } from "../../shared/wire/close-codes.ts";
import { Chance } from "./chance.ts";
import { Device } from "./device.ts";
import { Diary } from "./diary.ts";
import { type Mutation, sound } from "./mutations.ts";
import type { Plan } from "./plan.ts";
import { type Profile, profiles } from "./profiles.ts";
import { Residents } from "./residents.ts";
import { type KnownDurable, SentFrames } from "./sent-frames.ts";
import { SimRedis } from "./sim-bus.ts";
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

/** Milliseconds until every node and everybody has heard of a change in the house. */
const newsDelay = 350;

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
  readonly chance: Chance;
  readonly mutation: Mutation;
  /** Clocks agree well enough for presence, which every client orders by them. */
  readonly clocksAgree: boolean;
  /** Client ids that an attacker took before those who show them wrote under them. */
  readonly squatted = new Set<number>();
  /** Forbidden words are counted apart from the honest ones. */
  evilWords = 0;
  #households = 0;
  /** From when on people write into a new household's cell. */
  readonly #knownFrom = new Map<string, number>();
  #dials = 0;
  readonly #plan: Plan;
  readonly #known: KnownDurable = new WeakSet();

  constructor(plan: Plan, { mutation = sound, without = new Set() }: RunOptions = {}) {
    this.#plan = plan;
    this.witness = new Witness(() => this.clock.now, without);
    this.mutation = mutation;
    this.chance = new Chance(plan.seed, 1);
    const { clock, witness } = this;
    this.disk = new SimDisk(witness, (residentId, cell) => this.residents.mayEver(residentId, cell));
    this.redis = new SimRedis(clock, new Chance(plan.seed, 2));
    this.boardIds = Array.from({ length: plan.boards }, (_, at) => `b${at + 1}`);
    for (const id of this.boardIds) this.disk.addBoard(id, ["h1", "h2", "h3", attackerCell], ["garden"]);
    const profile: Profile = profiles[plan.profile];
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
  }

  /** Counts round, so that a plan with fewer people or machines still means something. */
  device(number: number): Device {
    return this.#round(this.devices, number);
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
      dial: (self, client) => this.dial(this.#options(self), client),
      scope: () => this.residents.scope(residentId, this.knownPlaces(boardId)),
      places: () => this.disk.board(boardId),
      isSquatted: (clientId) => this.squatted.has(clientId),
      refused: (self, refusal) => this.#refused(self, refusal),
    });
    this.devices.push(device);
    device.show(`${name} at first`);
    return device;
  }

  /** A socket to a node, mostly one that is known to be up; null when it is not. */
  dial(options: PeerOptions, client: LineClient, to?: SimNode): SimLine | null {
    const chance = new Chance(this.#plan.seed, 4, ++this.#dials);
    const up = this.nodes.filter(({ life, draining }) => life.alive && !draining);
    const node = to ?? chance.pick(up.length === 0 || chance.hit(0.05) ? this.nodes : up);
    if (!node.life.alive) return null;
    const isHonest = options.writer?.residentId !== attacker;
    const frames = new SentFrames(options.boardId, this.disk, this.witness, this.#known, isHonest);
    const line = new SimLine(this.clock, node.life, chance, client, frames);
    node.take(line, options);
    return line;
  }

  /** Tells the nodes of something the database knows already, as the event log does: surely, and a little late. */
  tellNodes(first: SimNode, own: (node: SimNode) => void, other: (node: SimNode) => void): void {
    for (const node of this.nodes) {
      if (!node.life.alive) continue;
      if (node === first) own(node);
      else this.clock.after(this.chance.between(1, newsDelay - 50), () => other(node), node.life);
    }
  }

  newHousehold(boardId: string): { household: string; residentId: string } {
    const household = `n${++this.#households}`;
    this.disk.board(boardId).households.push(household);
    this.#knownFrom.set(household, this.clock.now + newsDelay);
    const residentId = `r-${household}`;
    this.residents.movesIn(residentId, household);
    return { household, residentId };
  }

  /** The places people know of by now. */
  knownPlaces(boardId: string): { households: string[]; lists: string[] } {
    const { households, lists } = this.disk.board(boardId);
    const known = (household: string) => (this.#knownFrom.get(household) ?? 0) <= this.clock.now;
    return { households: households.filter(known), lists };
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

  #options({ boardId, residentId }: Device): PeerOptions {
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
