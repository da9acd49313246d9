import { type Kysely, sql } from "kysely";
import type { Clock } from "./clock.ts";
import type { Schema } from "./storage/schema.ts";

/** Between two looks at the database's clock, milliseconds. */
const alignEvery = 30_000;

/**
 * One clock for all nodes of a database: each goes by how far its own is from the database's, so that a vote ends at
 * the same moment whichever node looks, and a machine whose clock is wrong ends nothing too early (INV-12).
 */
export interface SharedClock extends Clock {
  /** Looks at the database's clock now. @throws when the database cannot be asked */
  align(): Promise<void>;
  /** Looks again from time to time. */
  keep(onFault: (error: unknown) => void): { close(): void };
}

export function createSharedClock(own: Clock, db: Kysely<Schema>): SharedClock {
  let ahead = 0;
  const align = async (): Promise<void> => {
    const asked = own.now();
    const { rows } = await sql<{
      at: number;
    }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as at`.execute(db);
    const answered = own.now();
    const [row] = rows;
    if (!row) return;
    const measured = Math.round(row.at - (asked + answered) / 2);
    // Nearer than half the way there and back nobody can tell.
    if (Math.abs(measured - ahead) > (answered - asked) / 2) ahead = measured;
  };
  return {
    now: () => own.now() + ahead,
    align,
    keep: (onFault) => {
      const timer = setInterval(() => void align().catch(onFault), alignEvery).unref();
      return { close: () => clearInterval(timer) };
    },
  };
}
