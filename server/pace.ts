export interface Pace {
  /**
   * Takes one turn of `key`, if there is one.
   * @returns 0, or the milliseconds until the next turn
   */
  take(key: string, now: number): number;
}

/** Keys remembered at once; those that rest are forgotten first. */
const mostKeys = 20_000;

/**
 * One turn every `every` milliseconds, `burst` at once, for each key: the generic cell rate algorithm
 * (ITU-T I.371), which keeps one number a key. Memory of this node only.
 */
export function createPace({ every, burst }: { every: number; burst: number }): Pace {
  /** When all turns taken so far are paid for. */
  const paidAt = new Map<string, number>();

  const forget = (now: number): void => {
    for (const [key, at] of paidAt) if (at <= now) paidAt.delete(key);
    for (const key of paidAt.keys()) {
      if (paidAt.size < mostKeys) return;
      paidAt.delete(key);
    }
  };

  return {
    take: (key, now) => {
      const at = Math.max(now, paidAt.get(key) ?? 0);
      const wait = at - now - (burst - 1) * every;
      if (wait > 0) return wait;
      if (paidAt.size >= mostKeys && !paidAt.has(key)) forget(now);
      paidAt.set(key, at + every);
      return 0;
    },
  };
}
