import type { Kysely } from "kysely";
import type {
  EarlierRound,
  HouseholdBallot,
  ProposalOption,
  ProposalView,
  Rule,
  Tally,
} from "../../shared/proposals/model.ts";
import type { Schema } from "../storage/schema.ts";
import type { ProposalRow } from "./repository.ts";

type Db = Kysely<Schema>;

export const ruleOf = (row: Pick<ProposalRow, "rule">): Rule => JSON.parse(row.rule);
export const optionsOf = (row: Pick<ProposalRow, "options">): ProposalOption[] => JSON.parse(row.options);
const tallyOf = (json: string | null): Tally | null => (json === null ? null : JSON.parse(json));

/**
 * Proposals as the courtyard and its wall may see them. A count is in it only once it was revealed, because
 * nothing else is ever written to `result`.
 */
export async function presentProposals(db: Db, rows: readonly ProposalRow[]): Promise<ProposalView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [registers, voted, rounds] = await Promise.all([
    db.selectFrom("registers").select(["id", "households"]).where("proposal_id", "in", ids).execute(),
    db
      .selectFrom("ballots")
      .select(({ fn }) => ["proposal_id", "round", fn.countAll().as("count")])
      .where("proposal_id", "in", ids)
      .where("superseded_at", "is", null)
      .groupBy(["proposal_id", "round"])
      .execute(),
    db.selectFrom("proposal_rounds").selectAll().where("proposal_id", "in", ids).orderBy("round").execute(),
  ]);
  return rows.map((row) => ({
    proposalId: row.id,
    question: row.title,
    body: row.body,
    kind: row.kind,
    options: optionsOf(row),
    rule: ruleOf(row),
    state: row.state,
    round: row.round,
    createdAt: row.created_at,
    openedAt: row.opened_at,
    closesAt: row.closes_at,
    closedAt: row.closed_at,
    closeReason: row.close_reason,
    revealedAt: row.revealed_at,
    turnout: {
      voted: Number(voted.find((v) => v.proposal_id === row.id && v.round === row.round)?.count ?? 0),
      total: registers.find(({ id }) => id === row.register_id)?.households ?? 0,
    },
    result: tallyOf(row.result),
    earlierRounds: rounds.filter((round) => round.proposal_id === row.id).map(earlierRound),
  }));
}

const earlierRound = (round: Schema["proposal_rounds"]): EarlierRound => ({
  round: round.round,
  openedAt: round.opened_at,
  closedAt: round.closed_at,
  reason: round.restart_reason,
  result: tallyOf(round.result),
});

/**
 * The same for a screen in public (INV-8): the question and the paper are read out there anyway, but what is
 * written about it in free words, the body and the reasons, may name people.
 */
export const forWall = (view: ProposalView): ProposalView => ({
  ...view,
  body: "",
  closeReason: null,
  earlierRounds: [],
});

/** What a household may know of its part in these votes. */
export async function presentMine(
  db: Db,
  rows: readonly ProposalRow[],
  householdId: string | null,
): Promise<{ proposalId: string; round: number; onRegister: boolean; ballot: HouseholdBallot | null }[]> {
  const voted = rows.filter(({ register_id }) => register_id !== null);
  if (householdId === null || voted.length === 0) return [];
  const entries = await db
    .selectFrom("register_entries")
    .select("register_id")
    .where("household_id", "=", householdId)
    .where(
      "register_id",
      "in",
      voted.flatMap(({ register_id }) => (register_id === null ? [] : [register_id])),
    )
    .execute();
  const ballots = await db
    .selectFrom("ballots")
    .innerJoin("residents", "residents.id", "ballots.cast_by")
    .select(["proposal_id", "round", "receipt", "cast_at", "display_name"])
    .where("ballots.household_id", "=", householdId)
    .where("superseded_at", "is", null)
    .where(
      "proposal_id",
      "in",
      voted.map(({ id }) => id),
    )
    .execute();
  return voted.map((row) => {
    const ballot = ballots.find((b) => b.proposal_id === row.id && b.round === row.round);
    return {
      proposalId: row.id,
      round: row.round,
      onRegister: entries.some(({ register_id }) => register_id === row.register_id),
      ballot: ballot ? { by: ballot.display_name, at: ballot.cast_at, receipt: ballot.receipt } : null,
    };
  });
}
