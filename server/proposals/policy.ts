import { type Actor, holds, isStaff, type PersonActor } from "../../shared/identity/model.ts";
import { Refusal } from "../refusal.ts";

export type ProposalVerb = "see" | "see-draft" | "lead" | "cast";

type Sentence = (actor: PersonActor, courtyardId: string) => boolean;

/** Who may do what with a proposal of a courtyard. */
const sentences: Record<ProposalVerb, Sentence> = {
  /** Whoever looks at the courtyard sees its votes. */
  see: (actor, courtyardId) => actor.courtyardId === courtyardId,
  /** Those who look after the courtyard see what is being prepared. */
  "see-draft": (actor, courtyardId) => isStaff(actor, courtyardId),
  /** Facilitators and officers write, open, close and reveal. */
  lead: (actor, courtyardId) =>
    holds(actor, "facilitator", courtyardId) || holds(actor, "officer", courtyardId),
  /** A member of a household there casts its ballot, whatever roles they hold. */
  cast: (actor, courtyardId) => actor.household?.courtyardId === courtyardId,
};

export const may = (actor: Actor, verb: ProposalVerb, courtyardId: string): boolean =>
  actor.kind === "person" && sentences[verb](actor, courtyardId);

/** @throws Refusal `not-allowed` */
export function must(actor: Actor, verb: ProposalVerb, courtyardId: string): void {
  if (!may(actor, verb, courtyardId)) {
    throw new Refusal("not-allowed", `This session may not ${verb} here.`);
  }
}
