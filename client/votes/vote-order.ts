import type { ProposalView } from "../../shared/proposals/model.ts";

/** Open votes, the one that ends first on top; then the finished ones, newest first. Drafts are not for here. */
export function inOrder(proposals: readonly ProposalView[]): {
  open: ProposalView[];
  finished: ProposalView[];
} {
  return {
    open: proposals
      .filter(({ state }) => state === "open")
      .sort((left, right) => (left.closesAt ?? 0) - (right.closesAt ?? 0)),
    finished: proposals
      .filter(({ state }) => state === "closed" || state === "revealed")
      .sort((left, right) => (right.openedAt ?? 0) - (left.openedAt ?? 0)),
  };
}
