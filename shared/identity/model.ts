/** The roles people may be given (docs/spec/identity.md). A kiosk is a device and has no role. */
export const roles = [
  "resident",
  "steward",
  "facilitator",
  "officer",
  "organisation",
  "social-worker",
] as const;
export type Role = (typeof roles)[number];

/** Roles that need a password besides their link. */
export const passwordRoles: readonly Role[] = ["facilitator", "officer"];

/**
 * A role given to a resident. `courtyardId` null reaches the whole community;
 * `buildingId` null reaches the whole courtyard.
 */
export interface RoleGrant {
  role: Role;
  courtyardId: string | null;
  buildingId: string | null;
}

/** Where a household stands, as its session knows it. */
export interface HouseholdPlace {
  householdId: string;
  buildingId: string;
  unitId: string;
  courtyardId: string;
  /** As written on the plate, "3-2-501". */
  door: string;
}

/** A person acting through a session. */
export interface PersonActor {
  kind: "person";
  sessionId: string;
  residentId: string;
  displayName: string;
  communityId: string;
  /** The courtyard this session looks at. */
  courtyardId: string;
  household: HouseholdPlace | null;
  /** Only the grants this session may use: those that need a password are left out without one. */
  grants: readonly RoleGrant[];
}

/** A paired screen. */
export interface KioskActor {
  kind: "kiosk";
  sessionId: string;
  kioskId: string;
  communityId: string;
  courtyardId: string;
}

export type Actor = PersonActor | KioskActor;

/** True if the actor holds `role` for this courtyard (and building, when one is named). */
export function holds(actor: Actor, role: Role, courtyardId: string, buildingId?: string | null): boolean {
  if (actor.kind === "kiosk") return false;
  return actor.grants.some(
    (grant) =>
      grant.role === role &&
      (grant.courtyardId === null || grant.courtyardId === courtyardId) &&
      (grant.buildingId === null || buildingId === undefined || grant.buildingId === buildingId),
  );
}

/** True if the actor holds one of the roles that look after a courtyard. */
export const isStaff = (actor: Actor, courtyardId: string): boolean =>
  holds(actor, "officer", courtyardId) ||
  holds(actor, "facilitator", courtyardId) ||
  holds(actor, "steward", courtyardId);

/**
 * What this session may do, decided on the server and shown by the client, which compares no roles.
 * Each is about the courtyard the session looks at.
 */
export const abilities = [
  "board.edit-notice",
  "board.edit-any-cell",
  "board.restore",
  "chat.post",
  "chat.judge",
  "chat.mute",
  "proposal.write",
  "proposal.vote",
  "kiosk.manage",
  "household.manage",
  "invitation.issue",
  "resident.confirm",
  "staff.manage",
  "import.run",
  "courtyard.create",
] as const;
export type Ability = (typeof abilities)[number];
