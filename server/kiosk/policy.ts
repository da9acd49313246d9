import { holds, type PersonActor } from "../../shared/identity/model.ts";
import { Refusal } from "../refusal.ts";

export interface ScreenPlace {
  courtyardId: string;
}

const looksAfter = (actor: PersonActor, { courtyardId }: ScreenPlace): boolean =>
  holds(actor, "officer", courtyardId) || holds(actor, "facilitator", courtyardId);

/** Who may do what about screens: officers and facilitators of the courtyard it hangs in. */
const sentences = {
  "pair a screen": looksAfter,
  "unpair a screen": looksAfter,
  "see the screens": looksAfter,
};
export type Verb = keyof typeof sentences;

export const may = (actor: PersonActor, verb: Verb, place: ScreenPlace): boolean =>
  sentences[verb](actor, place);

/** @throws Refusal `not-allowed` unless `may` */
export function demand(actor: PersonActor, verb: Verb, place: ScreenPlace): void {
  if (!may(actor, verb, place)) throw new Refusal("not-allowed", `This person may not ${verb} here.`);
}
