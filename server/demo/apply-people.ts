import type { Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";
import { insertAll } from "./insert-all.ts";
import type { DemoPlan } from "./plan-types.ts";

/** The residents and what they may do. Nobody has a password or a session yet. */
export async function applyPeople(db: Kysely<Schema>, plan: DemoPlan): Promise<void> {
  const { officerId } = plan.tour;
  const buildingOf = new Map(plan.households.map(({ id, buildingId }) => [id, buildingId]));
  const stewardOf = new Map(
    plan.grants
      .filter(({ role }) => role === "steward")
      .map(({ buildingId, residentId }) => [buildingId, residentId]),
  );
  const joinedAt = new Map(plan.residents.map((resident) => [resident.id, resident.joinedAt]));
  await insertAll(
    db,
    "residents",
    plan.residents.map((resident) => {
      const confirmed = resident.status === "confirmed";
      const steward = stewardOf.get(buildingOf.get(resident.householdId ?? "") ?? "");
      return {
        id: resident.id,
        community_id: plan.community.id,
        household_id: resident.householdId,
        display_name: resident.displayName,
        status: resident.status,
        password_hash: null,
        failed_sign_ins: 0,
        locked_until: 0,
        created_at: resident.joinedAt,
        confirmed_at: confirmed ? resident.joinedAt : null,
        confirmed_by: confirmed ? (steward ?? officerId) : null,
      };
    }),
  );
  await insertAll(
    db,
    "role_grants",
    plan.grants.map((grant) => ({
      id: grant.id,
      resident_id: grant.residentId,
      role: grant.role,
      courtyard_id: grant.courtyardId,
      building_id: grant.buildingId,
      granted_by: officerId,
      created_at: joinedAt.get(grant.residentId) ?? plan.now,
      ended_at: null,
    })),
  );
}
