import type { ProposalDraft, ProposalOption } from "../../shared/proposals/model.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import type { Unit } from "../events/log.ts";
import { castBallot } from "../proposals/ballot-box.ts";
import { writeDraft } from "../proposals/drafts.ts";
import { optionsOf } from "../proposals/present.ts";
import { lockProposal, type ProposalRow } from "../proposals/repository.ts";
import { closeRound, openRound, revealRound } from "../proposals/rounds.ts";
import type { Dialect } from "../storage/dialect.ts";
import type { Tx } from "../storage/storage.ts";
import type { DemoPlan, DemoProposal } from "./plan-types.ts";

/**
 * Holds the plan's votes again, each act at its time and by the rules of real votes, so that registers, receipts,
 * the record of acts and the count are what the server itself would have made of them.
 */
export async function applyVotes(tx: Tx, dialect: Dialect, plan: DemoPlan): Promise<void> {
  const names = new Map(plan.residents.map(({ id, displayName }) => [id, displayName]));
  for (const proposal of plan.proposals) await holdVote(tx, dialect, proposal, names);
}

async function holdVote(
  tx: Tx,
  dialect: Dialect,
  proposal: DemoProposal,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const { id: proposalId, courtyardId, createdBy: byId, closedAt, revealedAt } = proposal;
  // Nobody was there to hear of it: the log of events begins with the first visitor.
  const at = (now: number): Unit => ({ ...tx, now, tellNodes: () => {}, tell: () => {} });
  const row = async (): Promise<ProposalRow> => {
    const found = await lockProposal(tx.db, dialect, proposalId, "update");
    if (!found) throw new RangeError("A vote of the plan was not stored.");
    return found;
  };
  const actor = { residentId: byId, courtyardId };
  await writeDraft(at(proposal.createdAt), dialect, { proposalId, draft: draftOf(proposal), actor });
  const draft = await row();
  const optionIds = optionIdsOf(proposal, optionsOf(draft));
  await openRound(at(proposal.openedAt), draft, { round: 1, ending: { at: proposal.closesAt }, byId });
  for (const ballot of proposal.ballots) {
    const cast = {
      ballotId: ballot.id,
      proposalId,
      round: 1,
      optionId: optionIds.get(ballot.optionId) ?? "",
      arrivedAt: ballot.castAt,
      courtyardId,
      householdId: ballot.householdId,
      resident: { id: ballot.castBy, displayName: names.get(ballot.castBy) ?? "" },
    };
    await castBallot(at(ballot.castAt), dialect, cast, () => {});
  }
  if (closedAt !== null) await closeRound(at(closedAt), await row(), { byId: null, reason: null });
  if (revealedAt !== null) await revealRound(at(revealedAt), await row(), byId);
}

function draftOf({ title, body, kind, options }: DemoProposal): ProposalDraft {
  return kind === "yes-no-abstain"
    ? { question: title, body, kind, options: [], rule: defaultRule }
    : {
        question: title,
        body,
        kind,
        options: options.map(({ label }) => label),
        rule: { ...defaultRule, abstention: "not-offered" },
      };
}

/** The ids on the ballot paper by those of the plan: both list the same labels in the same order. */
const optionIdsOf = (proposal: DemoProposal, paper: readonly ProposalOption[]): Map<string, string> =>
  new Map(
    proposal.options.map(({ id, label }) => [id, paper.find((option) => option.label === label)?.id ?? ""]),
  );
