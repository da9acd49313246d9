import type { Kysely } from "kysely";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";

/** A resident with the place that decides who may care for them. */
export interface Resident {
  id: string;
  communityId: string;
  displayName: string;
  status: "joined" | "confirmed" | "removed";
  householdId: string | null;
  courtyardId: string | null;
  buildingId: string | null;
  passwordHash: string | null;
}

export async function findResident(
  db: Kysely<Schema>,
  communityId: string,
  residentId: string,
): Promise<Resident | null> {
  const row = await db
    .selectFrom("residents")
    .leftJoin("households", "households.id", "residents.household_id")
    .select([
      "residents.id",
      "residents.community_id",
      "residents.display_name",
      "residents.status",
      "residents.household_id",
      "residents.password_hash",
      "households.courtyard_id",
      "households.building_id",
    ])
    .where("residents.id", "=", residentId)
    .where("residents.community_id", "=", communityId)
    .executeTakeFirst();
  return row
    ? {
        id: row.id,
        communityId: row.community_id,
        displayName: row.display_name,
        status: row.status,
        householdId: row.household_id,
        courtyardId: row.courtyard_id,
        buildingId: row.building_id,
        passwordHash: row.password_hash,
      }
    : null;
}

/** @throws Refusal `not-found` also for a resident of another community */
export async function knownResident(
  db: Kysely<Schema>,
  communityId: string,
  residentId: string,
): Promise<Resident> {
  const resident = await findResident(db, communityId, residentId);
  if (!resident) throw new Refusal("not-found", "There is no such resident.");
  return resident;
}

export async function addResident(
  db: Kysely<Schema>,
  resident: {
    id: string;
    communityId: string;
    householdId: string | null;
    displayName: string;
    status: "joined" | "confirmed";
    confirmedBy?: string;
  },
  now: number,
): Promise<void> {
  const confirmed = resident.status === "confirmed";
  await db
    .insertInto("residents")
    .values({
      id: resident.id,
      community_id: resident.communityId,
      household_id: resident.householdId,
      display_name: resident.displayName,
      status: resident.status,
      password_hash: null,
      failed_sign_ins: 0,
      locked_until: 0,
      created_at: now,
      confirmed_at: confirmed ? now : null,
      confirmed_by: confirmed ? (resident.confirmedBy ?? null) : null,
    })
    .execute();
}

/** The roles a resident holds, and which of them reach where. */
export const rolesHeld = (db: Kysely<Schema>, residentId: string) =>
  db
    .selectFrom("role_grants")
    .select(["id", "role", "courtyard_id", "building_id"])
    .where("resident_id", "=", residentId)
    .where("ended_at", "is", null)
    .execute();

/** Where a household stands. @throws Refusal `not-found` also for a household of another community */
export async function knownHousehold(
  db: Kysely<Schema>,
  communityId: string,
  householdId: string,
): Promise<{ courtyardId: string; buildingId: string }> {
  const row = await db
    .selectFrom("households")
    .innerJoin("courtyards", "courtyards.id", "households.courtyard_id")
    .select(["households.courtyard_id", "households.building_id"])
    .where("households.id", "=", householdId)
    .where("courtyards.community_id", "=", communityId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not-found", "There is no such household.");
  return { courtyardId: row.courtyard_id, buildingId: row.building_id };
}

/** @throws Refusal `not-found` also for a building of another community */
export async function knownBuilding(
  db: Kysely<Schema>,
  communityId: string,
  buildingId: string,
): Promise<{ courtyardId: string; buildingId: string }> {
  const row = await db
    .selectFrom("buildings")
    .innerJoin("courtyards", "courtyards.id", "buildings.courtyard_id")
    .select("buildings.courtyard_id")
    .where("buildings.id", "=", buildingId)
    .where("courtyards.community_id", "=", communityId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not-found", "There is no such building.");
  return { courtyardId: row.courtyard_id, buildingId };
}
