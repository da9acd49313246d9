import type { PersonActor } from "../../shared/identity/model.ts";
import type { Clock } from "../clock.ts";
import type { EventLog, Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import { demandStrong, forgive, type PasswordCheck, setFirstPassword } from "./password-check.ts";
import type { Passwords } from "./passwords.ts";
import { knownResident } from "./residents.ts";
import { endSessions, judgeAnew, type OpenDoors } from "./session-ends.ts";
import type { Session } from "./sessions.ts";

/** What a signed-in person does with their own session and password. */
export interface Account {
  signOut(session: Session): Promise<void>;
  /**
   * Raises the session by the password (the first time it sets it), or changes the password, which signs out
   * the other devices. @throws Refusal `password-wrong`, `password-weak`, `locked-out`, `not-allowed`
   */
  givePassword(
    session: Session,
    given: { password: string; newPassword?: string | undefined },
  ): Promise<void>;
}

export function createAccount(deps: {
  storage: Storage;
  log: Pick<EventLog, "write">;
  clock: Clock;
  passwords: Passwords;
  check: PasswordCheck;
  doors: OpenDoors;
}): Account {
  const { storage, log, clock, passwords, check, doors } = deps;

  const raise = async (unit: Unit, actor: PersonActor): Promise<void> => {
    await forgive(unit.db, actor.residentId);
    await unit.db.updateTable("sessions").set({ strong: 1 }).where("id", "=", actor.sessionId).execute();
    const { residentId } = actor;
    unit.tell("roles.have-changed", { residentId }, { staff: null, resident: residentId });
    await judgeAnew(unit, residentId, unit.now, doors);
  };

  return {
    signOut: async ({ actor }) => {
      if (actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen is unpaired, not signed out.");
      const { residentId, sessionId } = actor;
      await log.write(actor.communityId, async (unit) => {
        await endSessions(unit, { residentId, sessionId }, unit.now, doors);
        unit.tell("devices.have-changed", { residentId }, audienceOf(actor));
      });
    },

    givePassword: async ({ actor, strong, needsPassword }, { password, newPassword }) => {
      if (actor.kind === "kiosk" || !(strong || needsPassword)) {
        throw new Refusal("not-allowed", "Only roles that need a password have one.");
      }
      const { communityId, residentId, sessionId, displayName } = actor;
      const resident = await knownResident(storage.db, communityId, residentId);
      if (resident.passwordHash === null) {
        demandStrong(password, [displayName]);
        const hash = await passwords.hash(password);
        return log.write(communityId, async (unit) => {
          await setFirstPassword(unit.db, residentId, hash);
          await raise(unit, actor);
        });
      }
      if (newPassword !== undefined) demandStrong(newPassword, [displayName]);
      await check.demandRight(actor, password);
      const hash = newPassword === undefined ? null : await passwords.hash(newPassword);
      await log.write(communityId, async (unit) => {
        if (hash !== null) {
          await unit.db
            .updateTable("residents")
            .set({ password_hash: hash })
            .where("id", "=", residentId)
            .execute();
          await endSessions(unit, { residentId, except: sessionId }, clock.now(), doors);
          unit.tell("devices.have-changed", { residentId }, audienceOf(actor));
        }
        await raise(unit, actor);
      });
    },
  };
}

export const audienceOf = ({ household, residentId }: PersonActor) => ({
  household: household?.householdId ?? null,
  resident: residentId,
});
