import { createHash } from "node:crypto";
import type { LookUp } from "../../shared/identity/http.ts";
import { passwordRoles } from "../../shared/identity/model.ts";
import type { Clock } from "../clock.ts";
import { doorLabel } from "../community/door-label.ts";
import type { EventLog, Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import { isUniqueViolation } from "../storage/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { findInvitation, type Invitation, openInvitation, spendInvitation } from "./invitations.ts";
import { demandStrong, forgive, type PasswordCheck, setFirstPassword } from "./password-check.ts";
import type { Passwords } from "./passwords.ts";
import { addResident, findResident, type Resident, rolesHeld } from "./residents.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Who came in; the token goes into the cookie and nowhere else. Null keeps the session there was. */
export interface Entered {
  residentId: string;
  token: string | null;
}

/** The ways in: by a household's slip, by a person's link. */
export interface Entry {
  lookUp(code: string, now: number): Promise<LookUp>;
  join(
    given: { code: string; displayName: string; attempt: string; device: string },
    session: Session | null,
  ): Promise<Entered>;
  signIn(given: { code: string; password?: string | undefined; device: string }): Promise<Entered>;
}

export function createEntry(deps: {
  storage: Storage;
  log: Pick<EventLog, "write">;
  clock: Clock;
  sessions: Pick<Sessions, "start">;
  passwords: Passwords;
  check: PasswordCheck;
}): Entry {
  const { storage, log, clock, sessions, passwords, check } = deps;

  const personOf = async (
    invitation: Invitation,
  ): Promise<{ resident: Resident; needsPassword: boolean }> => {
    const resident =
      invitation.resident_id === null
        ? null
        : await findResident(storage.db, invitation.community_id, invitation.resident_id);
    if (!resident || resident.status === "removed") {
      throw new Refusal("code-revoked", "This person has no access any more.");
    }
    const held = await rolesHeld(storage.db, resident.id);
    const needsPassword = held.some(({ role }) => passwordRoles.some((needs) => needs === role));
    return { resident, needsPassword };
  };

  const lookUp = async (code: string, now: number): Promise<LookUp> => {
    const invitation = openInvitation(await findInvitation(storage.db, code), now);
    if (invitation.kind === "first-officer") return { kind: "first-officer" };
    if (invitation.kind === "household") {
      return { kind: "household", ...(await doorOf(invitation.household_id ?? "")) };
    }
    const { resident, needsPassword } = await personOf(invitation);
    return {
      kind: "sign-in",
      displayName: resident.displayName,
      needsPassword,
      hasPassword: resident.passwordHash !== null,
    };
  };

  const doorOf = async (householdId: string) => {
    const row = await storage.db
      .selectFrom("households")
      .innerJoin("units", "units.id", "households.unit_id")
      .innerJoin("buildings", "buildings.id", "households.building_id")
      .innerJoin("courtyards", "courtyards.id", "households.courtyard_id")
      .select([
        "households.door",
        "units.name as unit",
        "buildings.name as building",
        "courtyards.name as courtyard",
      ])
      .where("households.id", "=", householdId)
      .executeTakeFirstOrThrow();
    return { courtyard: row.courtyard, door: doorLabel(row.building, row.unit, row.door) };
  };

  const join: Entry["join"] = async ({ code, displayName, attempt, device }, session) => {
    const invitation = openOrRepeated(await findInvitation(storage.db, code));
    const household = await storage.db
      .selectFrom("households")
      .select(["id", "building_id", "courtyard_id"])
      .where("id", "=", invitation.household_id)
      .executeTakeFirstOrThrow();
    const { actor } = session ?? {};
    if (actor?.kind === "person" && actor.household?.householdId === household.id) {
      return { residentId: actor.residentId, token: null };
    }
    const residentId = residentOfAttempt(invitation, attempt);
    const holder = { communityId: invitation.community_id, residentId, device };
    const enter = async (unit: Unit): Promise<Entered> => {
      const known = await findResident(unit.db, invitation.community_id, residentId);
      if (known?.status === "removed") throw new Refusal("code-revoked", "This person was removed.");
      if (!known) {
        await spendInvitation(unit.db, invitation.id, unit.now);
        const resident = {
          id: residentId,
          communityId: invitation.community_id,
          householdId: household.id,
          displayName,
          status: "joined" as const,
        };
        await addResident(unit.db, resident, unit.now);
        unit.tell("resident.has-joined", { residentId, displayName }, { household: household.id });
        unit.tell(
          "residents.have-changed",
          { buildingId: household.building_id },
          { staff: household.courtyard_id },
        );
      }
      return { residentId, token: (await sessions.start(unit, holder)).token };
    };
    try {
      return await log.write(invitation.community_id, enter);
    } catch (error) {
      // The same attempt arrived twice at once and the other one was first: this one is its repeat.
      if (isUniqueViolation(error)) return log.write(invitation.community_id, enter);
      throw error;
    }
  };

  /** A repeat may come when the slip's last use was taken by the first try, so uses are counted later. */
  const openOrRepeated = (invitation: Invitation | undefined): Invitation => {
    if (invitation?.kind !== "household") {
      throw new Refusal("code-unknown", "There is no slip with this code.");
    }
    openInvitation({ ...invitation, uses_left: 1 }, clock.now());
    return invitation;
  };

  const signIn: Entry["signIn"] = async ({ code, password, device }) => {
    const invitation = await findInvitation(storage.db, code);
    if (!invitation || (invitation.kind !== "sign-in" && invitation.kind !== "device")) {
      if (password === undefined) throw new Refusal("code-unknown", "There is no such link.");
      await passwords.verify(password, null);
      throw new Refusal("password-wrong", "The password is wrong.");
    }
    openInvitation(invitation, clock.now());
    const { resident, needsPassword } = await personOf(invitation);
    const { id: residentId, communityId } = resident;
    const entered = async (strong: boolean, act: (unit: Unit) => Promise<void>): Promise<Entered> => {
      const token = await log.write(communityId, async (unit) => {
        await act(unit);
        unit.tell(
          "devices.have-changed",
          { residentId },
          { household: resident.householdId, resident: residentId },
        );
        return (await sessions.start(unit, { communityId, residentId, strong, device })).token;
      });
      return { residentId, token };
    };
    const spendLink = ({ db, now }: Unit) => spendInvitation(db, invitation.id, now);
    if (!needsPassword) return entered(false, spendLink);
    if (password === undefined) {
      throw new Refusal("invalid-input", "This link needs the password too.", { field: "password" });
    }
    if (resident.passwordHash === null) {
      demandStrong(password, [resident.displayName]);
      const hash = await passwords.hash(password);
      return entered(true, async (unit) => {
        await spendLink(unit);
        await setFirstPassword(unit.db, residentId, hash);
      });
    }
    await check.demandRight({ communityId, residentId }, password);
    return entered(true, async (unit) => {
      // With the password the link only says who it is; a device's link is still for one use.
      if (invitation.kind === "device") await spendLink(unit);
      await forgive(unit.db, residentId);
    });
  };

  return { lookUp, join, signIn };
}

/**
 * The resident one attempt makes: a repeat with the same attempt, which only that client knows, finds the same
 * person again. 72 bits of a hash, so nobody can aim at another's id.
 */
const residentOfAttempt = (invitation: Invitation, attempt: string): string =>
  createHash("sha256").update(`${invitation.code_hash}:${attempt}`).digest("base64url").slice(0, 12);
