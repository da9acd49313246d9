const LARGEST = 3;
const STEP = 0.05;
/** Less than this factor over the whole range is no growth but noise. */
const NO_GROWTH = 1.25;

/** Relative error (root of the mean square) that a curve may have and still tell what was measured. */
const TOLERATED = 0.1;

/**
 * The smallest p with which a curve a + b·xᵖ (a, b ≥ 0) tells the points, within a tenth or as well as any. A fixed
 * share a is fitted too: without it, what is flat for small x and steep for large x would pass for moderate.
 * @param points x and y; points without a finite y are left out
 * @returns 0 where nothing grows; NaN with less than two points
 */
export function fittedPower(points: readonly (readonly [x: number, y: number])[]): number {
  const known = points.filter(([, y]) => Number.isFinite(y) && y > 0);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || known.length < 2) return Number.NaN;
  if (last[1] <= first[1] * NO_GROWTH) return 0;
  const fits: { power: number; error: number }[] = [];
  for (let step = 1; step * STEP <= LARGEST + STEP / 2; step++) {
    const power = Math.round(step * STEP * 100) / 100;
    fits.push({ power, error: errorOf(known, power) });
  }
  const least = Math.min(...fits.map(({ error }) => error));
  return fits.find(({ error }) => error <= Math.max(TOLERATED, least * 1.05))?.power ?? Number.NaN;
}

/** Relative error of the best a and b for this power. */
function errorOf(points: readonly (readonly [number, number])[], power: number): number {
  const scale = Math.max(...points.map(([x]) => x)) ** power;
  // Divided by y, the equation is a·(1/y) + b·(xᵖ/y) = 1.
  const rows = points.map(([x, y]) => ({ one: 1 / y, grown: x ** power / scale / y }));
  const sum = (of: (row: { one: number; grown: number }) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  const oneOne = sum(({ one }) => one * one);
  const oneGrown = sum(({ one, grown }) => one * grown);
  const grownGrown = sum(({ grown }) => grown * grown);
  const ones = sum(({ one }) => one);
  const growns = sum(({ grown }) => grown);
  const determinant = oneOne * grownGrown - oneGrown * oneGrown;
  let a = (ones * grownGrown - growns * oneGrown) / determinant;
  let b = (oneOne * growns - oneGrown * ones) / determinant;
  if (!(a >= 0)) [a, b] = [0, growns / grownGrown];
  else if (!(b >= 0)) [a, b] = [ones / oneOne, 0];
  return Math.sqrt(sum(({ one, grown }) => (a * one + b * grown - 1) ** 2) / points.length);
}
