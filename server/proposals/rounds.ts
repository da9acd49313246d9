import { proposalLimits } from "../../shared/proposals/model.ts";
import {
  closingTime,
  type Ending,
  isEarlyClose,
  moveOf,
  type ProposalAct,
} from "../../shared/proposals/rules.ts";
import { tally } from "../../shared/proposals/tally.ts";
import type { Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import { forWall, optionsOf, presentProposals, ruleOf } from "./present.ts";
import {
  changeProposal,
  countInState,
  freezeRegister,
  noteAct,
  type ProposalRow,
  readBox,
  turnoutOf,
} from "./repository.ts";

/** True if the act is due now; false if it was done before. @throws Refusal when it is neither */
export function isDue(row: ProposalRow, act: ProposalAct): boolean {
  const move = moveOf(row.state, act);
  if (move.kind === "refused") throw new Refusal(move.code, `A proposal that is ${row.state} has no ${act}.`);
  return move.kind === "goes";
}

/** Opens the row's current round: freezes the register and tells everyone all they need to vote. */
export async function openRound(
  unit: Unit,
  row: ProposalRow,
  { round, ending, byId }: { round: number; ending: Ending; byId: string },
): Promise<{ round: number; closesAt: number }> {
  const { db, now } = unit;
  const closesAt = closingTime(ending, now);
  if (closesAt === null) throw new Refusal("ending-out-of-range", "A vote lasts 30 seconds to 60 days.");
  const openNow = await countInState(db, row.courtyard_id, "open");
  if (openNow - (row.state === "open" ? 1 : 0) >= proposalLimits.open) {
    throw new Refusal("too-many-proposals", "Too many votes are open here.");
  }
  const { registerId, households } = await freezeRegister(db, {
    proposalId: row.id,
    round,
    courtyardId: row.courtyard_id,
    now,
  });
  if (households === 0) throw new Refusal("register-empty", "No household could vote.");
  const opened = {
    state: "open",
    round,
    register_id: registerId,
    opened_at: now,
    closes_at: closesAt,
    closed_at: null,
    closed_by: null,
    close_reason: null,
    revealed_at: null,
    result: null,
  } as const;
  await changeProposal(db, row, opened);
  await noteAct(db, { proposalId: row.id, round, at: now, act: "opened", byId });
  const [proposal] = await presentProposals(db, [{ ...row, ...opened }]);
  if (!proposal) throw new Error("An opened proposal cannot be shown.");
  unit.tell("proposal.was-opened", { proposal }, { courtyard: row.courtyard_id, wall: null });
  unit.tell(
    "proposal.was-opened",
    { proposal: forWall(proposal) },
    { courtyard: null, wall: row.courtyard_id },
  );
  return { round, closesAt };
}

/**
 * Closes an open round. By the clock it is closed at its time, however late the server gets to it; by a person,
 * now. @throws Refusal `reason-needed` for an early close without one
 */
export async function closeRound(
  unit: Unit,
  row: ProposalRow,
  { byId, reason }: { byId: string | null; reason: string | null },
): Promise<number> {
  const { db, now } = unit;
  const closesAt = row.closes_at ?? now;
  const early = isEarlyClose(closesAt, now);
  if (early && reason === null) throw new Refusal("reason-needed", "An early close needs a reason.");
  const closed = {
    state: "closed",
    closed_at: Math.min(closesAt, now),
    closed_by: byId,
    close_reason: early ? reason : null,
  } as const;
  await changeProposal(db, row, closed);
  await noteAct(db, {
    proposalId: row.id,
    round: row.round,
    at: now,
    act: "closed",
    byId,
    reason: closed.close_reason,
  });
  const told = {
    proposalId: row.id,
    round: row.round,
    closedAt: closed.closed_at,
    closeReason: closed.close_reason,
    turnout: await turnoutOf(db, row.id, row.round),
  };
  unit.tell("proposal.was-closed", told, { courtyard: row.courtyard_id, wall: null });
  unit.tell(
    "proposal.was-closed",
    { ...told, closeReason: null },
    { courtyard: null, wall: row.courtyard_id },
  );
  if (ruleOf(row).tally === "hidden-until-closed") await revealRound(unit, { ...row, ...closed }, null);
  return closed.closed_at;
}

/** Counts a closed round and tells everyone. Before this line the count is nowhere. */
export async function revealRound(unit: Unit, row: ProposalRow, byId: string | null): Promise<void> {
  const { db, now } = unit;
  const { register, ballots } = await readBox(db, row);
  const result = tally(optionsOf(row), register, ballots);
  await changeProposal(db, row, { state: "revealed", revealed_at: now, result: JSON.stringify(result) });
  await noteAct(db, { proposalId: row.id, round: row.round, at: now, act: "revealed", byId });
  unit.tell(
    "proposal.result-revealed",
    { proposalId: row.id, round: row.round, revealedAt: now, result },
    { courtyard: row.courtyard_id, wall: row.courtyard_id },
  );
}

/** Sets the current round aside with all its ballots and opens the next (INV-10). */
export async function restartRound(
  unit: Unit,
  row: ProposalRow,
  { reason, ending, byId }: { reason: string; ending: Ending; byId: string },
): Promise<{ round: number; closesAt: number }> {
  const { db, now } = unit;
  await db
    .insertInto("proposal_rounds")
    .values({
      proposal_id: row.id,
      round: row.round,
      register_id: row.register_id ?? "",
      opened_at: row.opened_at ?? now,
      closes_at: row.closes_at ?? now,
      closed_at: row.closed_at,
      closed_by: row.closed_by,
      close_reason: row.close_reason,
      revealed_at: row.revealed_at,
      result: row.result,
      restarted_at: now,
      restart_reason: reason,
    })
    .execute();
  await noteAct(db, { proposalId: row.id, round: row.round, at: now, act: "restarted", byId, reason });
  return openRound(unit, row, { round: row.round + 1, ending, byId });
}
