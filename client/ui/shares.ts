/**
 * A share as a tenth of a percent, rounded half up, in integers (INV-9: the same number everywhere).
 * Nothing counted yet is 0, not "not a number".
 */
export function perMille(count: number, total: number): number {
  return total > 0 ? Math.floor((count * 2000 + total) / (2 * total)) : 0;
}

/** "61.2%" from 612; a whole percent has no decimals. */
export function shareText(share: number): string {
  const tenths = share % 10;
  return `${(share - tenths) / 10}${tenths === 0 ? "" : `.${tenths}`}%`;
}

/** How many small doors are drawn, and how many of them are full. */
export interface Doors {
  readonly full: number;
  readonly all: number;
  /** Households one door stands for: more than one when there are too many to draw. */
  readonly each: number;
}

/**
 * One door a household up to `most`; above that each door stands for a round number of them.
 * The last door is full only when everyone has come, the first as soon as one has.
 */
export function doorsOf(cast: number, total: number, most: number): Doors {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  const each = steps.find((step) => total <= most * step) ?? Math.ceil(total / most);
  const all = Math.ceil(total / each);
  if (cast >= total) return { full: all, all, each };
  const full = Math.floor(cast / each);
  return { full: cast > 0 ? Math.max(1, full) : 0, all, each };
}
