import type { Kysely } from "kysely";
import type { ProposalState, TurnoutCount } from "../../shared/proposals/model.ts";
import type { RegisterEntry, StoredBallot } from "../../shared/proposals/tally.ts";
import { newId } from "../identity/secrets.ts";
import type { Dialect } from "../storage/dialect.ts";
import type { Schema } from "../storage/schema.ts";

export type ProposalRow = Schema["proposals"];
type Db = Kysely<Schema>;

/**
 * A proposal as it is at this point of the unit. `update` makes others of its changes wait, `share` only makes
 * them wait for us: ballots go side by side, a closing waits for those on their way (SQLite runs one unit at a time).
 */
export async function lockProposal(
  db: Db,
  dialect: Dialect,
  proposalId: string,
  strength: "share" | "update",
): Promise<ProposalRow | undefined> {
  return db
    .selectFrom("proposals")
    .selectAll()
    .where("id", "=", proposalId)
    .$if(dialect === "postgres", (query) => (strength === "share" ? query.forShare() : query.forUpdate()))
    .executeTakeFirst();
}

/** Changes a proposal only if it is still in the state and round it was read in. @throws if it is not */
export async function changeProposal(
  db: Db,
  row: Pick<ProposalRow, "id" | "state" | "round">,
  change: Partial<Omit<ProposalRow, "id">>,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("proposals")
    .set(change)
    .where("id", "=", row.id)
    .where("state", "=", row.state)
    .where("round", "=", row.round)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error("A locked proposal has changed.");
}

export async function countInState(db: Db, courtyardId: string, state: ProposalState): Promise<number> {
  const { count } = await db
    .selectFrom("proposals")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("courtyard_id", "=", courtyardId)
    .where("state", "=", state)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Freezes who may vote: every household of the courtyard with its area as it is now. Returns its id and sums. */
export async function freezeRegister(
  db: Db,
  vote: { proposalId: string; round: number; courtyardId: string; now: number },
): Promise<{ registerId: string; households: number }> {
  const registerId = newId();
  const households = await db
    .selectFrom("households")
    .select(["id", "area"])
    .where("courtyard_id", "=", vote.courtyardId)
    .execute();
  await db
    .insertInto("registers")
    .values({
      id: registerId,
      courtyard_id: vote.courtyardId,
      proposal_id: vote.proposalId,
      round: vote.round,
      frozen_at: vote.now,
      households: households.length,
      area: households.reduce((sum, { area }) => sum + (area ?? 0), 0),
    })
    .execute();
  const entries = households.map(({ id, area }) => ({
    register_id: registerId,
    household_id: id,
    area: area ?? 0,
  }));
  // Bounded statements: databases limit the number of parameters.
  for (let start = 0; start < entries.length; start += 500) {
    await db
      .insertInto("register_entries")
      .values(entries.slice(start, start + 500))
      .execute();
  }
  return { registerId, households: entries.length };
}

async function countVoted(db: Db, proposalId: string, round: number): Promise<number> {
  const { count } = await db
    .selectFrom("ballots")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("proposal_id", "=", proposalId)
    .where("round", "=", round)
    .where("superseded_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Households that have voted, of those on the register of the round. */
export async function turnoutOf(db: Db, proposalId: string, round: number): Promise<TurnoutCount> {
  const register = await db
    .selectFrom("registers")
    .select("households")
    .where("proposal_id", "=", proposalId)
    .where("round", "=", round)
    .executeTakeFirst();
  return { voted: await countVoted(db, proposalId, round), total: register?.households ?? 0 };
}

/** What the tally function counts. Only the reveal may call this. */
export async function readBox(
  db: Db,
  row: Pick<ProposalRow, "id" | "round" | "register_id">,
): Promise<{ register: RegisterEntry[]; ballots: StoredBallot[] }> {
  const register = await db
    .selectFrom("register_entries")
    .select(["household_id as householdId", "area"])
    .where("register_id", "=", row.register_id ?? "")
    .execute();
  const ballots = await db
    .selectFrom("ballots")
    .select(["household_id as householdId", "option_id as optionId", "superseded_at as supersededAt"])
    .where("proposal_id", "=", row.id)
    .where("round", "=", row.round)
    .execute();
  return { register, ballots };
}

/** Receipts of the ballots that count, in the order of the alphabet: their order tells nothing. */
export async function countedReceipts(db: Db, proposalId: string, round: number): Promise<string[]> {
  const rows = await db
    .selectFrom("ballots")
    .select("receipt")
    .where("proposal_id", "=", proposalId)
    .where("round", "=", round)
    .where("superseded_at", "is", null)
    .orderBy("receipt")
    .execute();
  return rows.map(({ receipt }) => receipt);
}

export type ActName =
  | "written"
  | "edited"
  | "opened"
  | "last-called"
  | "closed"
  | "revealed"
  | "restarted"
  | "withdrawn";

/** Notes who did what, in a unit that holds the proposal; `byId` null is the server's clock. */
export async function noteAct(
  db: Db,
  act: {
    proposalId: string;
    round: number;
    at: number;
    act: ActName;
    byId: string | null;
    reason?: string | null;
  },
): Promise<void> {
  const { last } = await db
    .selectFrom("proposal_acts")
    .select(({ fn }) => fn.max("seq").as("last"))
    .where("proposal_id", "=", act.proposalId)
    .executeTakeFirstOrThrow();
  await db
    .insertInto("proposal_acts")
    .values({
      proposal_id: act.proposalId,
      seq: Number(last ?? 0) + 1,
      round: act.round,
      at: act.at,
      act: act.act,
      by_id: act.byId,
      reason: act.reason ?? null,
    })
    .execute();
}
