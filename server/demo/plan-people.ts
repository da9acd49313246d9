import { atClock, day, daytimeBetween } from "./local-time.ts";
import type { Home } from "./plan-homes.ts";
import type { DemoPlaces } from "./plan-places.ts";
import type { DemoGrant, DemoHousehold, DemoResident } from "./plan-types.ts";
import type { Random } from "./random.ts";
import { kin, officeNames, petNames } from "./words/names.ts";

/** The board was hung up ten weeks ago; whoever takes part joined in the first five. */
const launchDaysAgo = 70;
const settledDaysAgo = 35;

export interface DemoPeople {
  residents: DemoResident[];
  grants: DemoGrant[];
  /** The steward of each building, by building id. */
  stewards: Map<string, DemoResident>;
  facilitator: DemoResident;
  officer: DemoResident;
  organisation: DemoResident;
  socialWorker: DemoResident;
}

const numerals = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** "三楼", "十一楼". */
const floorInWords = (floor: number) =>
  `${floor >= 20 ? numerals[Math.floor(floor / 10)] : ""}${floor >= 10 ? "十" : ""}${numerals[floor % 10]}楼`;

/** Names nobody goes by yet come first. */
const unusedFirst = (random: Random, names: readonly string[], taken: ReadonlySet<string>) =>
  random.shuffle(names).sort((left, right) => Number(taken.has(left)) - Number(taken.has(right)));

/** The names one household's people would go by; those called after a child all name the same child. */
function calledNames(random: Random, home: Home, people: number, taken: Set<string>): string[] {
  if (home.profile.names.length === 0) {
    const [child = ""] = unusedFirst(random, petNames, taken);
    taken.add(child);
    return random
      .shuffle(kin)
      .slice(0, people)
      .map((relation) => child + relation);
  }
  const [first = "", ...others] = unusedFirst(random, home.profile.names, taken);
  const partner = `${first.replace(/的$/, "")}那家的`;
  return [first, ...(random.chance(0.5) ? [partner, ...others] : others)].slice(0, people);
}

/** The shortest form of a name that nobody around has yet: "钓鱼哥", "三楼钓鱼哥", "2 栋三楼钓鱼哥". */
function tellApart(random: Random, called: string, home: DemoHousehold, taken: Set<string>): string {
  const withFloor = `${floorInWords(home.floor)}${called}`;
  const building = `${home.label.split("-")[0]} 栋`;
  const forms = random.chance(0.2) ? [withFloor, called] : [called, withFloor];
  const name = [...forms, `${building}${withFloor}`].find((form) => !taken.has(form));
  taken.add(called);
  taken.add(name ?? "");
  return name ?? `${home.label} ${called}`;
}

/** Residents of the homes that take part, and the people of the office and the linkage with their roles. */
export function planPeople(
  random: Random,
  now: number,
  places: DemoPlaces,
  homes: readonly Home[],
): DemoPeople {
  const launch = atClock(now, launchDaysAgo, "09:00");
  const settled = atClock(now, settledDaysAgo, "21:00");
  const taken = new Set<string>();
  const people: Omit<DemoPeople, "residents" | "grants" | "stewards"> = {
    facilitator: person(random, launch, officeNames.facilitator, homeOfFacilitator(random, homes)),
    officer: person(random, launch, officeNames.officer, null),
    organisation: person(random, launch, officeNames.organisation, null),
    socialWorker: person(random, launch, officeNames["social-worker"], null),
  };
  const residents = Object.values(people);
  const grants: DemoGrant[] = [];
  const stewards = new Map<string, DemoResident>();
  const grant = (role: DemoGrant["role"], { id }: DemoResident, buildingId: string | null = null) =>
    grants.push({ id: random.id(), residentId: id, role, courtyardId: places.courtyard.id, buildingId });
  grants.push({
    id: random.id(),
    residentId: people.officer.id,
    role: "officer",
    courtyardId: null,
    buildingId: null,
  });
  grant("facilitator", people.facilitator);
  grant("organisation", people.organisation);
  grant("social-worker", people.socialWorker);
  for (const home of homes.filter(({ joined }) => joined)) {
    const { household } = home;
    const count = random.pickWeighted([1, 2, 3], (size) => [0, 55, 33, 12][size] ?? 0);
    const names = calledNames(random, home, count, taken).map((name) =>
      tellApart(random, name, household, taken),
    );
    for (const [index, name] of names.entries()) {
      const resident = person(random, daytimeBetween(random, launch, settled), name, household.id);
      residents.push(resident);
      if (index > 0 || !home.steward) continue;
      resident.joinedAt = launch;
      stewards.set(household.buildingId, resident);
      grant("steward", resident, household.buildingId);
    }
  }
  residents.push(...planNewcomers(random, now, homes, taken));
  return { ...people, residents, grants, stewards };
}

/** A few who opened their slip in the last days and wait for the steward. */
function planNewcomers(
  random: Random,
  now: number,
  homes: readonly Home[],
  taken: Set<string>,
): DemoResident[] {
  const silent = homes.filter(({ joined, lends, household }) => !joined && !lends && !household.phoneless);
  return random
    .shuffle(silent)
    .slice(0, 3)
    .map((home) => {
      const name = calledNames(random, home, 1, taken).join("");
      const joinedAt = daytimeBetween(random, now - 3 * day, now);
      const display = tellApart(random, name, home.household, taken);
      return { ...person(random, joinedAt, display, home.household.id), status: "joined" };
    });
}

const homeOfFacilitator = (random: Random, homes: readonly Home[]) =>
  random.pick(homes.filter(({ joined, lends, steward }) => joined && lends && !steward)).household.id;

const person = (
  random: Random,
  joinedAt: number,
  displayName: string,
  householdId: string | null,
): DemoResident => ({ id: random.id(), householdId, displayName, status: "confirmed", joinedAt });
