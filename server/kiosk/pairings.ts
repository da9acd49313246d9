import type { Kysely } from "kysely";
import { kioskLimits } from "../../shared/kiosk/model.ts";
import { hashSecret, newCode, newId, newToken } from "../identity/secrets.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { Tx } from "../storage/storage.ts";

type Db = Kysely<Schema>;

/** What was asked for this long ago is forgotten, milliseconds: long enough to answer a repeat, not for ever. */
const keptFor = 24 * 3_600_000;

export interface NewPairing {
  code: string;
  secret: string;
  expiresAt: number;
}

/** A code for a screen to show and a secret for it to keep; only their hashes are stored. */
export async function addPairing({ db }: Tx, now: number): Promise<NewPairing> {
  await db
    .deleteFrom("kiosk_pairings")
    .where("expires_at", "<", now - keptFor)
    .execute();
  const pairing = {
    code: newCode(kioskLimits.codeLength),
    secret: newToken(),
    expiresAt: now + kioskLimits.pairingLasts,
  };
  await insertPairing(db, { ...pairing, kioskId: null, repeatable: false }, now);
  return pairing;
}

/**
 * A screen of `courtyardId` whose session waits to be claimed with the answered secret, for a link instead of a
 * code (the demo's). A repeatable one gives a session of the same screen to whoever opens it, until it expires.
 */
export async function addPairedScreen(
  tx: Tx,
  screen: { communityId: string; courtyardId: string; name: string; by: string },
  now: number,
  lasts: number,
  repeatable = false,
): Promise<{ kioskId: string; secret: string }> {
  const kioskId = await addKiosk(tx.db, screen, now);
  const secret = newToken();
  const pairing = { code: newToken(), secret, expiresAt: now + lasts };
  await insertPairing(tx.db, { ...pairing, kioskId, repeatable }, now);
  return { kioskId, secret };
}

function insertPairing(
  db: Db,
  {
    code,
    secret,
    expiresAt,
    kioskId,
    repeatable,
  }: NewPairing & { kioskId: string | null; repeatable: boolean },
  now: number,
) {
  return db
    .insertInto("kiosk_pairings")
    .values({
      id: newId(),
      code_hash: hashSecret(code),
      device_hash: hashSecret(secret),
      created_at: now,
      expires_at: expiresAt,
      kiosk_id: kioskId,
      claimed_at: null,
      repeatable: repeatable ? 1 : 0,
    })
    .execute();
}

async function addKiosk(
  db: Db,
  {
    communityId,
    courtyardId,
    name,
    by,
  }: { communityId: string; courtyardId: string; name: string; by: string },
  now: number,
): Promise<string> {
  const id = newId();
  await db
    .insertInto("kiosks")
    .values({
      id,
      community_id: communityId,
      courtyard_id: courtyardId,
      name,
      paired_by: by,
      paired_at: now,
      unpaired_at: null,
      last_seen_at: null,
    })
    .execute();
  return id;
}

/**
 * Gives the screen that shows `code` to a courtyard. Of two people who confirm it at once one makes the screen and
 * the other is told of it.
 * @param code as `newCode` made it
 * @throws Refusal `pairing-unknown`, `pairing-expired`
 */
export async function confirmPairing(
  { db }: Tx,
  code: string,
  screen: { communityId: string; courtyardId: string; name: string; by: string },
  now: number,
): Promise<string> {
  const codeHash = hashSecret(code);
  const kioskId = await addKiosk(db, screen, now);
  const taken = await db
    .updateTable("kiosk_pairings")
    .set({ kiosk_id: kioskId })
    .where("code_hash", "=", codeHash)
    .where("kiosk_id", "is", null)
    .where("expires_at", ">", now)
    .returning("id")
    .executeTakeFirst();
  if (taken) return kioskId;
  await db.deleteFrom("kiosks").where("id", "=", kioskId).execute();
  const known = await db
    .selectFrom("kiosk_pairings")
    .leftJoin("kiosks", "kiosks.id", "kiosk_pairings.kiosk_id")
    .select(["kiosk_pairings.expires_at", "kiosks.id", "kiosks.courtyard_id", "kiosks.paired_by"])
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  if (known?.id && known.courtyard_id === screen.courtyardId && known.paired_by === screen.by)
    return known.id;
  if (known && known.id === null) throw new Refusal("pairing-expired", "The code has expired.");
  throw new Refusal("pairing-unknown", "No screen shows this code.");
}

export type Claim = { state: "waiting" } | { state: "paired"; kioskId: string; communityId: string };

/**
 * Takes the screen's side of a confirmed pairing, once.
 * @throws Refusal `pairing-unknown` also when it was taken before, `pairing-expired`
 */
export async function claimPairing({ db }: Tx, secret: string, now: number): Promise<Claim> {
  const deviceHash = hashSecret(secret);
  const claimed = await db
    .updateTable("kiosk_pairings")
    .set({ claimed_at: now })
    .where("device_hash", "=", deviceHash)
    .where("kiosk_id", "is not", null)
    .where((eb) => eb.or([eb("claimed_at", "is", null), eb("repeatable", "=", 1)]))
    .where("expires_at", ">", now)
    .returning("kiosk_id")
    .executeTakeFirst();
  if (claimed) {
    const kiosk = await db
      .selectFrom("kiosks")
      .select(["id", "community_id", "unpaired_at"])
      .where("id", "=", claimed.kiosk_id)
      .executeTakeFirst();
    if (!kiosk || kiosk.unpaired_at !== null) throw unknownScreen();
    return { state: "paired", kioskId: kiosk.id, communityId: kiosk.community_id };
  }
  const known = await db
    .selectFrom("kiosk_pairings")
    .select(["expires_at", "claimed_at"])
    .where("device_hash", "=", deviceHash)
    .executeTakeFirst();
  if (!known || known.claimed_at !== null) throw unknownScreen();
  if (known.expires_at <= now) throw new Refusal("pairing-expired", "The pairing has expired.");
  return { state: "waiting" };
}

const unknownScreen = () => new Refusal("pairing-unknown", "This screen is not being paired.");
