import type { z } from "zod";
import { createChatHandlers } from "../../server/chat/handlers.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import { createEventLog, type LoggedEvent } from "../../server/events/log.ts";
import { roomsOf } from "../../server/events/rooms.ts";
import type { Session } from "../../server/identity/sessions.ts";
import { Refusal } from "../../server/refusal.ts";
import type { Context } from "../../server/sockets/area.ts";
import { audienceRooms } from "../../server/sockets/audience.ts";
import type { Tell } from "../../server/sockets/tell.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { chatContract } from "../../shared/chat/contract.ts";
import type { Actor, PersonActor, Role, RoleGrant } from "../../shared/identity/model.ts";

type Commands = (typeof chatContract)["commands"];
type Queries = (typeof chatContract)["queries"];
type Whispers = (typeof chatContract)["whispers"];

export interface HeardSignal {
  name: string;
  data: unknown;
  rooms: string[];
}

/** A courtyard with two buildings of two doors each, its people, and the chat on a real database. */
export async function openYard(storage: Storage) {
  const clock = { time: 1_700_000_000_000, now: () => clock.time };
  const events: LoggedEvent[] = [];
  const signals: HeardSignal[] = [];
  const tell: Pick<Tell, "signal" | "others" | "hear"> = {
    others: () => {},
    hear: () => {},
    signal: (name, data, audience) => {
      const rooms = roomsOf(audience as Record<string, string | null>);
      if (rooms.length > 0) signals.push({ name, data, rooms });
    },
  };
  const log = createEventLog({ storage, clock, publish: (batch) => events.push(...batch.events) });
  const faults: unknown[] = [];
  const handlers = createChatHandlers({ log, storage, tell, clock, onFault: (error) => faults.push(error) });

  const places = await storage.write(async (tx) => {
    const communityId = await createCommunity(tx, "晋阳", clock.time);
    const yard = { communityId, name: "晋院 26 号", boardsAt: "courtyard" as const, openBoards: true };
    const courtyardId = await createCourtyard(tx, yard, clock.time);
    const other = await createCourtyard(tx, { ...yard, name: "晋院 27 号" }, clock.time);
    const door = (building: string, number: string) => ({
      building,
      unit: "1",
      door: number,
      area: null,
      contact: null,
    });
    const doors = [door("1", "101"), door("1", "201"), door("3", "501"), door("3", "502")];
    const households = await addHouseholds(tx, courtyardId, doors, clock.time);
    const foreign = await addHouseholds(tx, other, [door("9", "901")], clock.time);
    return { communityId, courtyardId, other, households: [...households, ...foreign] };
  });
  const channelRows = await storage.db
    .selectFrom("channels")
    .leftJoin("buildings", "buildings.id", "channels.building_id")
    .select(["channels.id", "channels.courtyard_id", "buildings.name", "buildings.id as buildingId"])
    .execute();
  const channel = (building: string | null, courtyardId = places.courtyardId): string => {
    const row = channelRows.find((each) => each.name === building && each.courtyard_id === courtyardId);
    if (!row) throw new Error(`No channel of building ${building}`);
    return row.id;
  };
  const buildingId = (name: string): string =>
    channelRows.find((each) => each.name === name)?.buildingId ?? "";

  let people = 0;
  /** A resident behind the nth door (0–3: this yard, 4: the next one, null: no household) with roles. */
  const person = async (
    nth: number | null,
    name: string,
    grants: { role: Role; building?: string }[] = [],
  ): Promise<PersonActor> => {
    const residentId = `resident-${++people}`;
    const householdId = nth === null ? null : (places.households[nth] ?? null);
    const held: RoleGrant[] = grants.map(({ role, building }) => ({
      role,
      courtyardId: places.courtyardId,
      buildingId: building === undefined ? null : buildingId(building),
    }));
    await storage.write(async ({ db }) => {
      await db
        .insertInto("residents")
        .values({
          id: residentId,
          community_id: places.communityId,
          household_id: householdId,
          display_name: name,
          status: "confirmed",
          password_hash: null,
          failed_sign_ins: 0,
          locked_until: 0,
          created_at: clock.time,
          confirmed_at: null,
          confirmed_by: null,
        })
        .execute();
      for (const [index, grant] of held.entries()) {
        await db
          .insertInto("role_grants")
          .values({
            id: `${residentId}-${index}`,
            resident_id: residentId,
            role: grant.role,
            courtyard_id: grant.courtyardId,
            building_id: grant.buildingId,
            granted_by: null,
            created_at: clock.time,
            ended_at: null,
          })
          .execute();
      }
    });
    const home = householdId
      ? await storage.db
          .selectFrom("households")
          .selectAll()
          .where("id", "=", householdId)
          .executeTakeFirstOrThrow()
      : null;
    return {
      kind: "person",
      sessionId: `session-${people}`,
      residentId,
      displayName: name,
      communityId: places.communityId,
      courtyardId: home?.courtyard_id ?? places.courtyardId,
      household: home && {
        householdId: home.id,
        buildingId: home.building_id,
        unitId: home.unit_id,
        courtyardId: home.courtyard_id,
        door: home.door,
      },
      grants: held,
    };
  };

  const sessionOf = (actor: Actor): Session => ({
    actor,
    strong: true,
    status: "confirmed",
    roles: [],
    needsPassword: false,
    endsAt: clock.time + 1,
  });
  const context = (actor: Actor): Context => ({
    session: sessionOf(actor),
    actor,
    person: () => {
      if (actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen only shows.");
      return actor;
    },
    now: clock.now(),
  });
  /** As the gateway does it: the schema first, then the handler, and the answer held against its schema. */
  const run = async (
    definition: { input: z.ZodType; result: z.ZodType },
    handle: unknown,
    actor: Actor,
    input: unknown,
  ) => {
    const parsed = definition.input.safeParse(input);
    if (!parsed.success) throw new Refusal("invalid-input", parsed.error.message);
    const handler = handle as (input: unknown, context: Context) => Promise<unknown>;
    return definition.result.parse(await handler(parsed.data, context(actor)));
  };

  return {
    ...places,
    storage,
    clock,
    log,
    events,
    signals,
    faults,
    handlers,
    channel,
    buildingId,
    person,
    send: <N extends keyof Commands>(actor: Actor, name: N, input: z.input<Commands[N]["input"]>) =>
      run(chatContract.commands[name], handlers.commands[name], actor, input) as Promise<
        z.output<Commands[N]["result"]>
      >,
    ask: <N extends keyof Queries>(actor: Actor, name: N, input: z.input<Queries[N]["input"]>) =>
      run(chatContract.queries[name], handlers.queries[name], actor, input) as Promise<
        z.output<Queries[N]["result"]>
      >,
    whisper: <N extends keyof Whispers>(actor: Actor, name: N, input: z.input<Whispers[N]["input"]>) => {
      const handler = handlers.whispers[name] as (input: unknown, context: Context) => void;
      handler(chatContract.whispers[name].input.parse(input), context(actor));
    },
    snapshot: async (actor: Actor) => chatContract.snapshot.parse(await handlers.snapshot(sessionOf(actor))),
    welcomeSignals: async (actor: Actor) => (await handlers.signals?.(sessionOf(actor))) ?? [],
    /** All that this person would be told, live or when catching up from the first event. */
    heardBy: async (actor: Actor): Promise<{ live: LoggedEvent[]; caughtUp: LoggedEvent[] }> => {
      const rooms = new Set(audienceRooms(actor, [buildingId("1"), buildingId("3")]));
      const mine = (list: LoggedEvent[]) => list.filter((each) => each.rooms.some((room) => rooms.has(room)));
      return { live: mine(events), caughtUp: mine(await log.since(places.communityId, 0, 10_000)) };
    },
    /** Lets every pace run out. */
    rest: () => {
      clock.time += 3_600_000;
    },
  };
}
export type Yard = Awaited<ReturnType<typeof openYard>>;

let made = 0;
/** A client-made id. */
export const newMessageId = (): string => `message-${String(++made).padStart(6, "0")}`;

/** The error a refused call answers with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; params: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, params: error.params };
    throw error;
  }
  throw new Error("It was not refused.");
}
