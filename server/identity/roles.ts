import type { Kysely } from "kysely";
import type { Role } from "../../shared/identity/model.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { Reach } from "./policy.ts";
import { newId } from "./secrets.ts";

export interface Grant extends Reach {
  id: string;
  residentId: string;
  role: Role;
  ended: boolean;
}

/** Gives a role once; giving it again finds the first grant. @returns its id */
export async function grantRole(
  db: Kysely<Schema>,
  given: Reach & { residentId: string; role: Role; by: string | null },
  now: number,
): Promise<string> {
  const id = newId();
  await db
    .insertInto("role_grants")
    .values({
      id,
      resident_id: given.residentId,
      role: given.role,
      courtyard_id: given.courtyardId,
      building_id: given.buildingId,
      granted_by: given.by,
      created_at: now,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom("role_grants")
    .select("id")
    .where("resident_id", "=", given.residentId)
    .where("role", "=", given.role)
    .where("courtyard_id", given.courtyardId === null ? "is" : "=", given.courtyardId)
    .where("building_id", given.buildingId === null ? "is" : "=", given.buildingId)
    .where("ended_at", "is", null)
    .executeTakeFirstOrThrow();
  return row.id;
}

/** @throws Refusal `not-found` also for a grant of another community */
export async function knownGrant(db: Kysely<Schema>, communityId: string, grantId: string): Promise<Grant> {
  const row = await db
    .selectFrom("role_grants")
    .innerJoin("residents", "residents.id", "role_grants.resident_id")
    .select([
      "role_grants.id",
      "role_grants.resident_id",
      "role_grants.role",
      "role_grants.courtyard_id",
      "role_grants.building_id",
      "role_grants.ended_at",
    ])
    .where("role_grants.id", "=", grantId)
    .where("residents.community_id", "=", communityId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not-found", "There is no such role.");
  return {
    id: row.id,
    residentId: row.resident_id,
    role: row.role as Role,
    courtyardId: row.courtyard_id,
    buildingId: row.building_id,
    ended: row.ended_at !== null,
  };
}

/**
 * Ends grants of a community. @throws Refusal `last-officer` when nobody would be left who can do everything
 */
export async function endGrants(
  db: Kysely<Schema>,
  communityId: string,
  grantIds: readonly string[],
  now: number,
): Promise<void> {
  if (grantIds.length === 0) return;
  // Two officers ending each other at the same moment: one waits here for the other.
  await db
    .updateTable("communities")
    .set((eb) => ({ seq: eb.ref("seq") }))
    .where("id", "=", communityId)
    .execute();
  const ended = await db
    .updateTable("role_grants")
    .set({ ended_at: now })
    .where("id", "in", grantIds)
    .where("ended_at", "is", null)
    .returning(["role", "courtyard_id"])
    .execute();
  if (!ended.some(({ role, courtyard_id }) => role === "officer" && courtyard_id === null)) return;
  const left = await db
    .selectFrom("role_grants")
    .innerJoin("residents", "residents.id", "role_grants.resident_id")
    .select("role_grants.id")
    .where("residents.community_id", "=", communityId)
    .where("residents.status", "!=", "removed")
    .where("role_grants.role", "=", "officer")
    .where("role_grants.courtyard_id", "is", null)
    .where("role_grants.ended_at", "is", null)
    .executeTakeFirst();
  if (!left) throw new Refusal("last-officer", "The last officer keeps the role.");
}
