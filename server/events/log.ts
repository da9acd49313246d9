import type { EventAudience, EventData, EventName, WireEvent } from "../../shared/wire/contract.ts";
import type { Clock } from "../clock.ts";
import type { Storage, Tx } from "../storage/storage.ts";
import type { NodeEventName, NodeEvents } from "./node-events.ts";
import { roomsOf } from "./rooms.ts";
import { createEventTable, type EventTable } from "./table.ts";

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
export interface EventLog extends Pick<EventTable, "since" | "sinceEach" | "head" | "heads"> {
  write<T>(communityId: string, work: (unit: Unit) => Promise<T>): Promise<T>;
}

interface LogDeps {
  clock: Clock;
  publish(batch: EventBatch): void;
}

export function createEventLog({ storage, ...deps }: LogDeps & { storage: Storage }): EventLog {
  return createEventLogOver({ ...deps, storage, table: createEventTable(storage.db) });
}

/** The same over rows that are kept by somebody else. */
export function createEventLogOver(
  deps: LogDeps & { storage: Pick<Storage, "write">; table: EventTable },
): EventLog {
  const { storage, table, clock, publish } = deps;
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
            told.push({ at: now, name, data, rooms: [] });
          },
        });
        // Last in the unit, so that the row that orders the community is locked as briefly as possible.
        if (told.length > 0) {
          const events = await table.append(tx.db, communityId, told);
          tx.afterCommit(() => publish({ communityId, events }));
        }
        return value;
      }),
    since: (communityId, cursor, limit) => table.since(communityId, cursor, limit),
    sinceEach: (behind, limit) => table.sinceEach(behind, limit),
    head: (communityId) => table.head(communityId),
    heads: (communityIds) => table.heads(communityIds),
  };
}

/** What a client gets: the event without the list of who else hears it. */
export const wireEvent = ({ seq, at, name, data }: LoggedEvent): WireEvent =>
  ({ seq, at, name, data }) as WireEvent;
