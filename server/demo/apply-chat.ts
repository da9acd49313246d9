import type { Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";
import { insertAll } from "./insert-all.ts";
import { day } from "./local-time.ts";
import type { DemoMessage, DemoPlan } from "./plan-types.ts";

/** Everyone has read up to about this long before now, so that the last talk is still unread. */
const unreadSince = day;

/** The channels with their history, numbered without a gap, and how far each person has read. */
export async function applyChat(db: Kysely<Schema>, plan: DemoPlan, since: number): Promise<void> {
  const talks = Map.groupBy(plan.messages, ({ channelId }) => channelId);
  await insertAll(
    db,
    "channels",
    plan.channels.map(({ id, courtyardId, buildingId }) => ({
      id,
      courtyard_id: courtyardId,
      building_id: buildingId,
      seq: talks.get(id)?.length ?? 0,
      created_at: since,
    })),
  );
  await insertAll(
    db,
    "messages",
    [...talks.values()].flatMap((talk) => talk.map(messageRow)),
  );
  await insertAll(db, "channel_marks", marks(plan, talks));
}

const messageRow = (message: DemoMessage, index: number) => ({
  id: message.id,
  channel_id: message.channelId,
  seq: index + 1,
  author_id: message.authorId,
  text: message.text,
  at: message.at,
  edited_at: null,
  deleted_at: null,
  state: "shown" as const,
  version: 1,
  log_after: 0,
});

function marks(plan: DemoPlan, talks: ReadonlyMap<string, readonly DemoMessage[]>) {
  const buildingOf = new Map(plan.households.map(({ id, buildingId }) => [id, buildingId]));
  return plan.residents.flatMap((resident) => {
    const home = buildingOf.get(resident.householdId ?? "");
    const read = plan.channels.filter(({ buildingId }) => !home || !buildingId || buildingId === home);
    return read.flatMap(({ id: channelId }) => {
      const talk = talks.get(channelId) ?? [];
      const seen = talk.findLastIndex(
        ({ authorId, at }) => authorId === resident.id || at <= plan.now - unreadSince,
      );
      return seen < 0 ? [] : [{ channel_id: channelId, resident_id: resident.id, seen_seq: seen + 1 }];
    });
  });
}
