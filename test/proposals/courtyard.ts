import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEventLog, type EventBatch, type LoggedEvent } from "../../server/events/log.ts";
import { createProposals, type Proposals } from "../../server/proposals/proposals.ts";
import type { Context } from "../../server/sockets/area.ts";
import { openPostgres } from "../../server/storage/postgres.ts";
import { openSqlite } from "../../server/storage/sqlite.ts";
import type { Storage } from "../../server/storage/storage.ts";
import type { PersonActor, Role } from "../../shared/identity/model.ts";
import type { ProposalDraft } from "../../shared/proposals/model.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import { freshDatabase } from "../services/postgres.ts";

export const dialects = ["sqlite", "postgres"] as const;
export type DialectName = (typeof dialects)[number];

export interface Heard {
  name: string;
  data: unknown;
  rooms: string[];
}

/** A courtyard on a real database, its proposals area, and what it told. */
export interface Courtyard extends Proposals {
  storage: Storage;
  clock: { now(): number; pass(ms: number): void };
  events: LoggedEvent[];
  signals: Heard[];
  households: string[];
  facilitator: PersonActor;
  /** The member number `phone` of household number `index`. */
  resident(index: number, phone?: number): PersonActor;
  officer: PersonActor;
  as(actor: PersonActor): Context;
  /** A draft already open; the id of the proposal. */
  openVote(draft?: Partial<ProposalDraft>, seconds?: number): Promise<string>;
  cast(
    actor: PersonActor,
    proposalId: string,
    optionId: string,
    ballotId?: string,
    round?: number,
  ): Promise<{ receipt: string; at: number; counts: boolean }>;
  /** A second node on the same database. */
  secondNode(): Proposals;
  close(): Promise<void>;
}

const communityId = "community-1";
const courtyardId = "courtyard-1";
let ids = 0;
/** An id as a client would make it. */
export const clientId = (): string => `client-${String(++ids).padStart(8, "0")}`;

export const yesNo: ProposalDraft = {
  question: "院坝晾衣区怎么改",
  body: "靠花台那边多加两排杆子。",
  kind: "yes-no-abstain",
  options: [],
  rule: defaultRule,
};

export const threeOptions: ProposalDraft = {
  ...yesNo,
  kind: "options",
  options: ["周六上午", "周六下午", "周日上午"],
  rule: { ...defaultRule, abstention: "not-offered" },
};

/** Opens a database of its own with `homes` households; household i has (i + 1) × 10 m². */
export async function openCourtyard(dialect: DialectName, homes: number, phones = 1): Promise<Courtyard> {
  const { storage, remove } = await openStorage(dialect);
  const { households, residents } = await settle(storage, homes, phones);
  let now = 1_800_000_000_000;
  const clock = {
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
  const events: LoggedEvent[] = [];
  const signals: Heard[] = [];
  const node = (): Proposals =>
    createProposals({
      storage,
      clock,
      log: createEventLog({ storage, clock, publish: (batch: EventBatch) => events.push(...batch.events) }),
      tell: {
        others: () => {},
        hear: () => {},
        signal: (name, data, audience) => {
          const rooms = Object.entries(audience).map(([kind, id]) => `${kind}:${id}`);
          signals.push({ name, data, rooms });
        },
      },
      logger: {
        error: (problem: unknown) => {
          throw problem instanceof Error ? problem : new Error(JSON.stringify(problem));
        },
      },
    });
  const nodes: Proposals[] = [];
  const added = (): Proposals => {
    const one = node();
    nodes.push(one);
    return one;
  };
  const proposals = added();

  const actor = (residentId: string, role: Role | null, home: number | null): PersonActor => ({
    kind: "person",
    sessionId: `session-${residentId}`,
    residentId,
    displayName: `name of ${residentId}`,
    communityId,
    courtyardId,
    household:
      home === null
        ? null
        : {
            householdId: households[home] ?? "",
            buildingId: "building-1",
            unitId: "unit-1",
            courtyardId,
            door: `1-1-${home}`,
          },
    grants: role ? [{ role, courtyardId, buildingId: null }] : [],
  });
  const as = (who: PersonActor): Context => ({
    session: {
      actor: who,
      strong: true,
      status: "confirmed",
      roles: [],
      needsPassword: false,
      endsAt: now + 1_000_000,
    },
    actor: who,
    person: () => who,
    now: clock.now(),
  });
  const facilitator = actor("facilitator-1", "facilitator", null);
  const { commands } = proposals.handlers;
  return {
    ...proposals,
    storage,
    clock,
    events,
    signals,
    households,
    facilitator,
    officer: actor("officer-1", "officer", null),
    resident: (index, phone = 0) => actor(residents[index]?.[phone] ?? "", null, index),
    as,
    openVote: async (draft = {}, seconds = 120) => {
      const proposalId = clientId();
      await commands["proposal.write"]({ proposalId, ...yesNo, ...draft }, as(facilitator));
      await commands["proposal.open"]({ proposalId, ending: { afterSeconds: seconds } }, as(facilitator));
      return proposalId;
    },
    cast: (who, proposalId, optionId, ballotId = clientId(), round = 1) =>
      commands["ballot.cast"]({ ballotId, proposalId, round, optionId }, as(who)),
    secondNode: added,
    close: async () => {
      for (const one of nodes) await one.stop();
      await storage.close();
      await remove();
    },
  };
}

async function openStorage(dialect: DialectName): Promise<{ storage: Storage; remove(): Promise<void> }> {
  if (dialect === "postgres") {
    const database = await freshDatabase();
    return { storage: await openPostgres(database.url, 10), remove: () => database.drop() };
  }
  const directory = await mkdtemp(join(tmpdir(), "yuanba-proposals-"));
  return {
    storage: await openSqlite(directory),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function settle(storage: Storage, homes: number, phones: number) {
  const households = Array.from({ length: homes }, (_, index) => `household-${index}`);
  const residents = households.map((home) =>
    Array.from({ length: phones }, (_, phone) => `resident-${home}-${phone}`),
  );
  const person = (id: string, householdId: string | null) => ({
    id,
    community_id: communityId,
    household_id: householdId,
    display_name: `name of ${id}`,
    status: "confirmed" as const,
    password_hash: null,
    failed_sign_ins: 0,
    locked_until: 0,
    created_at: 0,
    confirmed_at: null,
    confirmed_by: null,
  });
  await storage.write(async ({ db }) => {
    await db
      .insertInto("communities")
      .values({ id: communityId, name: "社区", seq: 0, created_at: 0 })
      .execute();
    await db
      .insertInto("courtyards")
      .values({
        id: courtyardId,
        community_id: communityId,
        name: "院子",
        boards_at: "courtyard",
        open_boards: 0,
        places_version: 1,
        created_at: 0,
      })
      .execute();
    await db
      .insertInto("buildings")
      .values({ id: "building-1", courtyard_id: courtyardId, name: "1", sort: 0 })
      .execute();
    await db
      .insertInto("units")
      .values({ id: "unit-1", building_id: "building-1", name: "1", sort: 0 })
      .execute();
    for (const [index, id] of households.entries()) {
      await db
        .insertInto("households")
        .values({
          id,
          courtyard_id: courtyardId,
          building_id: "building-1",
          unit_id: "unit-1",
          door: String(index),
          sort: index,
          floor: null,
          area: (index + 1) * 1000,
          contact: null,
          phoneless: 0,
          created_at: 0,
        })
        .execute();
    }
    const members = households.flatMap((home, index) =>
      (residents[index] ?? []).map((id) => person(id, home)),
    );
    await db
      .insertInto("residents")
      .values([...members, person("facilitator-1", null), person("officer-1", null)])
      .execute();
  });
  return { households, residents };
}
