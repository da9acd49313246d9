import { asksPinyin, fitsPinyin, foldText, type PinyinOf } from "../../shared/board/search.ts";
import { doorKey, parseDoor } from "../../shared/community/door.ts";

/** Whether somebody, or a door, is what was asked for. */
export interface Finder {
  readonly name: (displayName: string) => boolean;
  /** @param label the whole door, "3-2-501" */
  readonly door: (label: string) => boolean;
}

/** Finds by part of a name, by its pinyin where the dictionary is at hand, and by a door or the beginning of one. */
export function createFinder(query: string, pinyinOf: PinyinOf | null): Finder {
  const word = foldText(query);
  const letters = asksPinyin(query) ? pinyinOf : null;
  const parsed = parseDoor(query);
  const whole = parsed.ok ? doorKey(parsed.door) : null;
  const parts = doorParts(query);
  const isBuilding = /(?:号楼|[栋幢座#])\s*$/u.test(query);
  return {
    name: (displayName) => {
      const name = foldText(displayName);
      return name.includes(word) || (letters !== null && fitsPinyin(word, letters(name)));
    },
    door: (label) => label === whole || fitsDoor(label.split("-"), parts, isBuilding),
  };
}

/** "3栋2单元5", "３－２－5" and "3 2 5" are all 3, 2 and 5. */
const doorParts = (query: string): string[] =>
  query
    .normalize("NFKC")
    .toUpperCase()
    .split(/号楼|单元|[栋幢座#室号\s\p{Dash}/.·]+/u)
    .filter((part) => part !== "");

/** Whether parts name a building, a unit of one, or a door with or without the places before it; the last may be begun. */
function fitsDoor(label: readonly string[], parts: readonly string[], isBuilding: boolean): boolean {
  const [building, unit, door] = [label.at(0) ?? "", label.at(-2) ?? "", label.at(-1) ?? ""];
  const [first, second, third] = parts;
  if (first === undefined) return false;
  if (second === undefined) return isBuilding ? building === first : door.startsWith(first);
  if (third !== undefined) return building === first && unit === second && door.startsWith(third);
  if (unit === first && door.startsWith(second)) return true;
  return building === first && (unit === second || door.startsWith(second));
}
