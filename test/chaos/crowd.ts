import { setTimeout as pause } from "node:timers/promises";
import { nanoid } from "nanoid";
import type { SeededHousehold } from "../server/seeded.ts";
import { until } from "../services/until.ts";
import type { BoardLink } from "./board-link.ts";
import { BoardReader } from "./board-reader.ts";
import { BoardWriter, itemsOfAWriter } from "./board-writer.ts";
import type { Chance } from "./chance.ts";
import { EventLink } from "./event-link.ts";
import type { Victims } from "./faults.ts";
import type { Findings } from "./findings.ts";
import type { Fleet } from "./fleet.ts";
import { Intruder } from "./intruder.ts";
import type { Ledger } from "./ledger.ts";
import { Talker } from "./talker.ts";
import { openVote, Voter } from "./voter.ts";

export interface CrowdSize {
  writers: number;
  readers: number;
  talkers: number;
  voters: number;
}

/** A cell takes 60 things, one of them shared: so many writers can have lived in one household. */
const writersOfAHousehold = Math.floor(59 / itemsOfAWriter);
/** Between two steps of one writer, milliseconds. */
const betweenSteps = { least: 40, most: 220 };

const betweenIntrusions = 150;
/** In so many of a hundred of these moments somebody changes networks, and with it the node. */
const wandering = 20;

/** Everyone who uses the yard during a run. */
export class Crowd implements Victims {
  writers: BoardWriter[] = [];
  readers: BoardReader[] = [];
  readonly talkers: Talker[] = [];
  readonly voters: Voter[] = [];
  readonly intruder: Intruder;
  crashes = 0;
  readonly #fleet: Pick<Fleet, "sites" | "seeded">;
  readonly #ledger: Ledger;
  readonly #findings: Findings;
  readonly #chance: Chance;
  readonly #known: (itemId: string, title: string) => void;
  readonly #homes: SeededHousehold[];
  readonly #lived = new Map<SeededHousehold, number>();
  #named = 0;
  #busy = false;
  #stopped = false;
  #working: Promise<unknown> = Promise.resolve();

  constructor(deps: {
    fleet: Pick<Fleet, "sites" | "seeded">;
    ledger: Ledger;
    findings: Findings;
    chance: Chance;
    /** Called with what somebody has just seen or was told saved. */
    known: (itemId: string, title: string) => void;
  }) {
    this.#fleet = deps.fleet;
    this.#ledger = deps.ledger;
    this.#findings = deps.findings;
    this.#chance = deps.chance;
    this.#known = deps.known;
    const { sites, seeded } = deps.fleet;
    const [stranger, ...homes] = seeded.households;
    if (!stranger) throw new Error("no households");
    this.#homes = homes;
    this.intruder = new Intruder({
      token: stranger.token,
      sites,
      boardId: seeded.boardId,
      foreign: homes.map(({ householdId }) => householdId),
      findings: deps.findings,
      chance: deps.chance,
    });
  }

  /** Everyone comes, and a vote is opened. */
  async come(size: CrowdSize): Promise<void> {
    const { sites, seeded } = this.#fleet;
    const findings = this.#findings;
    const linkOf = (name: string, at: number, token: string) =>
      new EventLink(name, at % sites.length, { sites, token, findings });
    const facilitator = linkOf("facilitator", 0, seeded.facilitator.token);
    const proposalId = nanoid();
    await until("a vote is open", () => openVote(facilitator, proposalId));
    facilitator.close();
    for (let at = 0; at < size.writers; at++) this.#bearWriter(at);
    for (let at = 0; at < size.readers; at++) this.#bearReader(at);
    for (let at = 0; at < size.talkers; at++) {
      const link = linkOf(`talker ${at}`, at, this.#home(at).token);
      this.talkers.push(new Talker(link, seeded.channelId, findings, this.#chance));
    }
    for (let at = 0; at < size.voters; at++) {
      const link = linkOf(`voter ${at}`, at, this.#home(at + size.talkers).token);
      this.voters.push(new Voter(link, proposalId, findings));
    }
    const stopped = () => this.#stopped;
    const mayGoOn = () => this.#busy;
    this.#working = Promise.all([
      this.#writeOn(stopped),
      this.#intrudeAndWander(stopped),
      ...this.talkers.map((talker) => talker.talk(mayGoOn, stopped)),
      ...this.voters.map((voter) => voter.vote(mayGoOn, stopped)),
    ]);
  }

  /** As many at each node, and the phones of one home apart: after a restart all would be at the node that was up. */
  spread(): void {
    const nodes = this.#fleet.sites.length;
    const homes = Map.groupBy(this.writers, ({ household }) => household.householdId);
    for (const phones of homes.values()) {
      const offset = this.#chance.between(0, nodes - 1);
      phones.forEach(({ link }, at) => {
        link.goTo((at + offset) % nodes);
      });
    }
    for (const links of [this.readers.map(({ link }) => link), this.eventLinks])
      links.forEach((link, at) => {
        link.goTo(at % nodes);
      });
  }

  /** From different nodes, all phones of a household write the same thing at the same moment, and nobody after them. */
  async clash(): Promise<void> {
    this.spread();
    await until("everyone is where it belongs", () => this.boardLinks.every(({ synced }) => synced));
    for (const writer of this.writers) writer.writeShared();
  }

  /** Everybody is busy, or nobody begins anything new. */
  set busy(busy: boolean) {
    this.#busy = busy;
  }

  /** All open boards. */
  get boardLinks(): BoardLink[] {
    return [...this.writers, ...this.readers].filter(({ refused }) => !refused).map(({ link }) => link);
  }

  get eventLinks(): EventLink[] {
    return [...this.talkers, ...this.voters].map(({ link }) => link);
  }

  /** Nobody waits for an answer to a message or a ballot. */
  get idle(): boolean {
    return [...this.talkers, ...this.voters].every(({ idle }) => idle);
  }

  /** Everybody begins; settles when each talker and voter was answered once more. */
  async begin(): Promise<void> {
    this.spread();
    this.#busy = true;
    const answered = () => [
      ...this.talkers.map(({ said }) => said.filter(({ seq }) => seq !== null).length),
      ...this.voters.map(({ receipts }) => receipts.size),
    ];
    const before = answered();
    await until("everyone was answered", () => answered().every((count, at) => count > (before[at] ?? 0)));
  }

  crashWriters(node: number | null): void {
    const dying = this.writers.filter(({ link }) => node === null || link.node === node);
    for (const writer of dying) {
      this.crashes++;
      writer.link.drop();
      this.writers.splice(this.writers.indexOf(writer), 1);
      this.#bearWriter(this.#chance.between(0, this.#fleet.sites.length - 1));
    }
  }

  crashAll(): void {
    this.crashWriters(null);
    for (const reader of this.readers.splice(0)) {
      reader.link.drop();
      this.#bearReader(reader.link.node);
    }
  }

  /** Ends everybody's work and connections; what they know stays. */
  async leave(): Promise<void> {
    this.#stopped = true;
    await this.#working;
    this.intruder.close();
    for (const link of this.boardLinks) link.drop();
    for (const link of this.eventLinks) link.close();
  }

  async #writeOn(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const wait =
        this.#chance.between(betweenSteps.least, betweenSteps.most) / Math.max(1, this.writers.length);
      await pause(wait);
      if (!this.#busy || this.writers.length === 0) continue;
      const writer = this.#chance.pick(this.writers);
      if (this.#chance.percent(25)) writer.writeShared();
      else writer.write();
    }
  }

  async #intrudeAndWander(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      await pause(betweenIntrusions);
      this.#replaceRefused();
      if (!this.#busy) continue;
      this.intruder.act();
      const links = this.boardLinks;
      if (this.#chance.percent(wandering) && links.length > 0)
        this.#chance.pick(links).goTo(this.#chance.between(0, this.#fleet.sites.length - 1));
    }
  }

  /** Whom the server has refused drops the local copy and comes anew. */
  #replaceRefused(): void {
    for (const writer of this.writers.filter(({ refused }) => refused)) {
      writer.link.drop();
      this.writers.splice(this.writers.indexOf(writer), 1);
      this.#bearWriter(writer.link.node);
    }
    for (const reader of this.readers.filter(({ refused }) => refused)) {
      reader.link.drop();
      this.readers.splice(this.readers.indexOf(reader), 1);
      this.#bearReader(reader.link.node);
    }
  }

  #home(at: number): SeededHousehold {
    const home = this.#homes[at % this.#homes.length];
    if (!home) throw new Error("no homes");
    return home;
  }

  /** Often another phone of a home that has one already; a full cell takes no more. */
  #bearWriter(at: number): void {
    const hasRoom = (home: SeededHousehold) => (this.#lived.get(home) ?? 0) < writersOfAHousehold;
    const shared = this.writers.map(({ household }) => household).filter(hasRoom);
    const choices = shared.length > 0 && this.#chance.percent(60) ? shared : this.#homes.filter(hasRoom);
    const household = this.#chance.pick(choices);
    this.#lived.set(household, (this.#lived.get(household) ?? 0) + 1);
    const { sites, seeded } = this.#fleet;
    const writer = new BoardWriter({
      name: `w${++this.#named}`,
      household,
      sites,
      at: at % sites.length,
      boardId: seeded.boardId,
      ledger: this.#ledger,
      findings: this.#findings,
      chance: this.#chance,
      confirmed: this.#known,
    });
    this.writers.push(writer);
  }

  #bearReader(at: number): void {
    const { sites, seeded } = this.#fleet;
    const reader = new BoardReader({
      name: `reader ${++this.#named}`,
      token: this.#home(at).token,
      sites,
      at: at % sites.length,
      boardId: seeded.boardId,
      householdIds: seeded.households.map(({ householdId }) => householdId),
      ledger: this.#ledger,
      findings: this.#findings,
      sighted: this.#known,
    });
    this.readers.push(reader);
  }
}
