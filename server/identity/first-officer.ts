import type { Kysely } from "kysely";
import { linkUses, passwordLinkLifetime } from "../../shared/identity/rules.ts";
import type { Clock } from "../clock.ts";
import { createCommunity } from "../community/places.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { Entered } from "./entry.ts";
import { findInvitation, openInvitation, spendInvitation } from "./invitations.ts";
import { demandStrong } from "./password-check.ts";
import type { Passwords } from "./passwords.ts";
import { addResident } from "./residents.ts";
import { grantRole } from "./roles.ts";
import { hashSecret, newId, newToken } from "./secrets.ts";
import type { Sessions } from "./sessions.ts";

const lifetime = 7 * 24 * 3_600_000;

const hasOfficer = async (db: Kysely<Schema>): Promise<boolean> =>
  (await db
    .selectFrom("role_grants")
    .select("id")
    .where("role", "=", "officer")
    .where("ended_at", "is", null)
    .executeTakeFirst()) !== undefined;

/**
 * The link that makes the first officer, or null once there is one. Each call replaces the link before, since
 * only its hash is kept.
 * @param url origin the link begins with
 */
export function firstOfficerLink(
  deps: { storage: Storage; clock: Clock },
  url: string,
): Promise<string | null> {
  return deps.storage.write(async ({ db }) => {
    if (await hasOfficer(db)) return null;
    const now = deps.clock.now();
    const token = newToken();
    await db
      .updateTable("invitations")
      .set({ revoked_at: now })
      .where("kind", "=", "first-officer")
      .where("revoked_at", "is", null)
      .execute();
    await db
      .insertInto("invitations")
      .values({
        id: newId(),
        community_id: "",
        kind: "first-officer",
        household_id: null,
        resident_id: null,
        code_hash: hashSecret(token),
        created_by: null,
        created_at: now,
        expires_at: now + lifetime,
        uses_left: 1,
        used_count: 0,
        revoked_at: null,
      })
      .execute();
    return `${url}/first/${token}`;
  });
}

/** Makes the first officer with the community they look after. */
export type BecomeFirstOfficer = (given: {
  code: string;
  communityName: string;
  displayName: string;
  password: string;
  device: string;
}) => Promise<Entered>;

/** @throws Refusal `already-set-up`, `password-weak` and what stops an invitation */
export const createFirstOfficer =
  (deps: {
    storage: Storage;
    clock: Clock;
    sessions: Pick<Sessions, "start">;
    passwords: Passwords;
  }): BecomeFirstOfficer =>
  async ({ code, communityName, displayName, password, device }) => {
    const { storage, clock, sessions, passwords } = deps;
    const invitation = openInvitation(await findInvitation(storage.db, code), clock.now());
    if (invitation.kind !== "first-officer") throw new Refusal("already-set-up", "There is an officer.");
    demandStrong(password, [displayName, communityName]);
    const hash = await passwords.hash(password);
    return storage.write(async (tx) => {
      const { db } = tx;
      const now = clock.now();
      await spendInvitation(db, invitation.id, now);
      if (await hasOfficer(db)) throw new Refusal("already-set-up", "There is an officer.");
      const communityId = await namedCommunity(tx, communityName, now);
      const residentId = newId();
      await addResident(
        db,
        { id: residentId, communityId, householdId: null, displayName, status: "confirmed" },
        now,
      );
      await db.updateTable("residents").set({ password_hash: hash }).where("id", "=", residentId).execute();
      const everywhere = { role: "officer" as const, courtyardId: null, buildingId: null };
      await grantRole(db, { residentId, ...everywhere, by: null }, now);
      // If the answer is lost the link must not be a dead end: from now on it signs this officer in, with
      // the password just chosen.
      await db
        .updateTable("invitations")
        .set({
          kind: "sign-in",
          community_id: communityId,
          resident_id: residentId,
          uses_left: linkUses,
          expires_at: now + passwordLinkLifetime,
        })
        .where("id", "=", invitation.id)
        .execute();
      const { token } = await sessions.start(tx, { communityId, residentId, strong: true, device });
      return { residentId, token };
    });
  };

/** A community an import has made before is taken over under the name given. */
async function namedCommunity(
  tx: Parameters<typeof createCommunity>[0],
  name: string,
  now: number,
): Promise<string> {
  const existing = await tx.db.selectFrom("communities").select("id").executeTakeFirst();
  if (!existing) return createCommunity(tx, name, now);
  await tx.db.updateTable("communities").set({ name }).where("id", "=", existing.id).execute();
  return existing.id;
}
