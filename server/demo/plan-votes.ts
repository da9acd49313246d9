import { atClock, daytimeBetween, minute } from "./local-time.ts";
import type { Home } from "./plan-homes.ts";
import type { DemoPeople } from "./plan-people.ts";
import type { DemoPlaces } from "./plan-places.ts";
import type { DemoBallot, DemoProposal, DemoSize } from "./plan-types.ts";
import type { Random } from "./random.ts";
import { closedVote, openVote } from "./words/votes.ts";

/** Ballots of the closed vote by choice, and how many have come in for the open one. */
export const voteCounts: Record<
  DemoSize,
  { yes: number; no: number; abstain: number; onBehalf: number; open: number }
> = {
  courtyard: { yes: 84, no: 17, abstain: 8, onBehalf: 6, open: 61 },
  compound: { yes: 521, no: 147, abstain: 62, onBehalf: 40, open: 402 },
};

/** How likely the n-th option of the open vote is chosen. */
const optionWeights = [26, 22, 14, 17, 9, 12];

/** One closed and revealed vote, then the open one. `keepFree` has not voted yet in the open one. */
export function planVotes(
  random: Random,
  size: DemoSize,
  now: number,
  places: DemoPlaces,
  homes: readonly Home[],
  people: DemoPeople,
  keepFree: string,
): [closed: DemoProposal, open: DemoProposal] {
  const counts = voteCounts[size];
  const choices = [
    ...Array.from({ length: counts.yes }, () => "yes"),
    ...Array.from({ length: counts.no }, () => "no"),
    ...Array.from({ length: counts.abstain }, () => "abstain"),
  ];
  const voting = random.shuffle(homes.filter(({ joined }) => joined));
  const phoneless = random.shuffle(homes.filter(({ household }) => household.phoneless));
  const shared = { courtyardId: places.courtyard.id, createdBy: people.facilitator.id };
  const opened = { closed: atClock(now, 19, "09:00"), open: atClock(now, 1, "18:00") };
  const closedAt = atClock(now, 16, "20:00");
  const options = openVote.options.map((label) => ({ id: random.id(), label }));
  const closed: DemoProposal = {
    ...shared,
    id: random.id(),
    title: closedVote.title,
    body: closedVote.body,
    kind: "yes-no-abstain",
    options: [
      { id: "yes", label: "赞同" },
      { id: "no", label: "反对" },
      { id: "abstain", label: "弃权" },
    ],
    state: "revealed",
    createdAt: atClock(now, 21, "15:30"),
    openedAt: opened.closed,
    closesAt: closedAt,
    closedAt,
    revealedAt: closedAt + 3 * minute,
    ballots: castBallots(
      random,
      [...voting.slice(0, choices.length - counts.onBehalf), ...phoneless.slice(0, counts.onBehalf)],
      people,
      random.shuffle(choices),
      opened.closed,
      closedAt,
    ),
  };
  const undecided = random.shuffle(voting.filter(({ household }) => household.id !== keepFree));
  const chosen = Array.from({ length: counts.open }, () =>
    random.pickWeighted(options, (option) => optionWeights[options.indexOf(option)] ?? 0),
  );
  const open: DemoProposal = {
    ...shared,
    id: random.id(),
    title: openVote.title,
    body: openVote.body,
    kind: "options",
    options,
    state: "open",
    createdAt: atClock(now, 2, "16:10"),
    openedAt: opened.open,
    closesAt: atClock(now, -2, "20:00"),
    closedAt: null,
    revealedAt: null,
    ballots: castBallots(
      random,
      undecided.slice(0, counts.open),
      people,
      chosen.map(({ id }) => id),
      opened.open,
      now,
    ),
  };
  return [closed, open];
}

function castBallots(
  random: Random,
  voters: readonly Home[],
  people: DemoPeople,
  choices: readonly string[],
  from: number,
  to: number,
): DemoBallot[] {
  const ballots = voters.map(({ household }, index): DemoBallot => {
    const own = people.residents.filter(({ householdId }) => householdId === household.id);
    const steward = people.stewards.get(household.buildingId);
    const optionId = choices[index];
    if (optionId === undefined) throw new RangeError("more voters than choices");
    return {
      id: random.id(),
      householdId: household.id,
      optionId,
      castBy: random.pick(own.length > 0 || steward === undefined ? own : [steward]).id,
      castAt: daytimeBetween(random, from, to),
      onBehalf: own.length === 0,
    };
  });
  return ballots.sort((left, right) => left.castAt - right.castAt);
}
