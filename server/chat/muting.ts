import type { chatContract } from "../../shared/chat/contract.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import type { EventLog } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import { isUniqueViolation } from "../storage/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { activeMutes, findMute, insertMute, liftMutes, muteTarget } from "./mutes.ts";
import { mayMute } from "./policy.ts";

type Handlers = AreaHandlers<typeof chatContract>;

const minute = 60_000;

/** A steward or officer keeps someone from writing for a while; it ends by itself or is lifted. */
export function createMuting(deps: { log: EventLog; storage: Pick<Storage, "db"> }): {
  commands: Pick<Handlers["commands"], "chat.mute" | "chat.lift-mute">;
  queries: Pick<Handlers["queries"], "chat.mutes">;
} {
  const { log, storage } = deps;

  const refuseUnlessMayMute = async (actor: PersonActor, residentId: string): Promise<void> => {
    const target = await muteTarget(storage.db, actor.communityId, residentId);
    if (!target || !mayMute(actor, target)) {
      throw new Refusal("not-allowed", "This resident is not theirs to mute.");
    }
  };

  const firstAnswer = async (muteId: string, actor: PersonActor, residentId: string) => {
    const earlier = await findMute(storage.db, muteId);
    if (!earlier) return null;
    if (earlier.residentId !== residentId || earlier.byId !== actor.residentId) {
      throw new Refusal("invalid-input", "This mute id is taken.", { field: "muteId" });
    }
    return { until: earlier.until };
  };

  return {
    commands: {
      "chat.mute": async ({ muteId, residentId, minutes, reason }, context) => {
        const actor = context.person();
        await refuseUnlessMayMute(actor, residentId);
        const earlier = await firstAnswer(muteId, actor, residentId);
        if (earlier) return earlier;
        const { courtyardId } = actor;
        try {
          return await log.write(actor.communityId, async (unit) => {
            const until = unit.now + minutes * minute;
            await liftMutes(unit.db, { courtyardId, residentId }, unit.now);
            await insertMute(unit.db, {
              id: muteId,
              courtyardId,
              residentId,
              until,
              reason,
              byId: actor.residentId,
              at: unit.now,
            });
            unit.tell(
              "chat.mute-changed",
              { courtyardId, mute: { until, reason } },
              { resident: residentId },
            );
            return { until };
          });
        } catch (error) {
          const repeated = isUniqueViolation(error) ? await firstAnswer(muteId, actor, residentId) : null;
          if (repeated) return repeated;
          throw error;
        }
      },

      "chat.lift-mute": async ({ residentId }, context) => {
        const actor = context.person();
        await refuseUnlessMayMute(actor, residentId);
        const { courtyardId } = actor;
        await log.write(actor.communityId, async (unit) => {
          if ((await liftMutes(unit.db, { courtyardId, residentId }, unit.now)) === 0) return;
          unit.tell("chat.mute-changed", { courtyardId, mute: null }, { resident: residentId });
        });
        return {};
      },
    },

    queries: {
      "chat.mutes": async (_input, context) => {
        const actor = context.person();
        const mutes = await activeMutes(storage.db, actor.courtyardId, context.now);
        return {
          mutes: mutes
            // An officer cannot be muted, so a mute that holds is never an officer's.
            .filter((mute) => mayMute(actor, { ...mute, officer: false }))
            .map(({ buildingId: _buildingId, ...mute }) => mute),
        };
      },
    },
  };
}
