import type { ChannelPlace } from "../../shared/chat/model.ts";
import { type Actor, holds, type PersonActor } from "../../shared/identity/model.ts";

/** The person who would be muted. */
export interface MuteTarget {
  residentId: string;
  buildingId: string | null;
  officer: boolean;
}

/** Of the courtyard as a whole, a steward of any of its buildings looks after it too. */
const looksAfter = (actor: Actor, { courtyardId, buildingId }: ChannelPlace): boolean =>
  (["officer", "steward"] as const).some((role) => holds(actor, role, courtyardId, buildingId ?? undefined));

/** Who may do what in a channel. `holds` is false for a screen, so a screen may do nothing here. */
const channelSentences = {
  /** Everyone of the courtyard reads its channel; a building's is for those who live there or look after it. */
  read: (actor: Actor, place: ChannelPlace) =>
    actor.kind === "person" &&
    actor.courtyardId === place.courtyardId &&
    (place.buildingId === null ||
      actor.household?.buildingId === place.buildingId ||
      looksAfter(actor, place)),
  /** Who reads a channel may write in it. */
  post: (actor: Actor, place: ChannelPlace) => channelSentences.read(actor, place),
  /** The courtyard's channel is judged by its officers and any of its stewards; a building's by its own. */
  judge: (actor: Actor, place: ChannelPlace) =>
    actor.kind === "person" && actor.courtyardId === place.courtyardId && looksAfter(actor, place),
};
export type ChannelVerb = keyof typeof channelSentences;

/** May `actor` do this in a channel of this place? */
export const may = (actor: Actor, verb: ChannelVerb, place: ChannelPlace): boolean =>
  channelSentences[verb](actor, place);

/**
 * A steward mutes residents of their buildings, an officer anyone of the courtyard; nobody mutes an officer,
 * who could not call for help any more, or themselves.
 */
export function mayMute(actor: PersonActor, target: MuteTarget): boolean {
  if (target.residentId === actor.residentId || target.officer) return false;
  const { courtyardId } = actor;
  if (holds(actor, "officer", courtyardId)) return true;
  // Someone without a building belongs to no single steward: only one of the whole courtyard reaches them.
  return actor.grants.some(
    (grant) =>
      grant.role === "steward" &&
      (grant.courtyardId === null || grant.courtyardId === courtyardId) &&
      (grant.buildingId === null || grant.buildingId === target.buildingId),
  );
}
