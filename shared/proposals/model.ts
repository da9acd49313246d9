/** Sizes of a proposal; the draft form shows them, the server enforces them (INV-11). */
export const proposalLimits = {
  question: 80,
  body: 2000,
  optionLabel: 60,
  fewestOptions: 2,
  mostOptions: 12,
  reason: 120,
  /** A vote stays open at least this long, milliseconds. */
  shortestVote: 30_000,
  /** 60 days: the longest window a city prescribes for owners' votes (Hangzhou, Art. 20). */
  longestVote: 60 * 24 * 3_600_000,
  /** Proposals of one courtyard being written at the same time. */
  drafts: 50,
  /** Votes of one courtyard open at the same time. */
  open: 12,
  /** Finished proposals in a snapshot; older ones come by pages. */
  recent: 30,
  page: 20,
} as const;

/** How long "last call" stays on phones and wall, milliseconds. */
export const lastCallLasts = 15_000;

export const proposalKinds = ["yes-no-abstain", "options"] as const;
export type ProposalKind = (typeof proposalKinds)[number];

export const proposalStates = ["draft", "open", "closed", "revealed", "withdrawn"] as const;
export type ProposalState = (typeof proposalStates)[number];

export interface ProposalOption {
  id: string;
  label: string;
}

/** How votes are cast and counted; frozen when the vote opens. Other kinds of rule join this union. */
export interface SimpleRule {
  kind: "simple";
  ballotPer: "household";
  /** Whether a household may cast again until closing; the last ballot counts. */
  changeable: boolean;
  /** Until when nobody, staff included, can learn the count. */
  tally: "hidden-until-revealed" | "hidden-until-closed";
  /** An abstention counts for the turnout and for nothing else, or is not offered. */
  abstention: "turnout-only" | "not-offered";
}
export type Rule = SimpleRule;

/** What a facilitator writes. `options` are the labels; empty for yes / no / abstain. */
export interface ProposalDraft {
  question: string;
  body: string;
  kind: ProposalKind;
  options: string[];
  rule: Rule;
}

/** Households and their floor area in 0.01 m². */
export interface Weight {
  households: number;
  area: number;
}

export interface Tally {
  /** In the order of the ballot paper. */
  options: (Weight & { optionId: string })[];
  /** Those who cast a ballot, abstentions included. */
  voted: Weight;
  /** Those who could. */
  register: Weight;
}

/** Households that have voted, of those on the register. */
export interface TurnoutCount {
  voted: number;
  total: number;
}

/** A round that was set aside for a new one. Its ballots are kept (INV-10). */
export interface EarlierRound {
  round: number;
  openedAt: number;
  closedAt: number | null;
  /** Why the vote was held again. */
  reason: string;
  /** Null if it was never revealed; then it never will be. */
  result: Tally | null;
}

/** A proposal as everyone of the courtyard, and the wall, may see it. Names no person. */
export interface ProposalView {
  proposalId: string;
  question: string;
  body: string;
  kind: ProposalKind;
  options: ProposalOption[];
  rule: Rule;
  state: ProposalState;
  /** Counts from 1. */
  round: number;
  createdAt: number;
  openedAt: number | null;
  closesAt: number | null;
  closedAt: number | null;
  /** Set when the vote was closed before its time. */
  closeReason: string | null;
  revealedAt: number | null;
  turnout: TurnoutCount;
  /** Null until revealed, for everyone. */
  result: Tally | null;
  earlierRounds: EarlierRound[];
}

/** That a household voted, as its own members see it; never how. */
export interface HouseholdBallot {
  /** Display name of the member who cast it. */
  by: string;
  at: number;
  receipt: string;
}
