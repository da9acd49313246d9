import { readCategoryWord } from "./category-words.ts";
import type { ItemCategory } from "./layout.ts";
import { synonymsOf } from "./synonyms.ts";

/**
 * How a text is said: one entry for each of its characters, each with every reading, lower case, without
 * tones ("行" → ["xing", "hang"], ü as "v"). A character that is not Chinese reads as itself.
 */
export type Readings = readonly (readonly string[])[];
export type PinyinOf = (text: string) => Readings;

/** Characters whose readings are kept: more than anybody's things are called by. */
const keptCharacters = 20_000;

/** Reads texts with what a dictionary says of one Chinese character; other characters read as themselves. */
export function createReader(readingsOf: (character: string) => readonly string[]): PinyinOf {
  const kept = new Map<string, readonly string[]>();
  const read = (character: string): readonly string[] => {
    const known = kept.get(character);
    if (known) return known;
    const readings = /\p{Script=Han}/u.test(character) ? readingsOf(character) : [character];
    if (kept.size < keptCharacters) kept.set(character, readings);
    return readings;
  };
  return (text) => [...text].map(read);
}

/** What is searched: an item as it stands on the board. */
export interface Searchable {
  title: string;
  category: string;
  note: string;
}

/** An item made ready once, so that many queries cost little. */
export interface Prepared {
  title: string;
  note: string;
  category: string;
  /** Asked for only when letters are searched. */
  readings: () => Readings;
}

/** Higher is better; what is not found has none. */
const ranks = {
  wholeTitle: 100,
  titleStart: 80,
  titlePart: 60,
  synonym: 50,
  pinyin: 40,
  category: 30,
  note: 20,
} as const;

/** Full-width letters and digits become plain, case and spaces go: "Ｂosch 电 钻" and "bosch电钻" are one. */
export function foldText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
}

/** Makes an item ready to be searched. Without `pinyinOf` letters find only letters. */
export function prepareItem(item: Searchable, pinyinOf: PinyinOf | null): Prepared {
  const title = foldText(item.title);
  let readings: Readings | null = null;
  return {
    title,
    note: foldText(item.note),
    category: item.category,
    readings: () => {
      readings ??= pinyinOf?.(title) ?? [];
      return readings;
    },
  };
}

/** True when a query holds letters that may be pinyin, so that readings are worth having. */
export function asksPinyin(query: string): boolean {
  return /[a-z]/.test(query.normalize("NFKC").toLowerCase());
}

/**
 * Reads a query and answers how well an item fits it: null, or a rank, higher first. Words parted by spaces
 * must all fit; the weakest of them ranks the item. An empty query fits nothing.
 */
export function createMatcher(query: string): (item: Prepared) => number | null {
  const words = query
    .split(/[\s，、,;；]+/u)
    .map(foldText)
    .filter((word) => word !== "");
  const judges = words.map(judgeOf);
  return (item) => {
    let worst: number | null = null;
    for (const judge of judges) {
      const rank = judge(item);
      if (rank === null) return null;
      worst = worst === null ? rank : Math.min(worst, rank);
    }
    return worst;
  };
}

function judgeOf(word: string): (item: Prepared) => number | null {
  const category: ItemCategory | null = readCategoryWord(word);
  const synonyms = synonymsOf(word);
  const letters = /^[a-z0-9]*[a-z][a-z0-9]*$/.test(word);
  return ({ title, note, category: of, readings }) => {
    if (title === word) return ranks.wholeTitle;
    if (title.startsWith(word)) return ranks.titleStart;
    if (title.includes(word)) return ranks.titlePart;
    if (synonyms.some((other) => title.includes(other))) return ranks.synonym;
    if (letters && fitsPinyin(word, readings())) return ranks.pinyin;
    if (of === category && category !== null) return ranks.category;
    if (note.includes(word)) return ranks.note;
    return null;
  };
}

/**
 * Whether letters spell a run of characters anywhere in a text: whole syllables, first letters, or both mixed
 * ("luosidao", "lsd", "luosd"); the last syllable may be unfinished ("luosid").
 */
export function fitsPinyin(letters: string, readings: Readings): boolean {
  // Where a run of letters cannot go on from a character: a long row of equal syllables has many ways there.
  const deadEnds = new Set<number>();
  const spells = (at: number, char: number): boolean => {
    const rest = letters.length - at;
    const place = char * (letters.length + 1) + at;
    if (deadEnds.has(place)) return false;
    for (const reading of readings[char] ?? []) {
      if (rest <= reading.length && reading.startsWith(letters.slice(at))) return true;
      for (const part of partsOf(reading)) {
        if (letters.startsWith(part, at) && spells(at + part.length, char + 1)) return true;
      }
    }
    deadEnds.add(place);
    return false;
  };
  return letters !== "" && readings.some((_, start) => spells(0, start));
}

/** What of a syllable may be typed before the next one: all of it, or its initial; "zhuo" begins with "z" or "zh". */
function partsOf(reading: string): string[] {
  const parts = [reading, reading.slice(0, 1)];
  if (/^[zcs]h/.test(reading)) parts.push(reading.slice(0, 2));
  return parts.filter((part) => part !== "");
}
