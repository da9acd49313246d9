import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import { createEventLog, type EventBatch, type LoggedEvent } from "../../server/events/log.ts";
import { createIdentityHandlers } from "../../server/identity/handlers.ts";
import { addResident } from "../../server/identity/residents.ts";
import { grantRole } from "../../server/identity/roles.ts";
import { newId } from "../../server/identity/secrets.ts";
import { createSessions } from "../../server/identity/sessions.ts";
import type { Context } from "../../server/sockets/area.ts";
import type { Storage } from "../../server/storage/storage.ts";
import type { Role } from "../../shared/identity/model.ts";

export const day = 24 * 3_600_000;

/** A community with one courtyard of two buildings, four doors each, on a clock the test moves. */
export async function createWorld(storage: Storage) {
  const clock = {
    time: 1_800_000_000_000,
    now() {
      return this.time;
    },
  };
  const told: LoggedEvent[] = [];
  const publish = (batch: EventBatch) => {
    told.push(...batch.events);
  };
  const log = createEventLog({ storage, clock, publish });
  const sessions = createSessions({ storage, clock });
  const ended: string[] = [];
  const closed: string[] = [];
  const doors = {
    endSession: (sessionId: string) => {
      ended.push(sessionId);
    },
    closeResident: (residentId: string) => {
      closed.push(residentId);
    },
  };
  const handlers = createIdentityHandlers({ storage, log, doors, clock });

  /** Another community on the same server has the same doors. */
  const build = (name: string) =>
    storage.write(async (tx) => {
      const communityId = await createCommunity(tx, name, clock.now());
      const courtyardId = await createCourtyard(
        tx,
        { communityId, name: "晋院 26 号", boardsAt: "courtyard", openBoards: true },
        clock.now(),
      );
      const numbers = ["1", "2"].flatMap((building) =>
        ["101", "102", "201", "202"].map((door) => ({
          building,
          unit: "1",
          door,
          area: null,
          contact: null,
        })),
      );
      const households = await addHouseholds(tx, courtyardId, numbers, clock.now());
      const buildings = await tx.db
        .selectFrom("buildings")
        .select("id")
        .where("courtyard_id", "=", courtyardId)
        .orderBy("sort")
        .execute();
      return { communityId, courtyardId, households, buildings: buildings.map(({ id }) => id) };
    });
  const place = await build("跳伞塔社区");

  interface Someone {
    household?: string | undefined;
    name?: string;
    role?: Exclude<Role, "resident">;
    courtyardId?: string | null;
    buildingId?: string | null;
    /** Signed in with a password. */
    strong?: boolean;
    communityId?: string;
  }
  /** Someone with a session, as if they had come in before the test. */
  const someone = async (who: Someone = {}) => {
    const residentId = newId();
    const communityId = who.communityId ?? place.communityId;
    const token = await storage.write(async (tx) => {
      const displayName = who.name ?? "爱种菜的";
      const householdId = who.household ?? null;
      const person = { id: residentId, communityId, householdId, displayName, status: "joined" as const };
      await addResident(tx.db, person, clock.now());
      if (who.role) {
        const { role, courtyardId = null, buildingId = null } = who;
        await grantRole(tx.db, { residentId, role, courtyardId, buildingId, by: null }, clock.now());
      }
      const strong = who.strong ?? false;
      const device = "wechat-android";
      return (await sessions.start(tx, { communityId, residentId, strong, device })).token;
    });
    return { residentId, token };
  };

  /** What a handler is told about the caller; fails when the session is over. */
  const as = async (person: { token: string }): Promise<Context> => {
    const session = await sessions.byToken(person.token);
    if (!session) throw new Error("signed out");
    const { actor } = session;
    return {
      session,
      actor,
      person: () => {
        if (actor.kind === "kiosk") throw new Error("a screen");
        return actor;
      },
      now: clock.now(),
    };
  };

  const officer = () => someone({ name: "社区的", role: "officer", strong: true });
  return {
    clock,
    storage,
    log,
    told,
    sessions,
    ended,
    closed,
    doors,
    handlers,
    build,
    place,
    someone,
    officer,
    as,
    /** What was told since `from`, as names and rooms. */
    heard: (from: number) =>
      told
        .slice(from)
        .filter(({ rooms }) => rooms.length > 0)
        .map(({ name, rooms }) => ({ name, rooms })),
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The code of the refusal a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
  return "nothing was refused";
}
