import type { Kysely } from "kysely";
import type { ChannelPlace } from "../../shared/chat/model.ts";
import type { Schema } from "../storage/schema.ts";

export interface Channel extends ChannelPlace {
  id: string;
  /** Name of the building; empty for the courtyard's own channel. */
  name: string;
}

export interface Marks {
  channelId: string;
  lastSeq: number;
  seenSeq: number;
}

/** The courtyard's channel, then the buildings' in the order of the wall. */
export async function channelsOf(
  db: Kysely<Schema>,
  courtyardId: string,
): Promise<(Channel & { lastSeq: number })[]> {
  const rows = await db
    .selectFrom("channels")
    .leftJoin("buildings", "buildings.id", "channels.building_id")
    .select(["channels.id", "channels.building_id", "channels.seq", "buildings.name", "buildings.sort"])
    .where("channels.courtyard_id", "=", courtyardId)
    .execute();
  return rows
    .sort((a, b) => (a.sort ?? -1) - (b.sort ?? -1))
    .map(({ id, building_id, seq, name }) => ({
      id,
      courtyardId,
      buildingId: building_id,
      name: name ?? "",
      lastSeq: seq,
    }));
}

/** A channel never moves, so each is read once. */
export function createChannelDirectory(db: Kysely<Schema>) {
  const known = new Map<string, Channel>();
  return {
    find: async (channelId: string): Promise<Channel | null> => {
      const found = known.get(channelId);
      if (found) return found;
      const row = await db
        .selectFrom("channels")
        .leftJoin("buildings", "buildings.id", "channels.building_id")
        .select(["channels.courtyard_id", "channels.building_id", "buildings.name"])
        .where("channels.id", "=", channelId)
        .executeTakeFirst();
      if (!row) return null;
      const channel: Channel = {
        id: channelId,
        courtyardId: row.courtyard_id,
        buildingId: row.building_id,
        name: row.name ?? "",
      };
      known.set(channelId, channel);
      return channel;
    },
  };
}
export type ChannelDirectory = ReturnType<typeof createChannelDirectory>;

/** The last number a channel has given. */
export async function lastSeq(db: Kysely<Schema>, channelId: string): Promise<number> {
  const row = await db.selectFrom("channels").select("seq").where("id", "=", channelId).executeTakeFirst();
  return row?.seq ?? 0;
}

/** Takes the channel's next number; its row stays locked until the unit commits, so numbers have no gap. */
export async function nextSeq(db: Kysely<Schema>, channelId: string): Promise<number> {
  const { seq } = await db
    .updateTable("channels")
    .set((eb) => ({ seq: eb("seq", "+", 1) }))
    .where("id", "=", channelId)
    .returning("seq")
    .executeTakeFirstOrThrow();
  return seq;
}

/**
 * How far each channel goes and how far this resident has seen it. Without a mark, what was said before the
 * resident joined counts as seen: nobody begins with a hundred unread messages.
 */
export async function marksOf(
  db: Kysely<Schema>,
  residentId: string,
  channelIds: readonly string[],
): Promise<Marks[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("channels")
    .leftJoin("channel_marks", (join) =>
      join
        .onRef("channel_marks.channel_id", "=", "channels.id")
        .on("channel_marks.resident_id", "=", residentId),
    )
    .select(["channels.id", "channels.seq", "channel_marks.seen_seq"])
    .where("channels.id", "in", channelIds)
    .execute();
  const unmarked = rows.filter((row) => row.seen_seq === null).map((row) => row.id);
  const before = unmarked.length > 0 ? await seqsBeforeJoining(db, residentId, unmarked) : new Map();
  return rows.map(({ id, seq, seen_seq }) => ({
    channelId: id,
    lastSeq: seq,
    seenSeq: seen_seq ?? before.get(id) ?? 0,
  }));
}

async function seqsBeforeJoining(
  db: Kysely<Schema>,
  residentId: string,
  channelIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("channels")
    .innerJoin("residents", (join) => join.on("residents.id", "=", residentId))
    .select((eb) => [
      "channels.id",
      eb
        .selectFrom("messages")
        .select("messages.seq")
        .whereRef("messages.channel_id", "=", "channels.id")
        .whereRef("messages.at", "<=", "residents.created_at")
        .orderBy("messages.seq", "desc")
        .limit(1)
        .as("seq"),
    ])
    .where("channels.id", "in", channelIds)
    .execute();
  return new Map(rows.map(({ id, seq }) => [id, seq ?? 0]));
}

/**
 * Moves a mark forward and never back, whatever order the devices of a resident speak in.
 * @returns the mark as it stands now
 */
export async function moveMark(
  db: Kysely<Schema>,
  mark: { channelId: string; residentId: string; seq: number },
): Promise<number> {
  await db
    .insertInto("channel_marks")
    .values({ channel_id: mark.channelId, resident_id: mark.residentId, seen_seq: mark.seq })
    .onConflict((conflict) =>
      conflict
        .columns(["channel_id", "resident_id"])
        .doUpdateSet({ seen_seq: mark.seq })
        .where("channel_marks.seen_seq", "<", mark.seq),
    )
    .execute();
  const row = await db
    .selectFrom("channel_marks")
    .select("seen_seq")
    .where("channel_id", "=", mark.channelId)
    .where("resident_id", "=", mark.residentId)
    .executeTakeFirstOrThrow();
  return row.seen_seq;
}
