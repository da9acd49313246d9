import { type Ability, abilities, holds, type PersonActor } from "../../shared/identity/model.ts";

const officer = (actor: PersonActor): boolean => holds(actor, "officer", actor.courtyardId);
const steward = (actor: PersonActor): boolean => holds(actor, "steward", actor.courtyardId);
const facilitator = (actor: PersonActor): boolean => holds(actor, "facilitator", actor.courtyardId);
const livesHere = (actor: PersonActor): boolean => actor.household?.courtyardId === actor.courtyardId;

/** True if the actor holds the officer's role for the whole community and not for single courtyards. */
export const officerOfAll = (actor: PersonActor): boolean =>
  actor.grants.some((grant) => grant.role === "officer" && grant.courtyardId === null);

/** True if the actor works in this courtyard in any role. */
const works = (actor: PersonActor): boolean =>
  actor.grants.some((grant) => holds(actor, grant.role, actor.courtyardId));

/**
 * Who can do what in the courtyard their session looks at. The client shows what is in the answer; each act is
 * judged again, with its object, by the policy of its area.
 */
const sentences: Record<Ability, (actor: PersonActor) => boolean> = {
  "board.edit-notice": (actor) => steward(actor) || officer(actor),
  "board.edit-any-cell": (actor) => steward(actor) || officer(actor),
  "board.restore": (actor) => steward(actor) || officer(actor),
  "chat.post": (actor) => livesHere(actor) || works(actor),
  "chat.judge": (actor) => steward(actor) || officer(actor),
  "chat.mute": (actor) => steward(actor) || officer(actor),
  "proposal.write": (actor) => facilitator(actor) || officer(actor),
  "proposal.vote": livesHere,
  "kiosk.manage": (actor) => facilitator(actor) || officer(actor),
  "household.manage": (actor) => steward(actor) || officer(actor),
  "invitation.issue": (actor) => steward(actor) || officer(actor),
  "resident.confirm": (actor) => steward(actor) || officer(actor),
  "staff.manage": officer,
  "import.run": officer,
  "courtyard.create": officerOfAll,
};

/** What this session can do, for the client. */
export const abilitiesOf = (actor: PersonActor): Ability[] =>
  abilities.filter((ability) => sentences[ability](actor));
