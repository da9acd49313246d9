import type { Actor, KioskActor } from "../../shared/identity/model.ts";
import type { kioskContract } from "../../shared/kiosk/contract.ts";
import type { WireSignal } from "../../shared/wire/contract.ts";
import type { EventLog } from "../events/log.ts";
import { createEntryLimits } from "../identity/limits.ts";
import { normaliseCode } from "../identity/secrets.ts";
import type { OpenDoors } from "../identity/session-ends.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Storage } from "../storage/storage.ts";
import { kioskById, kiosksOf, unpairKiosk } from "./kiosks.ts";
import type { WallLive } from "./live.ts";
import { confirmPairing } from "./pairings.ts";
import { demand } from "./policy.ts";
import type { Wall } from "./wall.ts";

/** Wrong codes one person may type before a pause; points in `duration` seconds. */
export const confirmLimits = {
  failuresOfAddress: { points: 20, duration: 600 },
  callsOfCode: { points: 40, duration: 600 },
};

export interface KioskHandlerDeps {
  log: Pick<EventLog, "write">;
  storage: Pick<Storage, "db">;
  doors: Pick<OpenDoors, "endSession">;
  wall: Wall;
  live: Pick<WallLive, "watch">;
  /** Turnout and last calls as they are now, for a screen that just connected. */
  passing(courtyardId: string): Promise<WireSignal[]>;
  /** Notes that a screen was heard of. */
  seen(actor: KioskActor): void;
}

export function createKioskHandlers(deps: KioskHandlerDeps): AreaHandlers<typeof kioskContract> {
  const { log, storage, doors, wall, live, passing, seen } = deps;
  const limits = createEntryLimits(confirmLimits);

  /** A screen that asks is there, and wants to hear what changes. */
  const look = async (actor: Actor): Promise<void> => {
    if (actor.kind !== "kiosk") return;
    seen(actor);
    await live.watch(actor.courtyardId);
  };

  return {
    commands: {
      "kiosk.pair": async ({ code, courtyardId, name }, context) => {
        const actor = context.person();
        const courtyard = await storage.db
          .selectFrom("courtyards")
          .select("id")
          .where("id", "=", courtyardId)
          .where("community_id", "=", actor.communityId)
          .executeTakeFirst();
        if (!courtyard) throw new Refusal("not-found", "There is no such courtyard.");
        demand(actor, "pair a screen", { courtyardId });
        const { communityId, residentId } = actor;
        const typed = normaliseCode(code);
        const kioskId = await limits.attempt(residentId, typed, () =>
          log.write(communityId, (unit) =>
            confirmPairing(unit, typed, { communityId, courtyardId, name, by: residentId }, unit.now),
          ),
        );
        return { kioskId };
      },

      "kiosk.unpair": async ({ kioskId }, context) => {
        const actor = context.person();
        const kiosk = await kioskById(storage.db, kioskId);
        if (kiosk?.community_id !== actor.communityId)
          throw new Refusal("not-found", "There is no such screen.");
        demand(actor, "unpair a screen", { courtyardId: kiosk.courtyard_id });
        await log.write(actor.communityId, async (unit) => {
          const ended = await unpairKiosk(unit, kioskId, unit.now);
          unit.tellNodes("node.access-has-changed", { residentId: null, sessionIds: ended });
          unit.afterCommit(() => {
            for (const sessionId of ended) doors.endSession(sessionId);
          });
        });
        return {};
      },
    },

    queries: {
      "kiosk.list": async ({ courtyardId }, context) => {
        const actor = context.person();
        demand(actor, "see the screens", { courtyardId });
        const rows = await storage.db
          .selectFrom("courtyards")
          .select("id")
          .where("id", "=", courtyardId)
          .where("community_id", "=", actor.communityId)
          .execute();
        return { kiosks: rows.length > 0 ? await kiosksOf(storage.db, courtyardId) : [] };
      },
      // What hangs in public anyone of the courtyard may read too: a facilitator sees what the wall shows.
      "kiosk.wall": async (_nothing, { actor }) => {
        await look(actor);
        return wall.view(actor);
      },
      "kiosk.unit": async ({ unitId }, { actor }) => {
        await look(actor);
        return { doors: await wall.unit(actor, unitId) };
      },
    },

    whispers: {},
    snapshot: ({ actor }) => wall.view(actor),
    signals: async ({ actor }) => {
      if (actor.kind !== "kiosk") return [];
      await look(actor);
      return passing(actor.courtyardId);
    },
  };
}
