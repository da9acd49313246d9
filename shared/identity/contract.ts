import { z } from "zod";
import { area } from "../wire/define.ts";
import { id, time } from "../wire/text.ts";
import { abilities, roles } from "./model.ts";

export const me = z.strictObject({
  residentId: id,
  displayName: z.string(),
  status: z.enum(["joined", "confirmed"]),
  household: z
    .strictObject({ householdId: id, buildingId: id, unitId: id, courtyardId: id, door: z.string() })
    .nullable(),
  roles: z.array(z.enum(roles)),
  abilities: z.array(z.enum(abilities)),
  /** True when a staff role is waiting for the password. */
  needsPassword: z.boolean(),
  sessionId: id,
  sessionEndsAt: time,
});

export const identityContract = area({
  commands: {},
  queries: {},
  events: {},
  signals: {},
  whispers: {},
  snapshot: me,
});
