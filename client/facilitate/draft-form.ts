import type { ProposalDraft, ProposalView } from "../../shared/proposals/model.ts";
import { type DraftFault, defaultRule, writtenOptions } from "../../shared/proposals/rules.ts";

/** A proposal as it is being written: blank lines and all. */
export interface DraftForm {
  /** Id of the draft on the server, or of the one that will be. */
  proposalId: string;
  question: string;
  body: string;
  kind: ProposalDraft["kind"];
  /** Kept when the kind is switched, so that nothing typed is lost. */
  options: string[];
  changeable: boolean;
  tally: ProposalDraft["rule"]["tally"];
  /** For options only; yes and no always offer it. */
  mayAbstain: boolean;
}

export const newForm = (proposalId: string): DraftForm => ({
  proposalId,
  question: "",
  body: "",
  kind: "yes-no-abstain",
  options: ["", ""],
  changeable: true,
  tally: "hidden-until-revealed",
  mayAbstain: true,
});

export function formOf(view: ProposalView): DraftForm {
  const options = writtenOptions(view.kind, view.options);
  return {
    proposalId: view.proposalId,
    question: view.question,
    body: view.body,
    kind: view.kind,
    options: options.length > 0 ? options : ["", ""],
    changeable: view.rule.changeable,
    tally: view.rule.tally,
    mayAbstain: view.rule.abstention === "turnout-only",
  };
}

/** What is sent: trimmed, and options only where they are asked for. */
export function draftOf(form: DraftForm): ProposalDraft {
  const hasOptions = form.kind === "options";
  const options = form.options.map((label) => label.trim());
  while (options.length > 2 && options.at(-1) === "") options.pop();
  return {
    question: form.question.trim(),
    body: form.body.trim(),
    kind: form.kind,
    options: hasOptions ? options : [],
    rule: {
      ...defaultRule,
      changeable: form.changeable,
      tally: form.tally,
      abstention: hasOptions && !form.mayAbstain ? "not-offered" : "turnout-only",
    },
  };
}

/** The field a fault is shown at. */
export const fieldOf = (fault: DraftFault): "question" | "body" | "options" =>
  fault.startsWith("question") ? "question" : fault.startsWith("body") ? "body" : "options";

const storageKey = "yuanba.proposal-draft";

/** The half-written proposal of this device, if there is one. */
export function readForm(): DraftForm | null {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? "null") as Partial<DraftForm> | null;
    // Filled up, in case an older page kept fewer fields.
    return typeof kept?.proposalId === "string" ? { ...newForm(kept.proposalId), ...kept } : null;
  } catch {
    return null;
  }
}

export function keepForm(form: DraftForm | null): void {
  try {
    if (form) localStorage.setItem(storageKey, JSON.stringify(form));
    else localStorage.removeItem(storageKey);
  } catch {
    // Storage is forbidden: what is written lasts as long as the page.
  }
}
