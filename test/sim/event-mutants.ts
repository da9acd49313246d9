import type { EventFeed } from "../../server/events/feed.ts";
import type { LoggedEvent } from "../../server/events/log.ts";
import type { EventTable } from "../../server/events/table.ts";
import type { Mutant } from "./mutants.ts";
import type { SimUnit } from "./sim-community.ts";

/** A table of events that differs from a sound one in some of what it does. */
const changed = (inner: EventTable, part: Partial<EventTable>): EventTable => ({
  append: (db, communityId, told) => inner.append(db, communityId, told),
  since: (communityId, cursor, limit) => inner.since(communityId, cursor, limit),
  sinceEach: (behind, limit) => inner.sinceEach(behind, limit),
  head: (communityId) => inner.head(communityId),
  heads: (communityIds) => inner.heads(communityIds),
  ...part,
});

/** The same for a feed. */
const feeding = (inner: EventFeed, part: Partial<EventFeed>): EventFeed => ({
  follow: (communityId) => inner.follow(communityId),
  get beginnings() {
    return inner.beginnings;
  },
  accept: (batch) => inner.accept(batch),
  reach: (communityId, seq) => inner.reach(communityId, seq),
  catchUp: () => inner.catchUp(),
  close: () => inner.close(),
  ...part,
});

/** Defects in how events are logged, handed out and obeyed. */
export const eventMutants: Record<string, Mutant> = {
  "a feed that hands out every third event after the next one": {
    profile: "steady",
    caughtBy: ["event-order", "event-late"],
    make: () => ({
      tell: (inner) => {
        let events = 0;
        let kept: LoggedEvent | null = null;
        return (event) => {
          if (++events % 3 === 0 && kept === null) {
            kept = event;
            return;
          }
          inner(event);
          if (kept !== null) inner(kept);
          kept = null;
        };
      },
    }),
  },
  "a feed that hands out everything twice": {
    profile: "steady",
    caughtBy: ["event-order"],
    make: () => ({
      tell: (inner) => (event) => {
        inner(event);
        inner(event);
      },
    }),
  },
  "a feed that leaves out every fifth event": {
    profile: "network",
    caughtBy: ["event-order", "event-late"],
    make: () => ({
      tell: (inner) => {
        let events = 0;
        return (event) => ++events % 5 > 0 && inner(event);
      },
    }),
  },
  "a feed that does not bring the node level before a welcome": {
    profile: "rivals",
    caughtBy: ["event-order"],
    make: () => ({ feed: (inner) => feeding(inner, { reach: async () => {} }) }),
  },
  "a feed that follows a community for ever": {
    profile: "steady",
    caughtBy: ["leak"],
    make: () => ({
      feed: (inner) =>
        feeding(inner, {
          follow: (communityId) => ({ ...inner.follow(communityId), release: () => {} }),
        }),
    }),
  },
  "a node that never looks whether it has missed an event": {
    profile: "rivals",
    caughtBy: ["event-late"],
    make: () => ({ table: (inner) => changed(inner, { heads: async () => new Map() }) }),
  },
  "a log that leaves out the first event of what was missed": {
    profile: "rivals",
    caughtBy: ["event-late"],
    make: () => ({
      table: (inner) =>
        changed(inner, {
          since: async (communityId, cursor, limit) =>
            (await inner.since(communityId, cursor, limit)).slice(1),
          sinceEach: async (behind, limit) => (await inner.sinceEach(behind, limit)).slice(1),
        }),
    }),
  },
  "a log that leaves a number out": {
    profile: "steady",
    caughtBy: ["event-log"],
    make: () => {
      let units = 0;
      return {
        table: (inner) =>
          changed(inner, {
            append: async (db, communityId, told) => {
              const events = await inner.append(db, communityId, told);
              if (++units !== 3) return events;
              for (const event of (db as unknown as SimUnit).events) event.seq++;
              return events.map((event) => ({ ...event, seq: event.seq + 1 }));
            },
          }),
      };
    },
  },
  "a unit that tells before it is stored": {
    profile: "steady",
    caughtBy: ["event-unstored"],
    make: () => ({
      units: (inner) => ({
        write: (work) => inner.write((tx) => work({ ...tx, afterCommit: (hook) => hook() })),
      }),
    }),
  },
  "a node that closes no socket for another": {
    profile: "rights",
    caughtBy: ["access-late"],
    make: () => ({
      duties: (inner) => ({
        did: (batch) => inner.did(batch),
        hear: (communityId, event) =>
          event.name === "node.access-has-changed" || inner.hear(communityId, event),
      }),
    }),
  },
  "a node that leaves to its hooks what it has told, also when they never ran": {
    profile: "database",
    caughtBy: ["access-late"],
    make: () => {
      /** What this life of a node has told: it gets its duties first, and then its table. */
      let own = new Set<number>();
      return {
        duties: (inner) => {
          const mine = new Set<number>();
          own = mine;
          return {
            did: (batch) => inner.did(batch),
            hear: (communityId, event) =>
              (event.name.startsWith("node.") && mine.has(event.seq)) || inner.hear(communityId, event),
          };
        },
        table: (inner) => {
          const mine = own;
          return changed(inner, {
            append: async (db, communityId, told) => {
              const events = await inner.append(db, communityId, told);
              for (const { seq } of events) mine.add(seq);
              return events;
            },
          });
        },
      };
    },
  },
  "a door that does not ask again where nobody has listened": {
    profile: "doors",
    caughtBy: ["access-late"],
    make: () => ({ feed: (inner) => feeding(inner, { beginnings: 0 }) }),
  },
};
