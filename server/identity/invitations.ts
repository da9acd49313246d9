import type { Kysely, Selectable } from "kysely";
import {
  deviceLinkLifetime,
  invitationFlaw,
  linkLifetime,
  linkUses,
  passwordLinkLifetime,
  slipCodeLength,
  slipLifetime,
  slipUses,
} from "../../shared/identity/rules.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { IdentityTables } from "../storage/tables/identity.ts";
import { hashSecret, newCode, newId, newToken, normaliseCode } from "./secrets.ts";

export type Invitation = Selectable<IdentityTables["invitations"]>;

/** A slip's code is typed by hand and forgiven its spelling; a link's token is copied whole. */
const invitationHash = (given: string): string => {
  const trimmed = given.replace(/\s/g, "");
  return hashSecret(trimmed.length > 2 * slipCodeLength ? trimmed : normaliseCode(trimmed));
};

/** The invitation of a code or link, whatever became of it. */
export const findInvitation = (db: Kysely<Schema>, given: string): Promise<Invitation | undefined> =>
  db.selectFrom("invitations").selectAll().where("code_hash", "=", invitationHash(given)).executeTakeFirst();

/** @throws Refusal `code-unknown`, `code-revoked`, `code-expired`, `code-used-up` */
export function openInvitation(invitation: Invitation | undefined, now: number): Invitation {
  if (!invitation) throw new Refusal("code-unknown", "There is no invitation with this code.");
  const { expires_at: expiresAt, uses_left: usesLeft, revoked_at: revokedAt } = invitation;
  const flaw = invitationFlaw({ expiresAt, usesLeft, revokedAt }, now);
  if (flaw) throw new Refusal(flaw, "This invitation opens nothing any more.");
  return invitation;
}

/** Takes one use, if the invitation still opens at this moment. @throws as `openInvitation` */
export async function spendInvitation(db: Kysely<Schema>, id: string, now: number): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("invitations")
    .set((eb) => ({ uses_left: eb("uses_left", "-", 1), used_count: eb("used_count", "+", 1) }))
    .where("id", "=", id)
    .where("uses_left", ">", 0)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  const current = await db.selectFrom("invitations").selectAll().where("id", "=", id).executeTakeFirst();
  openInvitation(current, now);
  throw new Refusal("code-unknown", "The invitation is gone.");
}

const chunkSize = 400;

/** Writes a new slip for each household. The codes are told here once; only their hashes stay. */
export async function writeSlips(
  db: Kysely<Schema>,
  slips: { communityId: string; householdIds: readonly string[]; by: string },
  now: number,
): Promise<{ codes: Map<string, string>; expiresAt: number }> {
  const codes = new Map(slips.householdIds.map((id) => [id, newCode(slipCodeLength)]));
  const expiresAt = now + slipLifetime;
  const rows = [...codes].map(([householdId, code]) => ({
    id: newId(),
    community_id: slips.communityId,
    kind: "household" as const,
    household_id: householdId,
    resident_id: null,
    code_hash: hashSecret(code),
    created_by: slips.by,
    created_at: now,
    expires_at: expiresAt,
    uses_left: slipUses,
    used_count: 0,
    revoked_at: null,
  }));
  for (let start = 0; start < rows.length; start += chunkSize) {
    await db
      .insertInto("invitations")
      .values(rows.slice(start, start + chunkSize))
      .execute();
  }
  return { codes, expiresAt };
}

/** Households of the list whose slip still opens. */
export async function withLiveSlip(
  db: Kysely<Schema>,
  householdIds: readonly string[],
  now: number,
): Promise<Set<string>> {
  const live = new Set<string>();
  for (let start = 0; start < householdIds.length; start += chunkSize) {
    const rows = await db
      .selectFrom("invitations")
      .select("household_id")
      .where("kind", "=", "household")
      .where("household_id", "in", householdIds.slice(start, start + chunkSize))
      .where("revoked_at", "is", null)
      .where("expires_at", ">", now)
      .where("uses_left", ">", 0)
      .execute();
    for (const row of rows) if (row.household_id) live.add(row.household_id);
  }
  return live;
}

/** Stops every slip of these households. */
export async function revokeSlips(
  db: Kysely<Schema>,
  householdIds: readonly string[],
  now: number,
): Promise<void> {
  for (let start = 0; start < householdIds.length; start += chunkSize) {
    await db
      .updateTable("invitations")
      .set({ revoked_at: now })
      .where("household_id", "in", householdIds.slice(start, start + chunkSize))
      .where("kind", "=", "household")
      .where("revoked_at", "is", null)
      .execute();
  }
}

const linkKinds = {
  "sign-in": { uses: linkUses, lifetime: linkLifetime },
  device: { uses: 1, lifetime: deviceLinkLifetime },
};

/** A link for one person; it replaces the one of its kind before. The token is told here once. */
export async function writeLink(
  db: Kysely<Schema>,
  link: {
    communityId: string;
    residentId: string;
    by: string | null;
    kind: keyof typeof linkKinds;
    /** The link opens nothing without the password, so it may live longer. */
    withPassword?: boolean;
  },
  now: number,
): Promise<{ token: string; expiresAt: number }> {
  const token = newToken();
  const { uses, lifetime: alone } = linkKinds[link.kind];
  const lifetime = link.withPassword ? passwordLinkLifetime : alone;
  await revokeLinks(db, link.residentId, now, link.kind);
  await db
    .insertInto("invitations")
    .values({
      id: newId(),
      community_id: link.communityId,
      kind: link.kind,
      household_id: null,
      resident_id: link.residentId,
      code_hash: hashSecret(token),
      created_by: link.by,
      created_at: now,
      expires_at: now + lifetime,
      uses_left: uses,
      used_count: 0,
      revoked_at: null,
    })
    .execute();
  return { token, expiresAt: now + lifetime };
}

/** Stops a person's links, all kinds or one. */
export async function revokeLinks(
  db: Kysely<Schema>,
  residentId: string,
  now: number,
  kind?: keyof typeof linkKinds,
): Promise<void> {
  let links = db
    .updateTable("invitations")
    .set({ revoked_at: now })
    .where("resident_id", "=", residentId)
    .where("revoked_at", "is", null);
  if (kind) links = links.where("kind", "=", kind);
  await links.execute();
}
