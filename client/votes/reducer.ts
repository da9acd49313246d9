import type { ProposalState, ProposalView } from "../../shared/proposals/model.ts";
import type { WireEvent, WireSignal } from "../../shared/wire/contract.ts";
import type { AreaReducer, Areas } from "../state/app-state.ts";

export type VotesPart = Areas["proposals"];
export type Mine = VotesPart["mine"][number];

const order: Record<ProposalState, number> = { draft: 0, open: 1, closed: 2, revealed: 3, withdrawn: 4 };

/** True if `next` is at least as far as `known`: what arrives late never moves a vote back. */
const isNewer = (next: ProposalView, known: ProposalView): boolean =>
  next.round > known.round || (next.round === known.round && order[next.state] >= order[known.state]);

function put(part: VotesPart, proposal: ProposalView): VotesPart {
  const known = part.proposals.find(({ proposalId }) => proposalId === proposal.proposalId);
  if (!known) return { ...part, proposals: [proposal, ...part.proposals] };
  if (!isNewer(proposal, known)) return part;
  return { ...part, proposals: part.proposals.map((other) => (other === known ? proposal : other)) };
}

function change(
  part: VotesPart,
  { proposalId, round }: { proposalId: string; round: number },
  next: (proposal: ProposalView) => ProposalView,
): VotesPart {
  const known = part.proposals.find((p) => p.proposalId === proposalId && p.round === round);
  if (!known) return part;
  const changed = next(known);
  if (changed === known) return part;
  return { ...part, proposals: part.proposals.map((other) => (other === known ? changed : other)) };
}

function putMine(part: VotesPart, mine: Mine): VotesPart {
  const known = part.mine.find(({ proposalId }) => proposalId === mine.proposalId);
  if (known && known.round > mine.round) return part;
  // Two phones of a home: the ballot cast last is the one that counts.
  if (known?.round === mine.round && (known.ballot?.at ?? 0) > (mine.ballot?.at ?? 0)) return part;
  return { ...part, mine: [mine, ...part.mine.filter((other) => other !== known)] };
}

function onEvent(part: VotesPart, event: WireEvent): VotesPart {
  switch (event.name) {
    case "proposal.draft-changed":
      return put(part, event.data.proposal);
    case "proposal.was-withdrawn": {
      const proposals = part.proposals.filter(({ proposalId }) => proposalId !== event.data.proposalId);
      return proposals.length === part.proposals.length ? part : { ...part, proposals };
    }
    case "proposal.was-opened": {
      const { proposalId, round } = event.data.proposal;
      // The register holds every household there is at this moment.
      const known = part.mine.some((mine) => mine.proposalId === proposalId && mine.round >= round);
      const next = put(part, event.data.proposal);
      return known ? next : putMine(next, { proposalId, round, onRegister: true, ballot: null });
    }
    case "proposal.was-closed": {
      const { closedAt, closeReason, turnout } = event.data;
      return change(part, event.data, (proposal) =>
        proposal.state === "open"
          ? { ...proposal, state: "closed", closedAt, closeReason, turnout }
          : proposal,
      );
    }
    case "proposal.result-revealed": {
      const { revealedAt, result } = event.data;
      return change(part, event.data, (proposal) =>
        proposal.state === "revealed" ? proposal : { ...proposal, state: "revealed", revealedAt, result },
      );
    }
    case "household.voted": {
      const { proposalId, round, ballot } = event.data;
      return putMine(part, { proposalId, round, onRegister: true, ballot });
    }
    default:
      return part;
  }
}

function onSignal(part: VotesPart, signal: WireSignal): VotesPart {
  switch (signal.name) {
    case "proposal.turnout": {
      const { voted, total } = signal.data;
      return change(part, signal.data, (proposal) =>
        voted > proposal.turnout.voted ? { ...proposal, turnout: { voted, total } } : proposal,
      );
    }
    case "proposal.last-call": {
      const others = part.lastCalls.filter(({ proposalId }) => proposalId !== signal.data.proposalId);
      return { ...part, lastCalls: [...others, signal.data] };
    }
    default:
      return part;
  }
}

/** How the votes on a page follow what happens. */
export const votesReducer: AreaReducer<VotesPart> = { event: onEvent, signal: onSignal };
