import { planBoards } from "./plan-boards.ts";
import { castChat, writeMessages } from "./plan-chat.ts";
import { type Home, planHomes } from "./plan-homes.ts";
import { planItems } from "./plan-items.ts";
import { type DemoPeople, planPeople } from "./plan-people.ts";
import { planPlaces } from "./plan-places.ts";
import type { DemoItem, DemoPlan, DemoProposal, DemoSize, DemoTour } from "./plan-types.ts";
import { planVotes } from "./plan-votes.ts";
import { createRandom } from "./random.ts";

/**
 * A whole courtyard's life as plain data: same seed, size and `now` (ms since the epoch), same plan. Ids depend on
 * seed and size alone.
 */
export function planDemo(seed: number, size: DemoSize, now: number): DemoPlan {
  const random = createRandom(seed, size);
  const places = planPlaces(random.stream("places"), size);
  const homes = planHomes(random.stream("homes"), size, places);
  const people = planPeople(random.stream("people"), now, places, homes);
  const chat = castChat(random.stream("cast"), size, now, places, homes, people);
  const items = planItems(random.stream("items"), size, now, places, homes, people, chat.mentioned);
  const tour = planTour(homes, people, items);
  const home = people.residents.find(({ id }) => id === tour.residentId)?.householdId ?? "";
  const proposals = planVotes(random.stream("votes"), size, now, places, homes, people, home);
  return {
    seed,
    size,
    now,
    community: places.community,
    courtyards: [places.courtyard],
    buildings: places.buildings,
    units: places.units,
    households: homes.map(({ household }) => household),
    residents: people.residents,
    grants: people.grants,
    boards: places.boards,
    items,
    ...planBoards(random.stream("boards"), now, places, homes, people),
    channels: places.channels,
    messages: writeMessages(random.stream("messages"), chat, homes, factsOf(proposals[0])),
    proposals,
    tour,
  };
}

/** The numbers the chat says of the closed vote. */
function factsOf({ ballots }: DemoProposal): Map<string, string> {
  const count = (optionId: string) => String(ballots.filter((ballot) => ballot.optionId === optionId).length);
  const facts = ["yes", "no", "abstain"].map((id): [string, string] => [`vote.${id}`, count(id)]);
  return new Map([...facts, ["vote.cast", String(ballots.length)]]);
}

/** A home of two whose cell has enough to show, with nobody of the staff in it. */
function planTour(homes: readonly Home[], people: DemoPeople, items: readonly DemoItem[]): DemoTour {
  const staff = new Set(people.grants.map(({ residentId }) => residentId));
  for (const { household } of homes) {
    const own = people.residents.filter(({ householdId }) => householdId === household.id);
    const [first, second] = own;
    const steward = people.stewards.get(household.buildingId);
    const listed = items.filter(({ householdId }) => householdId === household.id).length;
    if (!first || !second || !steward || listed < 3 || listed > 9) continue;
    if (own.some(({ id }) => staff.has(id))) continue;
    return {
      residentId: first.id,
      secondResidentId: second.id,
      stewardId: steward.id,
      facilitatorId: people.facilitator.id,
      officerId: people.officer.id,
    };
  }
  throw new RangeError("no home is fit to be shown");
}
