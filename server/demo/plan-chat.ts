import { atClock, latestDaytime, minute } from "./local-time.ts";
import { castParts, type Stage } from "./plan-casting.ts";
import type { Home } from "./plan-homes.ts";
import type { DemoPeople } from "./plan-people.ts";
import type { DemoPlaces } from "./plan-places.ts";
import type { DemoBuilding, DemoMessage, DemoResident, DemoSize } from "./plan-types.ts";
import type { Random } from "./random.ts";
import { buildingThreads } from "./words/building-threads.ts";
import { courtyardThreads } from "./words/courtyard-threads.ts";
import type { BuildingThread, Thread } from "./words/thread.ts";

/** How many days ago a building talked, at the latest; one conversation each, up to three days earlier. */
const buildingDays: Record<DemoSize, readonly number[]> = { courtyard: [23, 15, 8, 2], compound: [13, 3] };

/** A conversation with its place, time and speakers. */
interface CastThread {
  channelId: string;
  startsAt: number;
  lines: Thread["lines"];
  speakers: ReadonlyMap<string, DemoResident>;
}

export interface CastChat {
  threads: readonly CastThread[];
  /** Titles the chat says a household lends, by household id. */
  mentioned: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Chooses who says what where, before the things are drawn: whoever offers a drill must come to own one. */
export function castChat(
  random: Random,
  size: DemoSize,
  now: number,
  places: DemoPlaces,
  homes: readonly Home[],
  people: DemoPeople,
): CastChat {
  const stage: Stage = {
    people,
    homes: new Map(homes.map((home) => [home.household.id, home])),
    buildings: new Map(places.buildings.map((building) => [building.id, building])),
    mentioned: new Map(),
  };
  const channels = new Map(places.channels.map(({ id, buildingId }) => [buildingId, id]));
  const threads: CastThread[] = [];
  const add = (thread: Pick<Thread, "cast" | "lines">, startsAt: number, building: DemoBuilding | null) => {
    const channelId = channels.get(building?.id ?? null);
    const speakers = castParts(random, stage, thread, building);
    if (channelId === undefined || speakers === null) return false;
    threads.push({ channelId, startsAt, lines: thread.lines, speakers });
    return true;
  };
  for (const thread of courtyardThreads) add(thread, startOf(thread, now), null);
  // In a small yard each conversation happens in one building only; a compound has to begin the pool again.
  let pool = random.shuffle(buildingThreads);
  for (const building of places.buildings) {
    const had = new Set<BuildingThread>();
    for (const days of buildingDays[size]) {
      const daysAgo = days + random.integer(0, 3);
      const takePart = (thread: BuildingThread) =>
        !had.has(thread) && fits(thread, building) && add(thread, atClock(now, daysAgo, thread.at), building);
      let chosen = pool.find(takePart);
      if (chosen === undefined) {
        pool = random.shuffle(buildingThreads);
        chosen = pool.find(takePart);
      }
      if (chosen) had.add(chosen);
      pool = pool.filter((thread) => thread !== chosen);
    }
  }
  return { threads, mentioned: stage.mentioned };
}

/** The messages of the cast conversations, oldest first. `facts` fills the texts, for example `vote.yes`. */
export function writeMessages(
  random: Random,
  chat: CastChat,
  homes: readonly Home[],
  facts: ReadonlyMap<string, string>,
): DemoMessage[] {
  const labels = new Map(homes.map(({ household }) => [household.id, household.label]));
  const messages = chat.threads.flatMap(({ channelId, startsAt, lines, speakers }) => {
    let at = startsAt;
    return lines.map(([letter, gap, text]): DemoMessage => {
      at += gap * minute;
      const filled = text.replace(/\{(\w+)\.(\w+)\}/g, (hole, name: string, field: string) => {
        const named = speakers.get(name);
        const value = field === "name" ? named?.displayName : labels.get(named?.householdId ?? "");
        return facts.get(`${name}.${field}`) ?? value ?? hole;
      });
      const author = speakers.get(letter);
      if (author === undefined) throw new RangeError(`nobody speaks "${text}"`);
      return { id: random.id(), channelId, authorId: author.id, text: filled, at };
    });
  });
  return messages.sort((left, right) => left.at - right.at);
}

function startOf({ day, at }: Thread, now: number): number {
  const ago = /^(\d+) minutes ago$/.exec(at)?.[1];
  return ago === undefined ? atClock(now, day, at) : latestDaytime(now) - Number(ago) * minute;
}

const fits = (thread: BuildingThread, { elevator, floors }: DemoBuilding) =>
  thread.fits === "any" || (thread.fits === "elevator" ? elevator : !elevator && floors > 4);
