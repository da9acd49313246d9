/** A pseudo-random sequence of [0, 1) that is the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Turn {
  /** ms after the start. */
  at: number;
  writer: number;
}

/**
 * When each writer acts: `perSecond` times a second, at a random moment of each of its slots. Even gaps would meet
 * a server's own clock always or never; these are the same for every server in a round.
 */
export function scheduleOf(writers: number, perSecond: number, seconds: number, seed: number): Turn[] {
  const random = randomFrom(seed);
  const turns: Turn[] = [];
  for (let writer = 0; writer < writers; writer++) {
    // Of writers who act less than once, as many act as make up the rate.
    const count = Math.floor(perSecond * seconds + random());
    const slot = (seconds * 1000) / count;
    for (let index = 0; index < count; index++) turns.push({ at: (index + random()) * slot, writer });
  }
  return turns.sort((a, b) => a.at - b.at);
}
