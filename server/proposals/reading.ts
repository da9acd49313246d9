import type { Kysely } from "kysely";
import { type ProposalView, proposalLimits } from "../../shared/proposals/model.ts";
import type { WireSignal } from "../../shared/wire/contract.ts";
import type { Schema } from "../storage/schema.ts";
import type { Passing } from "./passing.ts";
import { forWall, presentProposals } from "./present.ts";
import type { ProposalRow } from "./repository.ts";

type Db = Kysely<Schema>;

/** Open votes, the newest finished ones, and for those who look after the courtyard its drafts. */
export async function currentRows(
  db: Db,
  courtyardId: string,
  { drafts }: { drafts: boolean },
): Promise<ProposalRow[]> {
  const running = await db
    .selectFrom("proposals")
    .selectAll()
    .where("courtyard_id", "=", courtyardId)
    .where("state", "in", drafts ? ["open", "draft"] : ["open"])
    .orderBy("created_at", "desc")
    .execute();
  return [...running, ...(await finishedRows(db, courtyardId, null, proposalLimits.recent))];
}

/** Closed and revealed votes opened before another one (or all), newest first. */
export async function finishedRows(
  db: Db,
  courtyardId: string,
  before: { openedAt: number; proposalId: string } | null,
  limit: number,
): Promise<ProposalRow[]> {
  return db
    .selectFrom("proposals")
    .selectAll()
    .where("courtyard_id", "=", courtyardId)
    .where("state", "in", ["closed", "revealed"])
    .$if(before !== null, (query) =>
      query.where((eb) =>
        eb.or([
          eb("opened_at", "<", before?.openedAt ?? 0),
          eb("opened_at", "=", before?.openedAt ?? 0).and("id", "<", before?.proposalId ?? ""),
        ]),
      ),
    )
    .orderBy("opened_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** The signals a client missed by not being there: turnout of open votes, last calls on show. */
export async function currentSignals(
  db: Db,
  passing: Passing,
  courtyardId: string,
  now: number,
): Promise<WireSignal[]> {
  const open = await db
    .selectFrom("proposals")
    .selectAll()
    .where("courtyard_id", "=", courtyardId)
    .where("state", "=", "open")
    .execute();
  const views = await presentProposals(db, open);
  return [
    ...views.map(({ proposalId, round, turnout }) => ({
      name: "proposal.turnout" as const,
      data: { proposalId, round, ...turnout },
    })),
    ...passing.lastCalls(courtyardId, now).map((data) => ({ name: "proposal.last-call" as const, data })),
  ];
}

/** What a wall needs of the votes: those open, and those that ended since `after`, newest first. */
export async function wallVotes(db: Db, courtyardId: string, after: number): Promise<ProposalView[]> {
  const rows = await db
    .selectFrom("proposals")
    .selectAll()
    .where("courtyard_id", "=", courtyardId)
    .where((eb) =>
      eb.or([
        eb("state", "=", "open"),
        eb("state", "in", ["closed", "revealed"]).and("closed_at", ">=", after),
      ]),
    )
    .orderBy("opened_at", "desc")
    .limit(proposalLimits.open + proposalLimits.recent)
    .execute();
  return (await presentProposals(db, rows)).map(forWall);
}
