import type { IncomingMessage } from "node:http";
import { parseCookie } from "cookie";
import type { Actor, PersonActor, RoleGrant } from "../../shared/identity/model.ts";
import { passwordRoles, type Role } from "../../shared/identity/model.ts";
import type { Clock } from "../clock.ts";
import { doorLabel } from "../community/door-label.ts";
import { compileOnce } from "../storage/compile-once.ts";
import { storageFault } from "../storage/errors.ts";
import type { Storage, Tx } from "../storage/storage.ts";
import { hashSecret, newId, newToken } from "./secrets.ts";

export const sessionCookie = "yuanba_session";

/** A session lives this long without use, milliseconds. */
export const sessionLifetime = 180 * 24 * 3_600_000;
const seenGrain = 3_600_000;

/** What a live session says about its holder. */
export interface Session {
  actor: Actor;
  strong: boolean;
  status: "joined" | "confirmed";
  /** All roles held, also those that wait for a password. */
  roles: readonly Role[];
  needsPassword: boolean;
  endsAt: number;
}

export interface Sessions {
  /** Creates a session inside a unit of work; the token is told once and only its hash is stored. */
  start(
    tx: Tx,
    holder: { communityId: string; residentId?: string; kioskId?: string; strong?: boolean; device: string },
  ): Promise<{ token: string; sessionId: string }>;
  /** Who sends this request, or null. `courtyardId` is the courtyard an officer chose to look at. */
  authenticate(request: IncomingMessage, courtyardId?: string): Promise<Session | null>;
  byToken(token: string, courtyardId?: string): Promise<Session | null>;
}

/** The token a request carries: `Authorization: Bearer` or the cookie. */
export function tokenOf(request: IncomingMessage): string | null {
  const { authorization, cookie } = request.headers;
  if (authorization?.startsWith("Bearer ")) return authorization.slice(7);
  return (cookie && parseCookie(cookie)[sessionCookie]) || null;
}

type Nullable<T> = { [K in keyof T]: T[K] | null };

const householdOf = (
  row: Nullable<{
    household_id: string;
    courtyard_id: string;
    building_id: string;
    unit_id: string;
    building: string;
    unit: string;
    door: string;
  }>,
): PersonActor["household"] => {
  const { household_id, courtyard_id, building_id, unit_id, building, unit, door } = row;
  if (!household_id || !courtyard_id || !building_id || !unit_id || door === null) return null;
  return {
    householdId: household_id,
    courtyardId: courtyard_id,
    buildingId: building_id,
    unitId: unit_id,
    door: doorLabel(building ?? "", unit ?? "", door),
  };
};

const grantOf = (
  row: Nullable<{ role: string; role_courtyard: string; role_building: string }>,
): RoleGrant[] =>
  row.role === null
    ? []
    : [{ role: row.role as Role, courtyardId: row.role_courtyard, buildingId: row.role_building }];

/** @param deps.onFault told once when the storage stops noting that sessions are in use, until it does so again */
export function createSessions(deps: {
  storage: Storage;
  clock: Clock;
  onFault?(error: unknown): void;
}): Sessions {
  const { storage, clock, onFault } = deps;
  let touching = true;

  /** A session with whose it is and where they live: one row for each of their roles, or one without a role. */
  const holders = compileOnce(
    storage,
    "session-holders",
    ["hash", "now"],
    ({ hash, now }: { hash: string; now: number }) =>
      storage.db
        .selectFrom("sessions")
        .leftJoin("residents", "residents.id", "sessions.resident_id")
        .leftJoin("kiosks", "kiosks.id", "sessions.kiosk_id")
        .leftJoin("households", "households.id", "residents.household_id")
        .leftJoin("units", "units.id", "households.unit_id")
        .leftJoin("buildings", "buildings.id", "households.building_id")
        .leftJoin("role_grants", (on) =>
          on.onRef("role_grants.resident_id", "=", "residents.id").on("role_grants.ended_at", "is", null),
        )
        .select([
          "sessions.id",
          "sessions.community_id",
          "sessions.strong",
          "sessions.seen_at",
          "sessions.expires_at",
          "sessions.resident_id",
          "sessions.kiosk_id",
          "residents.display_name",
          "residents.status",
          "kiosks.courtyard_id as kiosk_courtyard",
          "kiosks.unpaired_at",
          "households.id as household_id",
          "households.courtyard_id",
          "households.building_id",
          "households.unit_id",
          "households.door",
          "units.name as unit",
          "buildings.name as building",
          "role_grants.role",
          "role_grants.courtyard_id as role_courtyard",
          "role_grants.building_id as role_building",
        ])
        .where("sessions.token_hash", "=", hash)
        .where("sessions.ended_at", "is", null)
        .where("sessions.expires_at", ">", now),
  );

  const byToken = async (token: string, courtyardId?: string): Promise<Session | null> => {
    if (token.length < 20 || token.length > 200) return null;
    const now = clock.now();
    const rows = await holders({ hash: hashSecret(token), now });
    const [row] = rows;
    if (!row) return null;
    if (now - row.seen_at > seenGrain) await touch(row.id, now);
    const base = { sessionId: row.id, communityId: row.community_id };
    if (row.kiosk_id) {
      if (!row.kiosk_courtyard || row.unpaired_at !== null) return null;
      const actor: Actor = {
        kind: "kiosk",
        ...base,
        kioskId: row.kiosk_id,
        courtyardId: row.kiosk_courtyard,
      };
      return {
        actor,
        strong: false,
        status: "confirmed",
        roles: [],
        needsPassword: false,
        endsAt: row.expires_at,
      };
    }
    if (!row.resident_id || !row.display_name || !row.status || row.status === "removed") return null;
    const household = householdOf(row);
    const held = rows.flatMap(grantOf);
    const strong = row.strong === 1;
    const grants = held.filter((grant) => strong || !passwordRoles.includes(grant.role));
    const looksAt = await chooseCourtyard(
      row.community_id,
      household?.courtyardId ?? null,
      grants,
      courtyardId,
    );
    const actor: PersonActor = {
      kind: "person",
      ...base,
      residentId: row.resident_id,
      displayName: row.display_name,
      courtyardId: looksAt,
      household,
      grants,
    };
    return {
      actor,
      strong,
      status: row.status,
      roles: [...new Set(held.map((grant) => grant.role))],
      needsPassword: grants.length < held.length,
      endsAt: row.expires_at,
    };
  };

  /** A storage that can be read and not written keeps nobody from reading: the next check notes it. */
  const touch = async (sessionId: string, now: number): Promise<void> => {
    try {
      await storage.write(async ({ db }) => {
        await db
          .updateTable("sessions")
          .set({ seen_at: now, expires_at: now + sessionLifetime })
          .where("id", "=", sessionId)
          .execute();
      });
      touching = true;
    } catch (error) {
      if (storageFault(error) === null) throw error;
      if (touching) onFault?.(error);
      touching = false;
    }
  };

  /**
   * The courtyard asked for if the person may look at it; else their own, else the first their roles reach; none
   * for someone who has neither a home nor a role here, or not yet.
   */
  const chooseCourtyard = async (
    communityId: string,
    home: string | null,
    grants: readonly RoleGrant[],
    asked: string | undefined,
  ): Promise<string> => {
    const everywhere = grants.some((grant) => grant.courtyardId === null && grant.role !== "resident");
    const reachable = new Set(grants.flatMap((grant) => (grant.courtyardId ? [grant.courtyardId] : [])));
    if (home) reachable.add(home);
    if (asked && reachable.has(asked)) return asked;
    const own = home ?? [...reachable][0];
    if (!everywhere) return own ?? "";
    if (!asked && own) return own;
    const rows = await storage.db
      .selectFrom("courtyards")
      .select("id")
      .where("community_id", "=", communityId)
      .orderBy("created_at")
      .execute();
    return rows.find((row) => row.id === asked)?.id ?? home ?? rows[0]?.id ?? "";
  };

  return {
    start: async (tx, { communityId, residentId, kioskId, strong, device }) => {
      const token = newToken();
      const sessionId = newId();
      const now = clock.now();
      await tx.db
        .insertInto("sessions")
        .values({
          id: sessionId,
          token_hash: hashSecret(token),
          community_id: communityId,
          resident_id: residentId ?? null,
          kiosk_id: kioskId ?? null,
          strong: strong ? 1 : 0,
          device: device.slice(0, 80),
          created_at: now,
          seen_at: now,
          expires_at: now + sessionLifetime,
          ended_at: null,
        })
        .execute();
      return { token, sessionId };
    },
    authenticate: async (request, courtyardId) => {
      const token = tokenOf(request);
      return token === null ? null : byToken(token, courtyardId);
    },
    byToken,
  };
}
