import { z } from "zod";
import { area, command, event, query } from "../wire/define.ts";
import { id, line, nothing, time } from "../wire/text.ts";
import { deviceApps, deviceSystems } from "./device.ts";
import { abilities, roles } from "./model.ts";
import { longestDisplayName } from "./rules.ts";

const displayName = line(longestDisplayName);
const status = z.enum(["joined", "confirmed"]);
/** Roles an officer gives; `resident` comes with the household. */
const staffRole = z.enum(["steward", "facilitator", "officer", "organisation", "social-worker"]);

export const me = z.strictObject({
  residentId: id,
  displayName: z.string(),
  status,
  household: z
    .strictObject({ householdId: id, buildingId: id, unitId: id, courtyardId: id, door: z.string() })
    .nullable(),
  roles: z.array(z.enum(roles)),
  abilities: z.array(z.enum(abilities)),
  /** True when a staff role is waiting for the password. */
  needsPassword: z.boolean(),
  /** False while the first password is still to be chosen. */
  hasPassword: z.boolean(),
  /** Buildings of this courtyard whose residents and slips this session looks after. */
  looksAfter: z.array(id),
  /** When each list was last known to change; a page that shows it asks again when this moves. */
  asOf: z.strictObject({ household: time, residents: time, roles: time }),
  sessionId: id,
  sessionEndsAt: time,
});

export const householdMember = z.strictObject({
  residentId: id,
  displayName: z.string(),
  status,
  devices: z.array(
    z.strictObject({
      sessionId: id,
      app: z.enum(deviceApps),
      system: z.enum(deviceSystems),
      seenAt: time,
    }),
  ),
});

export const residentEntry = z.strictObject({
  residentId: id,
  householdId: id,
  door: z.string(),
  displayName: z.string(),
  status,
  joinedAt: time,
  /** A steward removes no one who holds an office; the officer ends the role first. */
  removable: z.boolean(),
});

export const buildingRow = z.strictObject({
  buildingId: id,
  name: z.string(),
  households: z.number().int(),
  /** Households that were ever given a slip. */
  slips: z.number().int(),
  joined: z.number().int(),
  /** Households that were ever given a slip or have somebody in. */
  reached: z.number().int(),
  /** Households with something on the board. */
  listed: z.number().int(),
});

export const slip = z.strictObject({ householdId: id, door: z.string(), code: z.string() });

const place = z.strictObject({ courtyardId: id.nullable(), buildingId: id.nullable() });

export const staffMember = z.strictObject({
  residentId: id,
  displayName: z.string(),
  door: z.string().nullable(),
  hasPassword: z.boolean(),
  grants: z.array(place.extend({ grantId: id, role: staffRole })),
});

export const identityContract = area({
  commands: {
    "resident.rename": command(
      "Changes what neighbours call me. Repeating it changes nothing more.",
      z.strictObject({ displayName }),
      nothing,
    ),
    "session.end": command(
      "Signs out one device of my household. Repeating it changes nothing more.",
      z.strictObject({ sessionId: id }),
      nothing,
    ),
    "session.end-others": command(
      "Signs out my other devices. Repeating it changes nothing more.",
      nothing,
      z.strictObject({ ended: z.number().int() }),
    ),
    "device.invite": command(
      "A link for one more device of mine, for ten minutes and one use. A repeat replaces the link before.",
      nothing,
      z.strictObject({ token: z.string(), expiresAt: time }),
    ),
    "resident.confirm": command(
      "A steward knows this neighbour. Repeating it changes nothing more.",
      z.strictObject({ residentId: id }),
      nothing,
    ),
    "resident.remove": command(
      "Ends a resident's access at once, with the household's slip. Repeating it changes nothing more.",
      z.strictObject({ residentId: id }),
      nothing,
    ),
    "household.set-phoneless": command(
      "Marks a household that has no phone, for which a steward acts. Repeating it changes nothing more.",
      z.strictObject({ householdId: id, phoneless: z.boolean() }),
      nothing,
    ),
    "invitation.issue": command(
      "Makes slips for the doors of a place and tells their codes once. Doors with a slip that still works are left out unless `replace`; replacing stops the old slip at once, so a repeat prints anew.",
      z.strictObject({
        place: z.strictObject({ kind: z.enum(["household", "unit", "building", "courtyard"]), id }),
        replace: z.boolean(),
      }),
      z.strictObject({
        slips: z.array(slip),
        /** Doors left out because their slip still works. */
        skipped: z.number().int(),
        expiresAt: time,
      }),
    ),
    "invitation.revoke": command(
      "Stops the slip of a household. Repeating it changes nothing more.",
      z.strictObject({ householdId: id }),
      nothing,
    ),
    "staff.invite": command(
      "Brings in a person with a role and tells their link once. A repeat with the same residentId makes no second person and replaces the link.",
      place.extend({ residentId: id, displayName, role: staffRole, householdId: id.nullable() }),
      z.strictObject({ token: z.string(), expiresAt: time }),
    ),
    "staff.relink": command(
      "A new link for a person with a role; the old one stops. With `forgetPassword` they choose a new password and every device of theirs is signed out.",
      z.strictObject({ residentId: id, forgetPassword: z.boolean() }),
      z.strictObject({ token: z.string(), expiresAt: time }),
    ),
    "role.grant": command(
      "Gives a role. Giving the same role again returns the first grant.",
      place.extend({ residentId: id, role: staffRole }),
      z.strictObject({ grantId: id }),
    ),
    "role.end": command(
      "Ends a role; the last officer keeps theirs. Repeating it changes nothing more.",
      z.strictObject({ grantId: id }),
      nothing,
    ),
  },
  queries: {
    "household.mine": query(
      "The people of my household and their devices; without a household, me alone.",
      nothing,
      z.strictObject({ members: z.array(householdMember) }),
    ),
    "residents.list": query(
      "The residents of a building, for its stewards. Doors where nobody has joined are not in it.",
      z.strictObject({ buildingId: id }),
      z.strictObject({ residents: z.array(residentEntry), phoneless: z.array(id) }),
    ),
    "buildings.table": query(
      "How far each building of the courtyard has come, in counts.",
      nothing,
      z.strictObject({ buildings: z.array(buildingRow) }),
    ),
    "staff.list": query(
      "The people with a role, for officers.",
      nothing,
      z.strictObject({ staff: z.array(staffMember) }),
    ),
  },
  events: {
    "resident.has-joined": event(
      "Someone of the household came in by the slip.",
      ["household"],
      z.strictObject({ residentId: id, displayName: z.string() }),
    ),
    "resident.was-confirmed": event(
      "A steward knows this neighbour.",
      ["household", "resident"],
      z.strictObject({ residentId: id }),
    ),
    "resident.was-renamed": event(
      "A resident goes by another name.",
      ["household", "resident"],
      z.strictObject({ residentId: id, displayName: z.string() }),
    ),
    "resident.was-removed": event(
      "A resident no longer belongs to the household.",
      ["household"],
      z.strictObject({ residentId: id }),
    ),
    "devices.have-changed": event(
      "A device of the household came or went.",
      ["household", "resident"],
      z.strictObject({ residentId: id }),
    ),
    "residents.have-changed": event(
      "Something about the residents or slips of a building changed; whoever looks after it asks again. It names nobody.",
      ["staff"],
      z.strictObject({ buildingId: id.nullable() }),
    ),
    "roles.have-changed": event(
      "A person was given a role, lost one, or gave the password it waited for; their own pages ask for everything anew.",
      ["staff", "resident"],
      z.strictObject({ residentId: id }),
    ),
  },
  signals: {},
  whispers: {},
  snapshot: me,
});
