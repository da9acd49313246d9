import type { Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";
import type { Tx } from "../storage/storage.ts";

type Db = Kysely<Schema>;

/** "Last seen" is written at most this often for one screen, milliseconds. */
export const seenGrain = 60_000;

export interface KioskRow {
  kioskId: string;
  name: string;
  pairedBy: string;
  pairedAt: number;
  lastSeenAt: number | null;
}

/** The screens of a courtyard that are paired now, in the order they were. */
export async function kiosksOf(db: Db, courtyardId: string): Promise<KioskRow[]> {
  const rows = await db
    .selectFrom("kiosks")
    .leftJoin("residents", "residents.id", "kiosks.paired_by")
    .select(["kiosks.id", "kiosks.name", "display_name", "paired_at", "last_seen_at"])
    .where("courtyard_id", "=", courtyardId)
    .where("unpaired_at", "is", null)
    .orderBy("paired_at")
    .orderBy("kiosks.id")
    .execute();
  return rows.map((row) => ({
    kioskId: row.id,
    name: row.name,
    pairedBy: row.display_name ?? "",
    pairedAt: row.paired_at,
    lastSeenAt: row.last_seen_at,
  }));
}

export const kioskById = (db: Db, kioskId: string) =>
  db
    .selectFrom("kiosks")
    .select(["id", "community_id", "courtyard_id", "unpaired_at"])
    .where("id", "=", kioskId)
    .executeTakeFirst();

/** Takes a screen away. @returns the sessions that ended with it */
export async function unpairKiosk({ db }: Tx, kioskId: string, now: number): Promise<string[]> {
  await db
    .updateTable("kiosks")
    .set({ unpaired_at: now })
    .where("id", "=", kioskId)
    .where("unpaired_at", "is", null)
    .execute();
  const ended = await db
    .updateTable("sessions")
    .set({ ended_at: now })
    .where("kiosk_id", "=", kioskId)
    .where("ended_at", "is", null)
    .returning("id")
    .execute();
  return ended.map(({ id }) => id);
}

export async function markSeen({ db }: Tx, kioskId: string, now: number): Promise<void> {
  await db.updateTable("kiosks").set({ last_seen_at: now }).where("id", "=", kioskId).execute();
}
