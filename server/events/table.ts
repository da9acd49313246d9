import type { Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";
import type { LoggedEvent } from "./log.ts";

export interface CommunityCursor {
  communityId: string;
  cursor: number;
}

export interface EventOf {
  communityId: string;
  event: LoggedEvent;
}

/** The rows of the log of events: what of it is the database's. */
export interface EventTable {
  /** Takes the next numbers and stores the events under them, as a part of the unit that `db` belongs to. */
  append(
    db: Kysely<Schema>,
    communityId: string,
    told: readonly Omit<LoggedEvent, "seq">[],
  ): Promise<LoggedEvent[]>;
  /** Events after `cursor`, at most `limit`, in order. */
  since(communityId: string, cursor: number, limit: number): Promise<LoggedEvent[]>;
  /** The same for many communities in one question, each in order; `limit` is for all of them together. */
  sinceEach(behind: readonly CommunityCursor[], limit: number): Promise<EventOf[]>;
  /** The last number given, 0 when there is none. */
  head(communityId: string): Promise<number>;
  heads(communityIds: readonly string[]): Promise<Map<string, number>>;
}

/** @param committed reads what is committed */
export function createEventTable(committed: Kysely<Schema>): EventTable {
  return {
    append,

    since: async (communityId, cursor, limit) => {
      const rows = await committed
        .selectFrom("events")
        .select(["seq", "at", "name", "rooms", "data"])
        .where("community_id", "=", communityId)
        .where("seq", ">", cursor)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map(eventIn);
    },

    sinceEach: async (behind, limit) => {
      if (behind.length === 0) return [];
      const rows = await committed
        .selectFrom("events")
        .select(["community_id", "seq", "at", "name", "rooms", "data"])
        .where((eb) =>
          eb.or(
            behind.map(({ communityId, cursor }) =>
              eb.and([eb("community_id", "=", communityId), eb("seq", ">", cursor)]),
            ),
          ),
        )
        .orderBy("community_id")
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ communityId: row.community_id, event: eventIn(row) }));
    },

    head: async (communityId) => {
      const row = await committed
        .selectFrom("communities")
        .select("seq")
        .where("id", "=", communityId)
        .executeTakeFirst();
      return row?.seq ?? 0;
    },

    heads: async (communityIds) => {
      if (communityIds.length === 0) return new Map();
      const rows = await committed
        .selectFrom("communities")
        .select(["id", "seq"])
        .where("id", "in", communityIds)
        .execute();
      return new Map(rows.map(({ id, seq }) => [id, seq]));
    },
  };
}

const eventIn = (row: Omit<Schema["events"], "community_id">): LoggedEvent => ({
  seq: row.seq,
  at: row.at,
  name: row.name as LoggedEvent["name"],
  rooms: JSON.parse(row.rooms),
  data: JSON.parse(row.data),
});

/** Takes the next numbers from the community's row, so that commit order is sequence order and has no gap. */
const append: EventTable["append"] = async (db, communityId, told) => {
  const { seq: last } = await db
    .updateTable("communities")
    .set((eb) => ({ seq: eb("seq", "+", told.length) }))
    .where("id", "=", communityId)
    .returning("seq")
    .executeTakeFirstOrThrow();
  const events = told.map((event, index) => ({ ...event, seq: last - told.length + 1 + index }));
  await db
    .insertInto("events")
    .values(
      events.map(({ seq, at, name, rooms, data }) => ({
        community_id: communityId,
        seq,
        at,
        name,
        rooms: JSON.stringify(rooms),
        data: JSON.stringify(data),
      })),
    )
    .execute();
  return events;
};
