import type { Kysely } from "kysely";
import { lockAfter, passwordFlaw } from "../../shared/identity/rules.ts";
import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { Passwords } from "./passwords.ts";
import { knownResident } from "./residents.ts";

/** @throws Refusal `password-weak` with the flaw */
export function demandStrong(password: string, personal: readonly string[]): void {
  const flaw = passwordFlaw(password, personal);
  if (flaw) throw new Refusal("password-weak", `The password is ${flaw}.`, { flaw });
}

export interface PasswordCheck {
  /**
   * Checks a person's password. Wrong ones in a row lock the person out for a growing time.
   * Whoever calls it clears the count with `forgive` in the unit that acts on the answer.
   * @throws Refusal `password-wrong`, `locked-out` with the seconds to wait
   */
  demandRight(person: { communityId: string; residentId: string }, password: string): Promise<void>;
}

export function createPasswordCheck(deps: {
  storage: Storage;
  clock: Clock;
  passwords: Passwords;
}): PasswordCheck {
  const { storage, clock, passwords } = deps;

  /** Counts an attempt before it is judged, so that guesses made at once are counted one by one. */
  const count = (residentId: string): Promise<number> =>
    storage.write(async ({ db }) => {
      const now = clock.now();
      const row = await db
        .updateTable("residents")
        .set((eb) => ({ failed_sign_ins: eb("failed_sign_ins", "+", 1) }))
        .where("id", "=", residentId)
        .where("locked_until", "<=", now)
        .returning("failed_sign_ins")
        .executeTakeFirst();
      if (!row) throw locked(await lockedUntil(db, residentId), now);
      const lock = lockAfter(row.failed_sign_ins);
      if (lock > 0) {
        await db
          .updateTable("residents")
          .set({ locked_until: now + lock })
          .where("id", "=", residentId)
          .execute();
      }
      return lock;
    });

  return {
    demandRight: async ({ communityId, residentId }, password) => {
      const lock = await count(residentId);
      // Read after counting: a password changed in between is the one that is asked for.
      const { passwordHash } = await knownResident(storage.db, communityId, residentId);
      if (await passwords.verify(password, passwordHash)) return;
      if (lock > 0) throw locked(lock, 0);
      throw new Refusal("password-wrong", "The password is wrong.");
    },
  };
}

const lockedUntil = async (db: Kysely<Schema>, residentId: string): Promise<number> => {
  const row = await db
    .selectFrom("residents")
    .select("locked_until")
    .where("id", "=", residentId)
    .executeTakeFirst();
  return row?.locked_until ?? 0;
};

const locked = (until: number, now: number): Refusal => {
  const seconds = Math.max(1, Math.ceil((until - now) / 1000));
  return new Refusal("locked-out", "Too many wrong passwords.", {
    seconds,
    minutes: Math.ceil(seconds / 60),
  });
};

/** Clears the count of wrong passwords, in the unit that acts on a right one. */
export async function forgive(db: Kysely<Schema>, residentId: string): Promise<void> {
  await db
    .updateTable("residents")
    .set({ failed_sign_ins: 0, locked_until: 0 })
    .where("id", "=", residentId)
    .execute();
}

/** Sets the first password, unless someone else just did. @throws Refusal `password-wrong` */
export async function setFirstPassword(db: Kysely<Schema>, residentId: string, hash: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("residents")
    .set({ password_hash: hash })
    .where("id", "=", residentId)
    .where("password_hash", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new Refusal("password-wrong", "A password was set a moment ago.");
}
