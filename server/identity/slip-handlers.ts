import type { Kysely } from "kysely";
import type { identityContract } from "../../shared/identity/contract.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { doorLabel } from "../community/door-label.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Schema } from "../storage/schema.ts";
import type { HandlerDeps } from "./household-handlers.ts";
import { revokeSlips, withLiveSlip, writeSlips } from "./invitations.ts";
import { demand } from "./policy.ts";
import { knownHousehold } from "./residents.ts";

type All = AreaHandlers<typeof identityContract>;
type Place = Parameters<All["commands"]["invitation.issue"]>[0]["place"];

/** Slips for the doors of a place. */
export function createSlipHandlers({ log }: Pick<HandlerDeps, "log">): {
  commands: Pick<All["commands"], "invitation.issue" | "invitation.revoke">;
} {
  return {
    commands: {
      "invitation.issue": async ({ place, replace }, context) => {
        const actor = context.person();
        return log.write(actor.communityId, async (unit) => {
          const { db, now } = unit;
          const doors = await doorsOf(db, actor, place);
          const [first] = doors;
          if (!first) throw new Refusal("not-found", "There are no doors here.");
          const buildingId = place.kind === "courtyard" ? null : first.buildingId;
          demand(actor, "issue slips", { courtyardId: first.courtyardId, buildingId });
          // Two people who issue for the same doors at once: one waits here for the other.
          await db
            .updateTable("courtyards")
            .set((eb) => ({ places_version: eb.ref("places_version") }))
            .where("id", "=", first.courtyardId)
            .execute();
          const ids = doors.map(({ id }) => id);
          const live = replace ? new Set<string>() : await withLiveSlip(db, ids, now);
          const wanted = doors.filter(({ id }) => !live.has(id));
          const householdIds = wanted.map(({ id }) => id);
          await revokeSlips(db, householdIds, now);
          const { codes, expiresAt } = await writeSlips(
            db,
            { communityId: actor.communityId, householdIds, by: actor.residentId },
            now,
          );
          unit.tell("residents.have-changed", { buildingId }, { staff: first.courtyardId });
          return {
            slips: wanted.map(({ id, label }) => ({
              householdId: id,
              door: label,
              code: codes.get(id) ?? "",
            })),
            skipped: live.size,
            expiresAt,
          };
        });
      },

      "invitation.revoke": async ({ householdId }, context) => {
        const actor = context.person();
        await log.write(actor.communityId, async (unit) => {
          const place = await knownHousehold(unit.db, actor.communityId, householdId);
          demand(actor, "issue slips", place);
          await revokeSlips(unit.db, [householdId], unit.now);
          unit.tell("residents.have-changed", { buildingId: place.buildingId }, { staff: place.courtyardId });
        });
        return {};
      },
    },
  };
}

const columnOf = {
  household: "households.id",
  unit: "households.unit_id",
  building: "households.building_id",
  courtyard: "households.courtyard_id",
} as const;

/** The doors of a place in the order of the wall, for the sheet of slips. */
async function doorsOf(db: Kysely<Schema>, actor: PersonActor, place: Place) {
  const rows = await db
    .selectFrom("households")
    .innerJoin("units", "units.id", "households.unit_id")
    .innerJoin("buildings", "buildings.id", "households.building_id")
    .innerJoin("courtyards", "courtyards.id", "households.courtyard_id")
    .select([
      "households.id",
      "households.door",
      "households.courtyard_id",
      "households.building_id",
      "units.name as unit",
      "buildings.name as building",
    ])
    .where(columnOf[place.kind], "=", place.id)
    .where("courtyards.community_id", "=", actor.communityId)
    .orderBy("households.sort")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    courtyardId: row.courtyard_id,
    buildingId: row.building_id,
    label: doorLabel(row.building, row.unit, row.door),
  }));
}
