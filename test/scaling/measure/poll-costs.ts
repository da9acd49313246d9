import { type Kysely, sql } from "kysely";
import { createBoardStore } from "../../../server/board/board-store.ts";
import { systemClock } from "../../../server/clock.ts";
import { createEventLog } from "../../../server/events/log.ts";
import { followVotes } from "../../../server/fanout/follow-votes.ts";
import { openPostgres } from "../../../server/storage/postgres.ts";
import type { Schema } from "../../../server/storage/schema.ts";
import { startPostgres } from "../../services/postgres.ts";
import type { Costs } from "../costs.ts";
import { cpuOfTree } from "./cpu.ts";

/** A tenth of a city: an open vote in each tenth courtyard, a finished one in each, 60 ballots in all of them. */
const courtyards = 1_000;
const communities = 345;
const boards = 500;
const ballots = 60;
const rounds = 300;

/** What every node asks the database from time to time, whatever happens: where boards and communities stand, and open votes. */
export async function measurePolling(): Promise<Partial<Costs>> {
  const postgres = await startPostgres();
  const storage = await openPostgres(postgres.url, 2);
  try {
    await storage.db.connection().execute(fill);
    const store = createBoardStore({ storage, clock: systemClock });
    const log = createEventLog({ storage, clock: systemClock, publish: () => {} });
    let here: string[] = [];
    const { db } = storage;
    const votes = followVotes({ db, tell: { signal: () => {} }, clock: systemClock, courtyards: () => here });
    const ids = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
    /** CPU of one round, µs. */
    const of = async (work: () => Promise<unknown>) => {
      for (let warm = 0; warm < 20; warm++) await work();
      const [node, database] = [process.cpuUsage(), cpuOfTree(postgres.pid)];
      for (let round = 0; round < rounds; round++) await work();
      const { user, system } = process.cpuUsage(node);
      return { node: (user + system) / rounds, database: (cpuOfTree(postgres.pid) - database) / rounds };
    };
    here = ["c1"];
    const least = await of(async () => {
      await store.heads(["b1"]);
      await log.heads(["m1"]);
      await votes();
    });
    const heads = await of(async () => {
      await store.heads(ids("b", boards));
      await log.heads(ids("m", communities));
    });
    here = ids("c", courtyards);
    const all = await of(votes);
    return {
      pollNode: least.node,
      pollDatabase: least.database,
      headNode: Math.max(0, heads.node - least.node) / (boards + communities),
      headDatabase: Math.max(0, heads.database - least.database) / (boards + communities),
      openVoteNode: (all.node - least.node / 3) / (courtyards / 10),
      openVoteDatabase: (all.database - least.database / 3) / (courtyards / 10),
    };
  } finally {
    await storage.close();
    await postgres.stop();
  }
}

async function fill(db: Kysely<Schema>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  // Nothing but what is asked for is there: no rows that these would belong to.
  await run("set session_replication_role = replica");
  await run("set statement_timeout = 0");
  await run(
    `insert into communities (id, name, seq, created_at) select 'm' || n, 'x', 1, 1 from generate_series(1, ${communities}) n`,
  );
  await run(
    `insert into boards (id, community_id, courtyard_id, seq, created_at) select 'b' || n, 'm1', 'c' || n, 1, 1 from generate_series(1, ${courtyards}) n`,
  );
  await run(
    `insert into proposals (id, courtyard_id, title, body, kind, options, rule, state, round, created_by, created_at)
      select state || n, 'c' || n, 'x', 'x', 'x', '[]', '{}', state, 1, 'x', 1
      from generate_series(1, ${courtyards}) n, (values ('open'), ('closed')) s(state) where state = 'closed' or n % 10 = 0`,
  );
  await run(
    `insert into registers (id, courtyard_id, proposal_id, round, frozen_at, households, area) select id, courtyard_id, id, 1, 1, 100, 1 from proposals`,
  );
  await run(
    `insert into proposal_acts (proposal_id, seq, round, at, act) select id, 1, 1, 1, 'opened' from proposals`,
  );
  await run(
    `insert into ballots (id, proposal_id, round, household_id, option_id, cast_by, cast_at, receipt)
      select p.id || '-' || n, p.id, 1, 'h' || n, 'yes', 'x', 1, 'x' from proposals p, generate_series(1, ${ballots}) n`,
  );
  await run("vacuum analyze");
}
