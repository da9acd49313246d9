import type { TestProject } from "vitest/node";
import { type Postgres, startPostgres } from "./postgres.ts";
import { sweepScratch } from "./scratch.ts";

let postgres: Postgres | undefined;

/** One PostgreSQL cluster for the whole run: making one takes seconds, a database in it milliseconds. */
export async function setup(project: TestProject): Promise<void> {
  sweepScratch();
  postgres = await startPostgres();
  project.provide("postgresUrl", postgres.url);
}

export async function teardown(): Promise<void> {
  await postgres?.stop();
}
