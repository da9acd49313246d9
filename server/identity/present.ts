import type { z } from "zod";
import type { me } from "../../shared/identity/contract.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import { abilitiesOf } from "./abilities.ts";
import { knownResident } from "./residents.ts";
import type { Session } from "./sessions.ts";

/** Who I am and what I can do: this area's part of the snapshot. */
export async function presentMe({ db }: Pick<Storage, "db">, session: Session): Promise<z.input<typeof me>> {
  const { actor, status, roles, needsPassword, endsAt } = session;
  if (actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen is nobody.");
  const { passwordHash } = await knownResident(db, actor.communityId, actor.residentId);
  return {
    residentId: actor.residentId,
    displayName: actor.displayName,
    status,
    household: actor.household,
    roles: [...roles],
    abilities: abilitiesOf(actor),
    needsPassword,
    hasPassword: passwordHash !== null,
    sessionId: actor.sessionId,
    sessionEndsAt: endsAt,
  };
}
