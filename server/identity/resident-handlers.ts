import type { Kysely } from "kysely";
import type { identityContract } from "../../shared/identity/contract.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Schema } from "../storage/schema.ts";
import type { HandlerDeps } from "./household-handlers.ts";
import { revokeLinks, revokeSlips } from "./invitations.ts";
import { buildingTable, residentsOf } from "./overview.ts";
import { type CaredFor, demand } from "./policy.ts";
import { knownBuilding, knownHousehold, knownResident, type Resident, rolesHeld } from "./residents.ts";
import { endGrants } from "./roles.ts";
import { endSessions } from "./session-ends.ts";

type All = AreaHandlers<typeof identityContract>;

/** What stewards do for the people of their building. */
export function createResidentHandlers({ storage, log, doors }: HandlerDeps): {
  commands: Pick<All["commands"], "resident.confirm" | "resident.remove" | "household.set-phoneless">;
  queries: Pick<All["queries"], "residents.list" | "buildings.table">;
} {
  return {
    commands: {
      "resident.confirm": async ({ residentId }, context) => {
        const actor = context.person();
        await log.write(actor.communityId, async (unit) => {
          const resident = await knownResident(unit.db, actor.communityId, residentId);
          demand(actor, "confirm", await asCaredFor(unit.db, resident));
          if (resident.status === "removed") throw new Refusal("not-found", "This resident was removed.");
          const { numUpdatedRows } = await unit.db
            .updateTable("residents")
            .set({ status: "confirmed", confirmed_at: unit.now, confirmed_by: actor.residentId })
            .where("id", "=", residentId)
            .where("status", "=", "joined")
            .executeTakeFirst();
          if (numUpdatedRows === 0n) return;
          const { householdId, courtyardId, buildingId } = resident;
          unit.tell(
            "resident.was-confirmed",
            { residentId },
            { household: householdId, resident: residentId },
          );
          unit.tell("residents.have-changed", { buildingId }, { staff: courtyardId });
        });
        return {};
      },

      "resident.remove": async ({ residentId }, context) => {
        const actor = context.person();
        await log.write(actor.communityId, async (unit) => {
          const { db, now } = unit;
          const resident = await knownResident(db, actor.communityId, residentId);
          const { householdId, courtyardId, buildingId } = resident;
          const held = await rolesHeld(db, residentId);
          demand(actor, "remove", await asCaredFor(db, resident));
          demandOverGrants(actor, held);
          if (resident.status === "removed") return;
          await endGrants(
            db,
            actor.communityId,
            held.map(({ id }) => id),
            now,
          );
          await db
            .updateTable("residents")
            .set({ status: "removed", password_hash: null })
            .where("id", "=", residentId)
            .execute();
          await revokeLinks(db, residentId, now);
          // Whoever is removed knows the code on the household's slip; it would let them in again.
          if (householdId) await revokeSlips(db, [householdId], now);
          await endSessions(unit, { residentId }, now, doors);
          unit.tell("resident.was-removed", { residentId }, { household: householdId });
          unit.tell("residents.have-changed", { buildingId }, { staff: courtyardId });
          if (held.length > 0) {
            unit.tell("roles.have-changed", { residentId }, { staff: actor.courtyardId, resident: null });
          }
        });
        return {};
      },

      "household.set-phoneless": async ({ householdId, phoneless }, context) => {
        const actor = context.person();
        await log.write(actor.communityId, async (unit) => {
          const place = await knownHousehold(unit.db, actor.communityId, householdId);
          demand(actor, "mark phoneless", place);
          await unit.db
            .updateTable("households")
            .set({ phoneless: phoneless ? 1 : 0 })
            .where("id", "=", householdId)
            .execute();
          unit.tell("residents.have-changed", { buildingId: place.buildingId }, { staff: place.courtyardId });
        });
        return {};
      },
    },

    queries: {
      "residents.list": async ({ buildingId }, context) => {
        const actor = context.person();
        const place = await knownBuilding(storage.db, actor.communityId, buildingId);
        demand(actor, "see residents", place);
        const phoneless = await storage.db
          .selectFrom("households")
          .select("id")
          .where("building_id", "=", buildingId)
          .where("phoneless", "=", 1)
          .orderBy("sort")
          .execute();
        return {
          residents: await residentsOf(storage.db, buildingId),
          phoneless: phoneless.map(({ id }) => id),
        };
      },

      "buildings.table": async (_input, context) => {
        const actor = context.person();
        demand(actor, "see the table", { courtyardId: actor.courtyardId, buildingId: null });
        return { buildings: await buildingTable(storage.db, actor.courtyardId) };
      },
    },
  };
}

const asCaredFor = async (db: Kysely<Schema>, resident: Resident): Promise<CaredFor> => ({
  residentId: resident.id,
  courtyardId: resident.courtyardId,
  buildingId: resident.buildingId,
  staff: (await rolesHeld(db, resident.id)).length > 0,
});

/** Nobody acts on a person whose roles reach further than their own. @throws Refusal `not-allowed` */
export function demandOverGrants(
  actor: PersonActor,
  held: readonly { courtyard_id: string | null; building_id: string | null }[],
): void {
  for (const { courtyard_id, building_id } of held) {
    demand(actor, "give roles", { courtyardId: courtyard_id, buildingId: building_id });
  }
}
