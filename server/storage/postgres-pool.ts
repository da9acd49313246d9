import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";

/** The database did not answer in time. Coded like the system's own error, so that it is told as one. */
class Overdue extends Error {
  readonly code = "ETIMEDOUT";
}

/**
 * A pool whose every query ends, with an answer or without, unless it may take as long as it needs. A connection that
 * broke or was overdue is never used again: what it was in the middle of would be committed with the next one's work.
 * @param answerMs how long the database may take for one statement, milliseconds; null: as long as it needs
 */
export function boundedPool(pool: pg.Pool, answerMs: number | null): PostgresPool {
  // A connection may break while idle, or between two statements of a transaction: neither ends the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return {
    options: pool.options,
    connect: async () => guarded(await pool.connect(), answerMs),
    end: () => pool.end(),
  };
}

function guarded(client: pg.PoolClient, answerMs: number | null): PostgresPoolClient {
  let broken: Error | null = null;
  const query = (...args: unknown[]): Promise<unknown> => {
    if (broken) return Promise.reject(broken);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        broken = new Overdue("The database does not answer.");
        reject(broken);
      };
      const timer = answerMs === null ? undefined : setTimeout(giveUp, answerMs);
      (client.query as (...args: unknown[]) => Promise<unknown>)(...args).then(
        (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        (error: Error) => {
          clearTimeout(timer);
          // What the server itself says has a severity; anything else is about the connection.
          if (!("severity" in error)) broken ??= error;
          reject(error);
        },
      );
    });
  };
  return {
    query: query as PostgresPoolClient["query"],
    release: (destroy) => client.release(broken ?? destroy),
  };
}

/** Runs one prepared statement on a connection of a bounded pool. */
export async function runPrepared(
  pool: PostgresPool,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<readonly unknown[]> {
  const client = await pool.connect();
  try {
    const query = client.query as unknown as (config: object) => Promise<{ rows: unknown[] }>;
    return (await query({ name, text, values })).rows;
  } finally {
    client.release();
  }
}
