import type { Home } from "./plan-homes.ts";
import type { DemoPeople } from "./plan-people.ts";
import type { DemoBuilding, DemoResident } from "./plan-types.ts";
import type { Random } from "./random.ts";
import type { Part, Thread } from "./words/thread.ts";

/** Nobody has to own everything the chat asks for. */
const mostMentioned = 3;

/** Who could speak, and what the conversations cast so far demand of whom. */
export interface Stage {
  people: DemoPeople;
  homes: ReadonlyMap<string, Home>;
  buildings: ReadonlyMap<string, DemoBuilding>;
  /** Titles a household must come to lend, by household id; casting adds to it. */
  mentioned: Map<string, Set<string>>;
}

/**
 * A speaker for each letter of a conversation, all from different homes; null when nobody around fits a part.
 * `building` null means the whole courtyard.
 */
export function castParts(
  random: Random,
  stage: Stage,
  { cast, lines }: Pick<Thread, "cast" | "lines">,
  building: DemoBuilding | null,
): Map<string, DemoResident> | null {
  const letters = [...new Set([...Object.keys(cast), ...lines.map(([letter]) => letter)])];
  const parts = letters.map((letter): [string, Part] => [letter, cast[letter] ?? {}]);
  const speakers = new Map<string, DemoResident>();
  const homesTaken = new Set<string | null>();
  // The hardest parts first, so that an easy one does not take the only person fit for them.
  for (const [letter, part] of parts.sort(([, left], [, right]) => demands(right) - demands(left))) {
    const candidates =
      part.role === undefined
        ? stage.people.residents.filter((resident) => isFit(stage, part, resident, building))
        : holdersOf(stage.people, part.role, building);
    const free = candidates.filter(({ householdId }) => householdId === null || !homesTaken.has(householdId));
    if (free.length === 0) return null;
    const speaker = random.pick(free);
    speakers.set(letter, speaker);
    homesTaken.add(speaker.householdId);
  }
  for (const [letter, { has }] of parts) {
    const home = speakers.get(letter)?.householdId;
    if (has === undefined || !home) continue;
    stage.mentioned.set(home, (stage.mentioned.get(home) ?? new Set<string>()).add(has));
  }
  return speakers;
}

const demands = ({ role, has, who, floor }: Part) =>
  (role ? 8 : 0) + (has ? 4 : 0) + (floor ? 2 : 0) + (who ? 1 : 0);

function isFit(stage: Stage, part: Part, resident: DemoResident, within: DemoBuilding | null): boolean {
  const home = stage.homes.get(resident.householdId ?? "");
  if (home === undefined || resident.status !== "confirmed") return false;
  if (resident.id === stage.people.facilitator.id) return false;
  const { buildingId, floor, id } = home.household;
  if (within !== null && within.id !== buildingId) return false;
  if (part.floor === "first" && floor !== 1) return false;
  if (part.floor === "top" && floor !== stage.buildings.get(buildingId)?.floors) return false;
  if (part.has && !(home.lends && (stage.mentioned.get(id)?.size ?? 0) < mostMentioned)) return false;
  const isParent = /(妈妈|爸爸)$/.test(resident.displayName);
  const isElder = /(爷爷|奶奶|外婆|家公|外公|婆婆)$/.test(resident.displayName);
  return part.who === undefined || { parent: isParent, elder: isElder, grown: !isElder }[part.who];
}

function holdersOf(
  people: DemoPeople,
  role: NonNullable<Part["role"]>,
  within: DemoBuilding | null,
): DemoResident[] {
  if (role !== "steward") return [role === "social-worker" ? people.socialWorker : people[role]];
  const steward = people.stewards.get(within?.id ?? "");
  return steward ? [steward] : [...people.stewards.values()];
}
