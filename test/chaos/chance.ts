/** Chance that a seed repeats: mulberry32. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
  pick<T>(choices: readonly T[]): T;
  shuffle<T>(choices: readonly T[]): T[];
}

/** @param seed a whole number; the same one gives the same chance */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    percent: (share) => next() * 100 < share,
    pick: (choices) => {
      if (choices.length === 0) throw new Error("nothing to pick from");
      return choices[between(0, choices.length - 1)] as (typeof choices)[number];
    },
    shuffle: (choices) => {
      const dealt = [...choices];
      for (let at = dealt.length - 1; at > 0; at--) {
        const other = between(0, at);
        [dealt[at], dealt[other]] = [dealt[other], dealt[at]] as [never, never];
      }
      return dealt;
    },
  };
}
