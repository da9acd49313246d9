import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import { isOrderKey } from "./model.ts";

/** Where a row is put: its own new key, and new keys for neighbours whose keys left no room. */
export type Placement = { order: string; rekeyed: Map<string, string> };

/**
 * A key that puts a row before `beforeId` (null: at the end) among `rows`, which are in their order and
 * do not contain the row itself. Two phones may have written equal keys, and other tools broken ones;
 * then all rows get fresh keys.
 */
export function placeBefore(rows: { id: string; order: string }[], beforeId: string | null): Placement {
  const at = beforeId === null ? -1 : rows.findIndex((row) => row.id === beforeId);
  const index = at < 0 ? rows.length : at;
  const key = keyBetween(rows[index - 1]?.order ?? null, rows[index]?.order ?? null);
  if (key !== null) return { order: key, rekeyed: new Map() };

  const keys = generateNKeysBetween(null, null, rows.length + 1);
  const order = keys[index] ?? "a0";
  keys.splice(index, 1);
  return { order, rekeyed: new Map(rows.map((row, i) => [row.id, keys[i] ?? "a0"])) };
}

function keyBetween(left: string | null, right: string | null): string | null {
  if (left !== null && right !== null && left >= right) return null;
  try {
    const key = generateKeyBetween(left, right);
    const between = (left === null || left < key) && (right === null || key < right);
    return between && isOrderKey(key) ? key : null;
  } catch {
    return null;
  }
}
