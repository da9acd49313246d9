import type { Clock } from "../clock.ts";
import type { EventLog } from "../events/log.ts";
import type { Storage } from "../storage/storage.ts";
import { lockProposal } from "./repository.ts";
import { closeRound } from "./rounds.ts";

/** A ballot that arrived in time may still be on its way to the disk when the time is over, milliseconds. */
export const closingGrace = 250;
/** Another node may have opened a vote and died, so the table is looked at this often at least, milliseconds. */
export const longestSleep = 15_000;

/** Closes votes at their time by the server's clock, whoever led them and whether they are still there (INV-12). */
export interface Closer {
  /** Closes what was due while the server was away, then keeps watch. */
  start(): Promise<void>;
  /** A vote was opened that ends then. */
  expect(closesAt: number): void;
  /** Closes what is due now. Idempotent, on several nodes at once too. Returns the next deadline, or null. */
  closeDue(): Promise<number | null>;
  stop(): Promise<void>;
}

export function createCloser(deps: {
  log: Pick<EventLog, "write">;
  storage: Pick<Storage, "db" | "dialect">;
  clock: Clock;
  onFault(error: unknown): void;
}): Closer {
  const { log, storage, clock, onFault } = deps;
  let timer: NodeJS.Timeout | null = null;
  let wakesAt = Number.POSITIVE_INFINITY;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = true;

  const closeDue = async (): Promise<number | null> => {
    const open = await storage.db
      .selectFrom("proposals")
      .innerJoin("courtyards", "courtyards.id", "proposals.courtyard_id")
      .select(["proposals.id", "proposals.closes_at", "courtyards.community_id"])
      .where("proposals.state", "=", "open")
      .orderBy("proposals.closes_at")
      .execute();
    let next: number | null = null;
    for (const { id, closes_at, community_id } of open) {
      if (closes_at === null) continue;
      if (clock.now() < closes_at + closingGrace) {
        next ??= closes_at;
        continue;
      }
      const close = log.write(community_id, async (unit) => {
        const row = await lockProposal(unit.db, storage.dialect, id, "update");
        // Another node, a facilitator or a new round may have been first.
        if (row?.state !== "open" || row.closes_at === null || unit.now < row.closes_at) return;
        await closeRound(unit, row, { byId: null, reason: null });
      });
      // One vote that cannot be closed must not keep the others open; the watch comes back to it.
      await close.catch(onFault);
    }
    return next;
  };

  const watch = (next: number | null): void => {
    if (stopped) return;
    const now = clock.now();
    const due = next === null ? Number.POSITIVE_INFINITY : next + closingGrace;
    const at = Math.min(due, now + longestSleep);
    if (at >= wakesAt) return;
    if (timer) clearTimeout(timer);
    wakesAt = at;
    timer = setTimeout(
      () => {
        wakesAt = Number.POSITIVE_INFINITY;
        // A storage that cannot write now will be asked again; the deadline itself holds meanwhile.
        running = closeDue().then(watch, (error) => {
          onFault(error);
          watch(null);
        });
      },
      Math.max(0, at - now),
    );
  };

  return {
    start: async () => {
      stopped = false;
      watch(await closeDue());
    },
    expect: watch,
    closeDue,
    stop: async () => {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
