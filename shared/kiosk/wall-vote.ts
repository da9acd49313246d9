import type { ProposalView } from "../proposals/model.ts";
import type { WallVote } from "./model.ts";

/** What of a proposal goes on the wall: named field by field, so that nothing new slips onto it (INV-8). */
export const wallVote = (view: ProposalView): WallVote => ({
  proposalId: view.proposalId,
  round: view.round,
  question: view.question,
  kind: view.kind,
  options: view.options.map(({ id, label }) => ({ id, label })),
  state: view.state,
  openedAt: view.openedAt,
  closesAt: view.closesAt,
  closedAt: view.closedAt,
  revealedAt: view.revealedAt,
  turnout: { voted: view.turnout.voted, total: view.turnout.total },
  result: view.state === "revealed" ? view.result : null,
});

/**
 * The votes a wall has room for: every open one, those closed and not yet told, and the newest result.
 * @param votes newest first
 */
export function votesForWall(votes: readonly WallVote[]): WallVote[] {
  const newest = votes
    .filter(({ state }) => state === "revealed")
    .sort((a, b) => (b.revealedAt ?? 0) - (a.revealedAt ?? 0))[0];
  return votes.filter((vote) => vote.state === "open" || vote.state === "closed" || vote === newest);
}
