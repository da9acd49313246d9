import type { Kysely } from "kysely";
import type { EventAudience, EventData, EventName, WireEvent } from "../../shared/wire/contract.ts";
import type { Clock } from "../clock.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage, Tx } from "../storage/storage.ts";
import type { NodeEventName, NodeEvents } from "./node-events.ts";
import { roomsOf } from "./rooms.ts";

/** One event as stored: what the wire carries, and who may hear it. */
export interface LoggedEvent {
  seq: number;
  at: number;
  name: EventName | NodeEventName;
  /** Empty for what only nodes hear. */
  rooms: string[];
  data: unknown;
}

export interface EventBatch {
  communityId: string;
  /** Consecutive sequence numbers. */
  events: LoggedEvent[];
}

/** A unit of work that can also tell what happened. */
export interface Unit extends Tx {
  /** Milliseconds; the same for everything in the unit. */
  readonly now: number;
  tell<N extends EventName>(name: N, data: EventData<N>, audience: EventAudience<N>): void;
  /** Tells the other nodes, and no client. */
  tellNodes<N extends NodeEventName>(name: N, data: NodeEvents[N]): void;
}

/** The write side of the house: changes and the events that tell of them are one commit. */
export interface EventLog {
  write<T>(communityId: string, work: (unit: Unit) => Promise<T>): Promise<T>;
  /** Events after `cursor`, at most `limit`, in order. */
  since(communityId: string, cursor: number, limit: number): Promise<LoggedEvent[]>;
  head(communityId: string): Promise<number>;
  heads(communityIds: readonly string[]): Promise<Map<string, number>>;
}

export function createEventLog(deps: {
  storage: Storage;
  clock: Clock;
  publish(batch: EventBatch): void;
  /** Who tells the other nodes. */
  nodeId?: string;
}): EventLog {
  const { storage, clock, publish, nodeId = "" } = deps;
  return {
    write: (communityId, work) =>
      storage.write(async (tx) => {
        const now = clock.now();
        const told: Omit<LoggedEvent, "seq">[] = [];
        const value = await work({
          ...tx,
          now,
          tell: (name, data, audience) => {
            told.push({ at: now, name, data, rooms: roomsOf(audience as Record<string, string | null>) });
          },
          tellNodes: (name, data) => {
            told.push({ at: now, name, data: { by: nodeId, ...data }, rooms: [] });
          },
        });
        // Last in the unit, so that the row that orders the community is locked as briefly as possible.
        if (told.length > 0) {
          const events = await append(tx.db, communityId, told);
          tx.afterCommit(() => publish({ communityId, events }));
        }
        return value;
      }),

    since: async (communityId, cursor, limit) => {
      const rows = await storage.db
        .selectFrom("events")
        .select(["seq", "at", "name", "rooms", "data"])
        .where("community_id", "=", communityId)
        .where("seq", ">", cursor)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        seq: row.seq,
        at: row.at,
        name: row.name as LoggedEvent["name"],
        rooms: JSON.parse(row.rooms),
        data: JSON.parse(row.data),
      }));
    },

    head: async (communityId) => {
      const row = await storage.db
        .selectFrom("communities")
        .select("seq")
        .where("id", "=", communityId)
        .executeTakeFirst();
      return row?.seq ?? 0;
    },

    heads: async (communityIds) => {
      if (communityIds.length === 0) return new Map();
      const rows = await storage.db
        .selectFrom("communities")
        .select(["id", "seq"])
        .where("id", "in", communityIds)
        .execute();
      return new Map(rows.map(({ id, seq }) => [id, seq]));
    },
  };
}

/** Takes the next numbers from the community's row, so that commit order is sequence order and has no gap. */
async function append(
  db: Kysely<Schema>,
  communityId: string,
  told: Omit<LoggedEvent, "seq">[],
): Promise<LoggedEvent[]> {
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
}

/** What a client gets: the event without the list of who else hears it. */
export const wireEvent = ({ seq, at, name, data }: LoggedEvent): WireEvent =>
  ({ seq, at, name, data }) as WireEvent;
