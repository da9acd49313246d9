import type { Door } from "./door.ts";

/**
 * Order of names with numbers in them as people expect it: 2 before 10, 3 before 3A, numbers before letters before
 * Chinese names. The same on every machine, which `localeCompare` is not.
 */
export function compareNames(left: string, right: string): number {
  const lefts = left.match(/\d+|\D/g) ?? [];
  const rights = right.match(/\d+|\D/g) ?? [];
  for (let index = 0; index < Math.min(lefts.length, rights.length); index += 1) {
    const difference = compareChunks(lefts[index] ?? "", rights[index] ?? "");
    if (difference !== 0) return difference;
  }
  return lefts.length - rights.length;
}

function compareChunks(left: string, right: string): number {
  const bothNumbers = /^\d/.test(left) && /^\d/.test(right);
  if (bothNumbers && Number(left) !== Number(right)) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** By building, then unit, then door, each in the order of {@link compareNames}. */
export const compareDoors = (left: Door, right: Door): number =>
  compareNames(left.building, right.building) ||
  compareNames(left.unit, right.unit) ||
  compareNames(left.door, right.door);
