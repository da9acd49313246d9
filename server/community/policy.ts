import { type Actor, holds } from "../../shared/identity/model.ts";
import { officerOfAll } from "../identity/abilities.ts";
import { Refusal } from "../refusal.ts";

/**
 * Who may do what about courtyards.
 * - Officers of the whole community add courtyards.
 * - Officers of a courtyard change its name and who may look at its boards.
 * - Officers of a courtyard import and export its tables, which hold contacts.
 */
const sentences = {
  "add a courtyard": (actor: Actor, _courtyardId: null) => actor.kind === "person" && officerOfAll(actor),
  "change the courtyard": (actor: Actor, courtyardId: string) => holds(actor, "officer", courtyardId),
  "import and export": (actor: Actor, courtyardId: string) => holds(actor, "officer", courtyardId),
};

type Sentences = typeof sentences;
export type Verb = keyof Sentences;

/** The policy of this area: `may(actor, "import and export", courtyardId)`. */
export function may<V extends Verb>(actor: Actor, verb: V, thing: Parameters<Sentences[V]>[1]): boolean {
  const sentence: (actor: Actor, thing: never) => boolean = sentences[verb];
  return sentence(actor, thing as never);
}

/** @throws Refusal `not-allowed` unless `may` */
export function demand<V extends Verb>(actor: Actor, verb: V, thing: Parameters<Sentences[V]>[1]): void {
  if (!may(actor, verb, thing)) throw new Refusal("not-allowed", `This person may not ${verb} here.`);
}
