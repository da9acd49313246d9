import type { ErrorCode } from "../wire/errors.ts";
import {
  type ProposalDraft,
  type ProposalKind,
  type ProposalOption,
  type ProposalState,
  proposalLimits,
  type Rule,
} from "./model.ts";

export const yesNoOptions = ["yes", "no"] as const;
export const abstainOption = "abstain";

/** The words on the paper; people with another language see those of their locale. */
const printed = { yes: "赞同", no: "反对", abstain: "弃权" } as const;

export const defaultRule: Rule = {
  kind: "simple",
  ballotPer: "household",
  changeable: true,
  tally: "hidden-until-revealed",
  abstention: "turnout-only",
};

/** The ballot paper: what can be chosen, in order. */
export function ballotOptions(draft: Pick<ProposalDraft, "kind" | "options" | "rule">): ProposalOption[] {
  const choices =
    draft.kind === "yes-no-abstain"
      ? yesNoOptions.map((id) => ({ id, label: printed[id] }))
      : draft.options.map((label, index) => ({ id: `option-${index + 1}`, label }));
  return draft.rule.abstention === "turnout-only"
    ? [...choices, { id: abstainOption, label: printed.abstain }]
    : choices;
}

/** The labels a facilitator wrote, read back from a ballot paper. */
export const writtenOptions = (kind: ProposalKind, options: readonly ProposalOption[]): string[] =>
  kind === "options" ? options.filter(({ id }) => id !== abstainOption).map(({ label }) => label) : [];

export type DraftFault =
  | "question-missing"
  | "question-long"
  | "body-long"
  | "options-few"
  | "options-many"
  | "option-missing"
  | "option-long"
  | "option-twice"
  | "options-unasked"
  | "abstention-fixed";

/** What keeps a draft from being put to the vote, in the order of the form; empty when it is sound. */
export function draftFaults(draft: ProposalDraft): DraftFault[] {
  const faults: DraftFault[] = [];
  const question = draft.question.trim();
  if (question === "") faults.push("question-missing");
  if (question.length > proposalLimits.question) faults.push("question-long");
  if (draft.body.trim().length > proposalLimits.body) faults.push("body-long");
  if (draft.kind === "yes-no-abstain") {
    if (draft.options.length > 0) faults.push("options-unasked");
    if (draft.rule.abstention !== "turnout-only") faults.push("abstention-fixed");
    return faults;
  }
  const labels = draft.options.map((label) => label.trim());
  if (labels.length < proposalLimits.fewestOptions) faults.push("options-few");
  if (labels.length > proposalLimits.mostOptions) faults.push("options-many");
  if (labels.includes("")) faults.push("option-missing");
  if (labels.some((label) => label.length > proposalLimits.optionLabel)) faults.push("option-long");
  const written = labels.filter((label) => label !== "");
  if (new Set(written.map((label) => label.normalize("NFKC"))).size < written.length)
    faults.push("option-twice");
  return faults;
}

export type ProposalAct = "edit" | "open" | "last-call" | "close" | "reveal" | "restart" | "withdraw";

/** Where each act leads from. An act missing for a state is refused or, in the state it leads to, repeated. */
const moves: Record<ProposalAct, Partial<Record<ProposalState, ProposalState>>> = {
  edit: { draft: "draft" },
  open: { draft: "open" },
  "last-call": { open: "open" },
  close: { open: "closed" },
  reveal: { closed: "revealed" },
  restart: { open: "open", closed: "open", revealed: "open" },
  withdraw: { draft: "withdrawn" },
};

const refusals: Record<ProposalAct, ErrorCode> = {
  edit: "proposal-not-draft",
  open: "proposal-not-draft",
  "last-call": "proposal-not-open",
  close: "proposal-not-open",
  reveal: "proposal-not-closed",
  restart: "proposal-not-open",
  withdraw: "proposal-not-draft",
};

export type Move =
  | { kind: "goes"; to: ProposalState }
  /** Done already: the first answer again, and no second effect. */
  | { kind: "done" }
  | { kind: "refused"; code: ErrorCode };

/** What an act does in a state. */
export function moveOf(state: ProposalState, act: ProposalAct): Move {
  const to = moves[act][state];
  if (to) return { kind: "goes", to };
  const repeated =
    (act === "open" && state === "open") ||
    (act === "close" && (state === "closed" || state === "revealed")) ||
    (act === "reveal" && state === "revealed") ||
    (act === "withdraw" && state === "withdrawn");
  return repeated ? { kind: "done" } : { kind: "refused", code: refusals[act] };
}

/** When a vote ends: after a time, or at one. */
export type Ending = { afterSeconds: number } | { at: number };

/** The moment of closing, or null when it is too near or too far. Milliseconds. */
export function closingTime(ending: Ending, now: number): number | null {
  const at = "at" in ending ? ending.at : now + ending.afterSeconds * 1000;
  return at - now >= proposalLimits.shortestVote && at - now <= proposalLimits.longestVote ? at : null;
}

/** A vote closed before its time needs a reason that everyone is told. */
export const isEarlyClose = (closesAt: number, now: number): boolean => now < closesAt;

/**
 * Why a ballot is not taken, or null. A ballot is in time if it arrived before the deadline, by the server's
 * clock (INV-12), and the vote was not closed meanwhile.
 */
export function ballotRefusal(
  proposal: { state: ProposalState; round: number; closesAt: number | null },
  ballot: { round: number; arrivedAt: number },
): ErrorCode | null {
  if (proposal.state === "draft" || proposal.state === "withdrawn") return "proposal-not-open";
  if (ballot.round > proposal.round) return "proposal-not-open";
  if (ballot.round < proposal.round || proposal.state !== "open") return "proposal-closed";
  return proposal.closesAt !== null && ballot.arrivedAt < proposal.closesAt ? null : "proposal-closed";
}
