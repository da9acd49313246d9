import { holds, type PersonActor } from "../../shared/identity/model.ts";
import { Refusal } from "../refusal.ts";
import { officerOfAll } from "./abilities.ts";

/** Where something is; null reaches everything on that level. */
export interface Reach {
  courtyardId: string | null;
  buildingId: string | null;
}

/** A resident as a steward meets them. */
export interface CaredFor extends Reach {
  residentId: string;
  /** Whether they hold a role themselves. */
  staff: boolean;
}

const caresFor = (actor: PersonActor, { courtyardId, buildingId }: Reach): boolean => {
  if (courtyardId === null) return officerOfAll(actor);
  // Without a building only a steward of the whole courtyard is meant.
  return holds(actor, "officer", courtyardId) || holds(actor, "steward", courtyardId, buildingId);
};

const isOfficerOf = (actor: PersonActor, { courtyardId }: Reach): boolean =>
  courtyardId === null ? officerOfAll(actor) : holds(actor, "officer", courtyardId);

/**
 * Who may do what about people.
 * - Stewards see, confirm and remove the residents of their building; officers those of their courtyard.
 * - Nobody removes themselves, and only officers remove someone who holds a role.
 * - Stewards issue slips for their building; officers for their courtyard.
 * - Officers give and end roles as far as their own role reaches.
 */
const sentences = {
  "see residents": (actor: PersonActor, place: Reach) => caresFor(actor, place),
  confirm: (actor: PersonActor, resident: CaredFor) =>
    caresFor(actor, resident) && resident.residentId !== actor.residentId,
  remove: (actor: PersonActor, resident: CaredFor) =>
    resident.residentId !== actor.residentId &&
    (resident.staff ? isOfficerOf(actor, resident) : caresFor(actor, resident)),
  "issue slips": (actor: PersonActor, place: Reach) => caresFor(actor, place),
  "mark phoneless": (actor: PersonActor, place: Reach) => caresFor(actor, place),
  "see the table": (actor: PersonActor, place: Reach) => isOfficerOf(actor, place),
  "give roles": (actor: PersonActor, place: Reach) => isOfficerOf(actor, place),
};

type Sentences = typeof sentences;
export type Verb = keyof Sentences;

/** The policy of this area: `may(actor, "confirm", resident)`. */
export function may<V extends Verb>(
  actor: PersonActor,
  verb: V,
  thing: Parameters<Sentences[V]>[1],
): boolean {
  const sentence: (actor: PersonActor, thing: never) => boolean = sentences[verb];
  return sentence(actor, thing as never);
}

/** @throws Refusal `not-allowed` unless `may` */
export function demand<V extends Verb>(
  actor: PersonActor,
  verb: V,
  thing: Parameters<Sentences[V]>[1],
): void {
  if (!may(actor, verb, thing)) throw new Refusal("not-allowed", `This person may not ${verb} here.`);
}
