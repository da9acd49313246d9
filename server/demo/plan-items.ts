import { atClock, day, daytimeBetween } from "./local-time.ts";
import type { Home } from "./plan-homes.ts";
import type { DemoPeople } from "./plan-people.ts";
import type { DemoPlaces } from "./plan-places.ts";
import type { DemoCategory, DemoItem, DemoSize } from "./plan-types.ts";
import type { Random } from "./random.ts";
import type { ItemWord } from "./words/item-word.ts";
import { itemWords } from "./words/items.ts";
import { commonNotes } from "./words/notes.ts";

/** How many things hang on the wall altogether. */
export const itemCounts: Record<DemoSize, number> = { courtyard: 800, compound: 9_000 };

/** The most things one household lists. */
const fullestCell = 20;
/** Of a hundred things, those hung up in the last seven days. */
const freshShare = 0.08;

/** What a yard lends when nobody has a passion: more screwdrivers than telescopes. */
const usualShares: Record<DemoCategory, number> = {
  tools: 17,
  kitchen: 15,
  other: 13,
  toys: 12,
  books: 11,
  appliances: 11,
  sports: 8,
  digital: 6,
  garden: 8,
};

type Word = ItemWord & { category: DemoCategory };

const words: Record<DemoCategory, readonly ItemWord[]> = itemWords;
const categories = Object.keys(usualShares) as DemoCategory[];
const everyWord: readonly Word[] = categories.flatMap((category) =>
  words[category].map((word) => ({ ...word, category })),
);

/** Things that must be in a cell because the chat speaks of them: titles by household id. */
export type Mentioned = ReadonlyMap<string, ReadonlySet<string>>;

/** Exactly {@link itemCounts} things, 1 to 20 in each lending home, no title twice in one cell. */
export function planItems(
  random: Random,
  size: DemoSize,
  now: number,
  places: DemoPlaces,
  homes: readonly Home[],
  people: DemoPeople,
  mentioned: Mentioned,
): DemoItem[] {
  const lending = homes.filter(({ lends }) => lends);
  const atLeast = lending.map(({ household }) => mentioned.get(household.id)?.size ?? 1);
  const counts = spread(random, itemCounts[size], atLeast);
  const boardOf = new Map(places.boards.map(({ id, buildingId }) => [buildingId, id]));
  return lending.flatMap((home, index) => {
    const { id: householdId, buildingId } = home.household;
    const boardId = boardOf.get(buildingId) ?? boardOf.get(null);
    const steward = people.stewards.get(buildingId);
    const own = people.residents.filter((resident) => resident.householdId === householdId);
    const writers = own.length > 0 ? own : steward ? [steward] : [];
    if (boardId === undefined) throw new RangeError(`household ${home.household.label} has no board`);
    const must = mentioned.get(householdId) ?? new Set<string>();
    const habits = random.shuffle(commonNotes).slice(0, 3);
    const drawn = drawWords(random, home, counts[index] ?? 0, must).map((word) => {
      const writer = random.pick(writers);
      const joined = writer.joinedAt;
      const item: DemoItem = {
        id: random.id(),
        boardId,
        householdId,
        title: word.title,
        category: word.category,
        note: noteFor(random, word, habits),
        quantity: 1 + Math.floor(random.next() ** 2 * word.most),
        addedAt: must.has(word.title)
          ? daytimeBetween(random, joined, joined + 2 * day)
          : addedAt(random, joined, now),
        addedBy: writer.id,
        onBehalf: own.length === 0,
      };
      return item;
    });
    return drawn.sort((left, right) => left.addedAt - right.addedAt);
  });
}

/** Shares `total` out: everyone gets their least, a few get much, nobody more than a full cell. */
function spread(random: Random, total: number, atLeast: readonly number[]): number[] {
  const counts = [...atLeast];
  const eagerness = counts.map(() => 0.12 + random.next() ** 2);
  for (let left = total - counts.reduce((sum, count) => sum + count, 0); left > 0; ) {
    const index = random.integer(0, counts.length - 1);
    const count = counts[index] ?? fullestCell;
    if (count >= fullestCell || !random.chance(eagerness[index] ?? 0)) continue;
    counts[index] = count + 1;
    left -= 1;
  }
  return counts;
}

function drawWords(random: Random, home: Home, count: number, must: ReadonlySet<string>): Word[] {
  const drawn = everyWord.filter(({ title }) => must.has(title));
  const titles = new Set(must);
  while (drawn.length < count) {
    const category = drawCategory(random, home);
    const word = { ...random.pick(words[category]), category };
    if (titles.has(word.title)) continue;
    titles.add(word.title);
    drawn.push(word);
  }
  return drawn;
}

function drawCategory(random: Random, { profile }: Home): DemoCategory {
  if (random.chance(0.4)) return random.pickWeighted(categories, (category) => usualShares[category]);
  return random.pickWeighted(profile.leans, (category) => (category === profile.leans[0] ? 2 : 1));
}

/** Half the things speak for themselves; the same household tends to write the same remarks. */
function noteFor(random: Random, word: Word, habits: readonly string[]): string {
  if (random.chance(0.5)) return "";
  return random.pick(word.notes.length > 0 && random.chance(0.7) ? word.notes : habits);
}

function addedAt(random: Random, joined: number, now: number): number {
  const weekAgo = atClock(now, 7, "12:00");
  return random.chance(freshShare)
    ? daytimeBetween(random, weekAgo, now)
    : daytimeBetween(random, joined, weekAgo);
}
