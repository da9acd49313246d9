import type { identityContract } from "../../shared/identity/contract.ts";
import { type PersonActor, passwordRoles } from "../../shared/identity/model.ts";
import type { Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { HandlerDeps } from "./household-handlers.ts";
import { writeLink } from "./invitations.ts";
import { staffOf } from "./overview.ts";
import { demand, type Reach } from "./policy.ts";
import { demandOverGrants } from "./resident-handlers.ts";
import {
  addResident,
  findResident,
  knownBuilding,
  knownHousehold,
  knownResident,
  type Resident,
  rolesHeld,
} from "./residents.ts";
import { endGrants, grantRole, knownGrant } from "./roles.ts";
import { endSessions, judgeAnew } from "./session-ends.ts";

type All = AreaHandlers<typeof identityContract>;
type Names = "staff.invite" | "staff.relink" | "role.grant" | "role.end";
type Held = Awaited<ReturnType<typeof rolesHeld>>[number];
type StaffRole = Parameters<All["commands"]["role.grant"]>[0]["role"];

const needsPassword = (roles: readonly { role: string }[]): boolean =>
  roles.some(({ role }) => passwordRoles.some((needs) => needs === role));

/** What officers do about the people who help. */
export function createStaffHandlers({ storage, log, doors }: HandlerDeps): {
  commands: Pick<All["commands"], Names>;
  queries: Pick<All["queries"], "staff.list">;
} {
  /** The link of a person, fit for the roles they hold now. */
  const linkFor = async (unit: Unit, communityId: string, residentId: string, by: string) => {
    const withPassword = needsPassword(await rolesHeld(unit.db, residentId));
    const link = { communityId, residentId, by, kind: "sign-in" as const, withPassword };
    return writeLink(unit.db, link, unit.now);
  };

  return {
    commands: {
      "staff.invite": async ({ residentId, displayName, role, householdId, ...reach }, context) => {
        const actor = context.person();
        const { communityId } = actor;
        demand(actor, "give roles", reach);
        return log.write(communityId, async (unit) => {
          const { db, now } = unit;
          await demandPlace(unit, communityId, reach, role);
          if (householdId) {
            const household = await knownHousehold(db, communityId, householdId);
            demand(actor, "give roles", household);
          }
          const known = await findResident(db, communityId, residentId);
          if (known) {
            const held = await rolesHeld(db, residentId);
            const repeated = held.some((grant) => grant.role === role && isSamePlace(grant, reach));
            if (!repeated || known.displayName !== displayName) {
              throw new Refusal("invalid-input", "This id belongs to somebody else.", {
                field: "residentId",
              });
            }
            demandOverPerson(actor, known, held);
          }
          if (!known) {
            const person = { id: residentId, communityId, householdId, displayName };
            await addResident(db, { ...person, status: "confirmed", confirmedBy: actor.residentId }, now);
            await grantRole(db, { residentId, role, ...reach, by: actor.residentId }, now);
            tellRoles(unit, residentId, reach.courtyardId ?? actor.courtyardId);
          }
          return linkFor(unit, communityId, residentId, actor.residentId);
        });
      },

      "staff.relink": async ({ residentId, forgetPassword }, context) => {
        const actor = context.person();
        return log.write(actor.communityId, async (unit) => {
          const { db, now } = unit;
          const resident = await knownResident(db, actor.communityId, residentId);
          const held = await rolesHeld(db, residentId);
          if (held.length === 0 || resident.status === "removed") {
            throw new Refusal("not-found", "This person holds no role.");
          }
          demandOverPerson(actor, resident, held);
          if (forgetPassword) {
            await db
              .updateTable("residents")
              .set({ password_hash: null, failed_sign_ins: 0, locked_until: 0 })
              .where("id", "=", residentId)
              .execute();
            await endSessions(unit, { residentId }, now, doors);
            tellRoles(unit, residentId, actor.courtyardId);
          }
          return linkFor(unit, actor.communityId, residentId, actor.residentId);
        });
      },

      "role.grant": async ({ residentId, role, ...reach }, context) => {
        const actor = context.person();
        demand(actor, "give roles", reach);
        return log.write(actor.communityId, async (unit) => {
          await demandPlace(unit, actor.communityId, reach, role);
          const resident = await knownResident(unit.db, actor.communityId, residentId);
          if (resident.status === "removed") throw new Refusal("not-found", "This resident was removed.");
          const grantId = await grantRole(
            unit.db,
            { residentId, role, ...reach, by: actor.residentId },
            unit.now,
          );
          await judgeAnew(unit, residentId, unit.now, doors);
          tellRoles(unit, residentId, reach.courtyardId ?? actor.courtyardId);
          return { grantId };
        });
      },

      "role.end": async ({ grantId }, context) => {
        const actor = context.person();
        await log.write(actor.communityId, async (unit) => {
          const grant = await knownGrant(unit.db, actor.communityId, grantId);
          demand(actor, "give roles", grant);
          if (grant.ended) return;
          await endGrants(unit.db, actor.communityId, [grantId], unit.now);
          await judgeAnew(unit, grant.residentId, unit.now, doors);
          tellRoles(unit, grant.residentId, grant.courtyardId ?? actor.courtyardId);
        });
        return {};
      },
    },

    queries: {
      "staff.list": async (_input, context) => {
        const actor = context.person();
        demand(actor, "give roles", { courtyardId: actor.courtyardId, buildingId: null });
        const staff = await staffOf(storage.db, actor.communityId);
        // An officer of one courtyard sees who works there and in the whole community, not elsewhere.
        const near = ({ courtyardId }: Reach) => courtyardId === null || courtyardId === actor.courtyardId;
        return { staff: staff.filter(({ grants }) => grants.some(near)) };
      },
    },
  };

  /** @throws Refusal `invalid-input`, `not-found` for a place the role cannot have */
  async function demandPlace(unit: Unit, communityId: string, reach: Reach, role: StaffRole): Promise<void> {
    const { courtyardId, buildingId } = reach;
    if (buildingId !== null) {
      if (role !== "steward") {
        throw new Refusal("invalid-input", "Only stewards belong to a building.", { field: "buildingId" });
      }
      const place = await knownBuilding(unit.db, communityId, buildingId);
      if (place.courtyardId !== courtyardId) throw new Refusal("not-found", "There is no such building.");
    } else if (courtyardId !== null) {
      const row = await unit.db
        .selectFrom("courtyards")
        .select("id")
        .where("id", "=", courtyardId)
        .where("community_id", "=", communityId)
        .executeTakeFirst();
      if (!row) throw new Refusal("not-found", "There is no such courtyard.");
    }
  }
}

/**
 * A link lets whoever holds it act as its person, also at their home: the actor's role must reach all of it.
 * @throws Refusal `not-allowed`
 */
function demandOverPerson(actor: PersonActor, resident: Resident, held: readonly Held[]): void {
  demandOverGrants(actor, held);
  const { courtyardId, buildingId } = resident;
  if (courtyardId !== null) demand(actor, "give roles", { courtyardId, buildingId });
}

const isSamePlace = (grant: Held, reach: Reach): boolean =>
  grant.courtyard_id === reach.courtyardId && grant.building_id === reach.buildingId;

function tellRoles(unit: Unit, residentId: string, courtyardId: string): void {
  unit.tell("roles.have-changed", { residentId }, { staff: courtyardId || null, resident: residentId });
}
