import type { DemoPlaces } from "./plan-places.ts";
import type { DemoHousehold, DemoSize } from "./plan-types.ts";
import type { Random } from "./random.ts";
import { type Profile, profiles } from "./words/names.ts";

/** How many households lend something (113 of 148 in the story), and how many have no phone. */
export const homeCounts: Record<DemoSize, { lending: number; phoneless: number; phonelessLending: number }> =
  {
    courtyard: { lending: 113, phoneless: 12, phonelessLending: 9 },
    compound: { lending: 962, phoneless: 94, phonelessLending: 62 },
  };

/** A household and what it is like. */
export interface Home {
  household: DemoHousehold;
  profile: Profile;
  lends: boolean;
  /** Somebody of it is on the board with a phone. */
  joined: boolean;
  /** The steward of the building lives here. */
  steward: boolean;
}

/** Decides for each household whether it lends, has a phone and takes part; one home a building has the steward. */
export function planHomes(random: Random, size: DemoSize, places: DemoPlaces): Home[] {
  const counts = homeCounts[size];
  const stewardHomes = new Set(
    places.buildings.map(
      ({ id }) => random.pick(places.households.filter((home) => home.buildingId === id)).id,
    ),
  );
  const others = random.shuffle(places.households.filter(({ id }) => !stewardHomes.has(id)));
  const lenders = new Set(others.slice(0, counts.lending - stewardHomes.size).map(({ id }) => id));
  const silent = others.filter(({ id }) => !lenders.has(id));
  const phoneless = new Set([
    ...[...lenders].slice(0, counts.phonelessLending),
    ...silent.slice(0, counts.phoneless - counts.phonelessLending).map(({ id }) => id),
  ]);
  return places.households.map((household) => {
    const steward = stewardHomes.has(household.id);
    const lends = steward || lenders.has(household.id);
    const hasNoPhone = phoneless.has(household.id);
    return {
      household: { ...household, phoneless: hasNoPhone },
      profile: random.pickWeighted(profiles, ({ share }) => share),
      lends,
      joined: !hasNoPhone && (lends || random.chance(0.45)),
      steward,
    };
  });
}
