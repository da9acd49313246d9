import type { Kysely } from "kysely";
import { doorLabel } from "../community/door-label.ts";
import type { Schema } from "../storage/schema.ts";
import type { MuteTarget } from "./policy.ts";

export interface Mute {
  until: number;
  reason: string;
}

interface Muted {
  courtyardId: string;
  residentId: string;
}

/** The mute that holds now, or null: it ends by itself. */
export async function activeMute(
  db: Kysely<Schema>,
  { courtyardId, residentId }: Muted,
  now: number,
): Promise<Mute | null> {
  const row = await db
    .selectFrom("mutes")
    .select(["until", "reason"])
    .where("courtyard_id", "=", courtyardId)
    .where("resident_id", "=", residentId)
    .where("lifted_at", "is", null)
    .where("until", ">", now)
    .orderBy("at", "desc")
    .executeTakeFirst();
  return row ?? null;
}

/** An earlier mute with this id: a repeated command gives its answer again. */
export async function findMute(
  db: Kysely<Schema>,
  muteId: string,
): Promise<(Muted & { until: number; byId: string }) | null> {
  const row = await db
    .selectFrom("mutes")
    .select(["courtyard_id", "resident_id", "until", "by_id"])
    .where("id", "=", muteId)
    .executeTakeFirst();
  return row
    ? { courtyardId: row.courtyard_id, residentId: row.resident_id, until: row.until, byId: row.by_id }
    : null;
}

export async function insertMute(
  db: Kysely<Schema>,
  mute: Muted & Mute & { id: string; byId: string; at: number },
): Promise<void> {
  await db
    .insertInto("mutes")
    .values({
      id: mute.id,
      courtyard_id: mute.courtyardId,
      resident_id: mute.residentId,
      until: mute.until,
      reason: mute.reason,
      by_id: mute.byId,
      at: mute.at,
      lifted_at: null,
    })
    .execute();
}

/** @returns how many mutes were lifted: 0 if none held */
export async function liftMutes(
  db: Kysely<Schema>,
  { courtyardId, residentId }: Muted,
  now: number,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("mutes")
    .set({ lifted_at: now })
    .where("courtyard_id", "=", courtyardId)
    .where("resident_id", "=", residentId)
    .where("lifted_at", "is", null)
    .where("until", ">", now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** What the policy must know of someone who would be muted; null for a stranger to this community. */
export async function muteTarget(
  db: Kysely<Schema>,
  communityId: string,
  residentId: string,
): Promise<MuteTarget | null> {
  const row = await db
    .selectFrom("residents")
    .leftJoin("households", "households.id", "residents.household_id")
    .select("households.building_id")
    .where("residents.id", "=", residentId)
    .where("residents.community_id", "=", communityId)
    .executeTakeFirst();
  if (!row) return null;
  const officer = await db
    .selectFrom("role_grants")
    .select("id")
    .where("resident_id", "=", residentId)
    .where("role", "=", "officer")
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return { residentId, buildingId: row.building_id, officer: officer !== undefined };
}

/** Everyone muted in a courtyard now. */
export async function activeMutes(db: Kysely<Schema>, courtyardId: string, now: number) {
  const rows = await db
    .selectFrom("mutes")
    .innerJoin("residents", "residents.id", "mutes.resident_id")
    .leftJoin("households", "households.id", "residents.household_id")
    .leftJoin("units", "units.id", "households.unit_id")
    .leftJoin("buildings", "buildings.id", "households.building_id")
    .select([
      "mutes.resident_id",
      "mutes.until",
      "mutes.reason",
      "residents.display_name",
      "households.building_id",
      "households.door",
      "units.name as unit",
      "buildings.name as building",
    ])
    .where("mutes.courtyard_id", "=", courtyardId)
    .where("mutes.lifted_at", "is", null)
    .where("mutes.until", ">", now)
    .orderBy("mutes.until")
    .execute();
  return rows.map((row) => ({
    residentId: row.resident_id,
    buildingId: row.building_id,
    name: row.display_name,
    door: row.door === null ? null : doorLabel(row.building ?? "", row.unit ?? "", row.door),
    until: row.until,
    reason: row.reason,
  }));
}
