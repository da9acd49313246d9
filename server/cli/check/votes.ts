import type { Kysely } from "kysely";
import { tally } from "../../../shared/proposals/tally.ts";
import { optionsOf } from "../../proposals/present.ts";
import { readBox } from "../../proposals/repository.ts";
import type { Schema } from "../../storage/schema.ts";

/** Finds households that count twice or should not count, and results that are not what the box holds. */
export async function checkVotes(db: Kysely<Schema>): Promise<string[]> {
  const twice = await db
    .selectFrom("ballots")
    .select(["proposal_id", "round", "household_id"])
    .where("superseded_at", "is", null)
    .groupBy(["proposal_id", "round", "household_id"])
    .having(({ fn }) => fn.countAll(), ">", 1)
    .execute();
  const strangers = await db
    .selectFrom("ballots")
    .leftJoin("registers", (join) =>
      join
        .onRef("registers.proposal_id", "=", "ballots.proposal_id")
        .onRef("registers.round", "=", "ballots.round"),
    )
    .leftJoin("register_entries", (join) =>
      join
        .onRef("register_entries.register_id", "=", "registers.id")
        .onRef("register_entries.household_id", "=", "ballots.household_id"),
    )
    .select(["ballots.id", "ballots.proposal_id"])
    .where("register_entries.household_id", "is", null)
    .execute();
  return [
    ...twice.map(
      (row) =>
        `vote ${row.proposal_id}: household ${row.household_id} counts more than once in round ${row.round}`,
    ),
    ...strangers.map(
      (row) => `vote ${row.proposal_id}: ballot ${row.id} is of a household not on its register`,
    ),
    ...(await checkResults(db)),
  ];
}

async function checkResults(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db.selectFrom("proposals").selectAll().where("state", "=", "revealed").execute();
  const findings: string[] = [];
  for (const row of rows) {
    const { register, ballots } = await readBox(db, row);
    try {
      if (JSON.stringify(tally(optionsOf(row), register, ballots)) === row.result) continue;
      findings.push(`vote ${row.id}: the result that was told is not what the ballots say`);
    } catch {
      findings.push(`vote ${row.id}: its ballots cannot be counted`);
    }
  }
  return findings;
}
