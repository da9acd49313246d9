import type { Kysely } from "kysely";
import { ballotRefusal } from "../../shared/proposals/rules.ts";
import type { Unit } from "../events/log.ts";
import { newCode } from "../identity/secrets.ts";
import { Refusal } from "../refusal.ts";
import type { Dialect } from "../storage/dialect.ts";
import type { Schema } from "../storage/schema.ts";
import { optionsOf, ruleOf } from "./present.ts";
import { lockProposal } from "./repository.ts";

export interface Cast {
  ballotId: string;
  proposalId: string;
  round: number;
  optionId: string;
  /** Milliseconds, the server's clock. */
  arrivedAt: number;
  /** All three from the session (INV-4). */
  courtyardId: string;
  householdId: string;
  resident: { id: string; displayName: string };
}

export interface Receipt {
  receipt: string;
  at: number;
  counts: boolean;
}

/**
 * Puts a ballot into the box, in one unit of work. First the vote is held open, then the household's line of the
 * register is taken, so that the phones of one home stand in a queue; the unique index is the last guard (INV-3).
 * @throws Refusal `not-found`, `proposal-not-open`, `proposal-closed`, `not-on-register`, `option-unknown`,
 * `already-voted`, `invalid-input`
 */
export async function castBallot(
  unit: Unit,
  dialect: Dialect,
  cast: Cast,
  counted: (vote: { proposalId: string; round: number; courtyardId: string }) => void,
): Promise<Receipt> {
  const { db } = unit;
  const proposal = await lockProposal(db, dialect, cast.proposalId, "share");
  if (!proposal || proposal.courtyard_id !== cast.courtyardId || proposal.state === "draft") {
    throw new Refusal("not-found", "There is no such vote here.");
  }
  const registerId = await registerOf(db, cast);
  const entitled = registerId !== null && (await takeLine(db, dialect, registerId, cast.householdId));

  // Before the state is asked: a ballot that was counted keeps its receipt, also when the ack was lost at closing.
  const known = await db.selectFrom("ballots").selectAll().where("id", "=", cast.ballotId).executeTakeFirst();
  if (known) return sameReceipt(known, cast);

  const refusal = ballotRefusal(
    { state: proposal.state, round: proposal.round, closesAt: proposal.closes_at },
    cast,
  );
  if (refusal) throw new Refusal(refusal, "This vote takes no ballot now.");
  if (!entitled) throw new Refusal("not-on-register", "The household is not on the register of this vote.");
  if (!optionsOf(proposal).some(({ id }) => id === cast.optionId)) {
    throw new Refusal("option-unknown", "This is not on the ballot paper.");
  }

  const changed = await supersede(unit, cast);
  if (changed && !ruleOf(proposal).changeable) {
    throw new Refusal("already-voted", "The household has voted, and this vote cannot be changed.");
  }
  const receipt = newReceipt();
  await db
    .insertInto("ballots")
    .values({
      id: cast.ballotId,
      proposal_id: cast.proposalId,
      round: cast.round,
      household_id: cast.householdId,
      option_id: cast.optionId,
      cast_by: cast.resident.id,
      cast_at: cast.arrivedAt,
      receipt,
      superseded_at: null,
    })
    .execute();
  unit.tell(
    "household.voted",
    {
      proposalId: cast.proposalId,
      round: cast.round,
      ballot: { by: cast.resident.displayName, at: cast.arrivedAt, receipt },
    },
    { household: cast.householdId },
  );
  unit.afterCommit(() => counted(cast));
  return { receipt, at: cast.arrivedAt, counts: true };
}

/** Random and not made from the choice: it proves that a ballot counts, never how it was cast. */
function newReceipt(): string {
  const code = newCode(8);
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

function sameReceipt(known: Schema["ballots"], cast: Cast): Receipt {
  const same =
    known.proposal_id === cast.proposalId &&
    known.round === cast.round &&
    known.household_id === cast.householdId &&
    known.option_id === cast.optionId;
  if (!same) throw new Refusal("invalid-input", "This ballot id was used before.", { field: "ballotId" });
  return { receipt: known.receipt, at: known.cast_at, counts: known.superseded_at === null };
}

/** The earlier ballot is kept and no longer counts (INV-10). True if there was one. */
async function supersede(unit: Unit, cast: Cast): Promise<boolean> {
  const { numUpdatedRows } = await unit.db
    .updateTable("ballots")
    .set({ superseded_at: unit.now })
    .where("proposal_id", "=", cast.proposalId)
    .where("round", "=", cast.round)
    .where("household_id", "=", cast.householdId)
    .where("superseded_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The register of the round the ballot is for, which may be an earlier one. */
async function registerOf(db: Kysely<Schema>, cast: Cast): Promise<string | null> {
  const row = await db
    .selectFrom("registers")
    .select("id")
    .where("proposal_id", "=", cast.proposalId)
    .where("round", "=", cast.round)
    .executeTakeFirst();
  return row?.id ?? null;
}

async function takeLine(
  db: Kysely<Schema>,
  dialect: Dialect,
  registerId: string,
  householdId: string,
): Promise<boolean> {
  const line = await db
    .selectFrom("register_entries")
    .select("household_id")
    .where("register_id", "=", registerId)
    .where("household_id", "=", householdId)
    .$if(dialect === "postgres", (query) => query.forUpdate())
    .executeTakeFirst();
  return line !== undefined;
}
