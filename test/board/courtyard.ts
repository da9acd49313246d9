import type { z } from "zod";
import { createBoardStore } from "../../server/board/board-store.ts";
import { createBoards } from "../../server/board/boards.ts";
import { createBoardHandlers } from "../../server/board/handlers.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import { createEventLog, type LoggedEvent } from "../../server/events/log.ts";
import type { Session } from "../../server/identity/sessions.ts";
import { Refusal } from "../../server/refusal.ts";
import type { Context } from "../../server/sockets/area.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { boardContract } from "../../shared/board/contract.ts";
import { addItem, editItem, type ItemDraft, removeItem } from "../../shared/board/rules.ts";
import type { Actor, PersonActor, Role } from "../../shared/identity/model.ts";

type Commands = (typeof boardContract)["commands"];
type Queries = (typeof boardContract)["queries"];

export const thing = (title: string, category = "tools", note = ""): ItemDraft => ({
  title,
  category,
  note,
  quantity: 1,
});

/** Two buildings of two doors, its people, its boards with real rooms, on a real database. */
export async function openCourtyard(storage: Storage, boardsAt: "courtyard" | "building") {
  const clock = { time: 1_700_000_000_000, now: () => clock.time };
  const events: LoggedEvent[] = [];
  const log = createEventLog({ storage, clock, publish: (batch) => events.push(...batch.events) });
  const boards = createBoards(storage);
  const faults: unknown[] = [];
  const rooms = new Rooms({
    store: createBoardStore({ storage, clock }),
    report: (_boardId, _what, error) => faults.push(error),
  });
  const handlers = createBoardHandlers({ log, storage, boards, rooms });

  const made = await storage.write(async (tx) => {
    const communityId = await createCommunity(tx, "晋阳", clock.time);
    const yard = { communityId, name: `晋院 ${clock.time}`, boardsAt, openBoards: true };
    const courtyardId = await createCourtyard(tx, yard, clock.time);
    const door = (building: string, number: string) => ({
      building,
      unit: "1",
      door: number,
      area: null,
      contact: null,
    });
    const doors = [door("1", "101"), door("1", "201"), door("3", "501"), door("3", "502")];
    const households = await addHouseholds(tx, courtyardId, doors, clock.time);
    return { communityId, courtyardId, households };
  });
  const household = (nth: number): string => made.households[nth] ?? "";
  const homes = await storage.db.selectFrom("households").selectAll().execute();
  const boardIds = (await boards.ofCourtyard(made.courtyardId)).map((board) => board.id);

  let people = 0;
  /** A resident behind the nth door (null: of no household) with a role, for a building or the whole courtyard. */
  const person = async (
    nth: number | null,
    displayName: string,
    role: { role: Role; behind?: number } | null = null,
  ): Promise<PersonActor> => {
    const residentId = `resident-${++people}`;
    const home = homes.find(({ id }) => nth !== null && id === household(nth));
    const cared = homes.find(({ id }) => role?.behind !== undefined && id === household(role.behind));
    await storage.write(({ db }) =>
      db
        .insertInto("residents")
        .values({
          id: residentId,
          community_id: made.communityId,
          household_id: home?.id ?? null,
          display_name: displayName,
          status: "confirmed",
          password_hash: null,
          failed_sign_ins: 0,
          locked_until: 0,
          created_at: clock.time,
          confirmed_at: null,
          confirmed_by: null,
        })
        .execute(),
    );
    return {
      kind: "person",
      sessionId: `session-${people}`,
      residentId,
      displayName,
      communityId: made.communityId,
      courtyardId: made.courtyardId,
      household: home
        ? {
            householdId: home.id,
            buildingId: home.building_id,
            unitId: home.unit_id,
            courtyardId: home.courtyard_id,
            door: home.door,
          }
        : null,
      grants: role
        ? [{ role: role.role, courtyardId: made.courtyardId, buildingId: cared?.building_id ?? null }]
        : [],
    };
  };

  const context = (actor: Actor): Context => ({
    session: sessionOf(actor),
    actor,
    person: () => {
      if (actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen only shows.");
      return actor;
    },
    now: clock.now(),
  });
  const sessionOf = (actor: Actor): Session => ({
    actor,
    strong: true,
    status: "confirmed",
    roles: [],
    needsPassword: false,
    endsAt: clock.time + 1,
  });
  /** As the gateway does it: the schema first, then the handler, and the answer held against its schema. */
  const run = async (
    definition: { input: z.ZodType; result: z.ZodType },
    handle: unknown,
    actor: Actor,
    input: unknown,
  ) => {
    const handler = handle as (input: unknown, context: Context) => Promise<unknown>;
    return definition.result.parse(await handler(definition.input.parse(input), context(actor)));
  };

  /** Edits a cell as its writer would over the wire; each edit has a minute of its own. */
  const write = async (
    actor: PersonActor,
    boardId: string,
    edit: Parameters<Rooms["edit"]>[2],
  ): Promise<number> => {
    clock.time += 60_000;
    const writer = {
      residentId: actor.residentId,
      displayName: actor.displayName,
      householdId: actor.household?.householdId ?? null,
      door: actor.household?.door ?? null,
    };
    await rooms.edit(boardId, writer, edit);
    return clock.time;
  };

  return {
    ...made,
    storage,
    clock,
    log,
    events,
    faults,
    rooms,
    boardIds,
    household,
    person,
    write,
    put: (actor: PersonActor, boardId: string, cell: string, itemId: string, draft: ItemDraft) =>
      write(actor, boardId, (doc) => void addItem(doc, cell, itemId, draft)),
    edit: (actor: PersonActor, boardId: string, cell: string, itemId: string, change: Partial<ItemDraft>) =>
      write(actor, boardId, (doc) => void editItem(doc, cell, itemId, change)),
    remove: (actor: PersonActor, boardId: string, cell: string, itemId: string) =>
      write(actor, boardId, (doc) => void removeItem(doc, cell, itemId)),
    send: <N extends keyof Commands>(actor: Actor, name: N, input: z.input<Commands[N]["input"]>) =>
      run(boardContract.commands[name], handlers.commands[name], actor, input) as Promise<
        z.output<Commands[N]["result"]>
      >,
    ask: <N extends keyof Queries>(actor: Actor, name: N, input: z.input<Queries[N]["input"]>) =>
      run(boardContract.queries[name], handlers.queries[name], actor, input) as Promise<
        z.output<Queries[N]["result"]>
      >,
    snapshot: async (actor: Actor) => boardContract.snapshot.parse(await handlers.snapshot(sessionOf(actor))),
    close: () => rooms.drain({ slices: 1, deadline: 5_000 }),
  };
}
export type Courtyard = Awaited<ReturnType<typeof openCourtyard>>;

/** The code a refused call answers with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  throw new Error("It was not refused.");
}
