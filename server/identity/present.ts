import type { z } from "zod";
import type { me } from "../../shared/identity/contract.ts";
import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import { abilitiesOf } from "./abilities.ts";
import { may } from "./policy.ts";
import { knownResident } from "./residents.ts";
import type { Session } from "./sessions.ts";

/** Who I am and what I can do: this area's part of the snapshot. */
export async function presentMe(
  { storage, clock }: { storage: Pick<Storage, "db">; clock: Clock },
  session: Session,
): Promise<z.input<typeof me>> {
  const { actor, status, roles, needsPassword, endsAt } = session;
  if (actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen is nobody.");
  const { passwordHash } = await knownResident(storage.db, actor.communityId, actor.residentId);
  const { courtyardId } = actor;
  const abilities = abilitiesOf(actor);
  const buildings = abilities.includes("resident.confirm")
    ? await storage.db
        .selectFrom("buildings")
        .select("id")
        .where("courtyard_id", "=", courtyardId)
        .orderBy("sort")
        .execute()
    : [];
  const now = clock.now();
  return {
    residentId: actor.residentId,
    displayName: actor.displayName,
    status,
    household: actor.household,
    roles: [...roles],
    abilities,
    needsPassword,
    hasPassword: passwordHash !== null,
    looksAfter: buildings
      .filter(({ id }) => may(actor, "see residents", { courtyardId, buildingId: id }))
      .map(({ id }) => id),
    asOf: { household: now, residents: now, roles: now },
    sessionId: actor.sessionId,
    sessionEndsAt: endsAt,
  };
}
