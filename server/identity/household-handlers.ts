import type { identityContract } from "../../shared/identity/contract.ts";
import type { EventLog } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Storage } from "../storage/storage.ts";
import { audienceOf } from "./account.ts";
import { writeLink } from "./invitations.ts";
import { membersOf } from "./overview.ts";
import { endSessions, type OpenDoors } from "./session-ends.ts";

type All = AreaHandlers<typeof identityContract>;

export interface HandlerDeps {
  storage: Pick<Storage, "db">;
  log: Pick<EventLog, "write">;
  doors: OpenDoors;
}

/** What residents do at home: their name, their devices. */
export function createHouseholdHandlers({ storage, log, doors }: HandlerDeps): {
  commands: Pick<All["commands"], "resident.rename" | "session.end" | "session.end-others" | "device.invite">;
  queries: Pick<All["queries"], "household.mine">;
} {
  return {
    commands: {
      "resident.rename": async ({ displayName }, context) => {
        const actor = context.person();
        const { residentId } = actor;
        await log.write(actor.communityId, async (unit) => {
          const { numUpdatedRows } = await unit.db
            .updateTable("residents")
            .set({ display_name: displayName })
            .where("id", "=", residentId)
            .where("display_name", "!=", displayName)
            .executeTakeFirst();
          if (numUpdatedRows === 0n) return;
          unit.tell("resident.was-renamed", { residentId, displayName }, audienceOf(actor));
          if (actor.household) {
            const { buildingId, courtyardId } = actor.household;
            unit.tell("residents.have-changed", { buildingId }, { staff: courtyardId });
          }
        });
        return {};
      },

      "session.end": async ({ sessionId }, context) => {
        const actor = context.person();
        const members = await membersOf(
          storage.db,
          { householdId: actor.household?.householdId ?? null, residentId: actor.residentId },
          context.now,
        );
        const owner = members.find(({ devices }) => devices.some((device) => device.sessionId === sessionId));
        // Ended already, or never one of this household's: the answer is the same.
        if (!owner) return {};
        const { residentId } = owner;
        await log.write(actor.communityId, async (unit) => {
          await endSessions(unit, { residentId, sessionId }, unit.now, doors);
          unit.tell("devices.have-changed", { residentId }, audienceOf(actor));
        });
        return {};
      },

      "session.end-others": async (_input, context) => {
        const actor = context.person();
        const { residentId, sessionId } = actor;
        const ended = await log.write(actor.communityId, async (unit) => {
          unit.tell("devices.have-changed", { residentId }, audienceOf(actor));
          return endSessions(unit, { residentId, except: sessionId }, unit.now, doors);
        });
        return { ended };
      },

      "device.invite": (_input, context) => {
        const { communityId, residentId } = context.person();
        const link = { communityId, residentId, by: residentId, kind: "device" as const };
        return log.write(communityId, ({ db, now }) => writeLink(db, link, now));
      },
    },

    queries: {
      "household.mine": async (_input, context) => {
        const { household, residentId } = context.person();
        const who = { householdId: household?.householdId ?? null, residentId };
        const members = await membersOf(storage.db, who, context.now);
        if (members.length === 0) throw new Refusal("not-found", "This resident is gone.");
        return { members };
      },
    },
  };
}
