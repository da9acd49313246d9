/** What a node says of itself at one moment. */
export interface Sample {
  at: number;
  heap: number;
  rss: number;
  handles: number;
  /** Event-loop delay, 99th percentile, milliseconds. */
  lag: number;
}

/** Reads a sample from the text of `/metrics`. @throws when one of its numbers is missing */
export function readSample(metrics: string, at: number): Sample {
  const value = (name: string): number => {
    const found = new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1];
    if (found === undefined) throw new Error(`/metrics has no ${name}`);
    return Number(found);
  };
  return {
    at,
    heap: value("yuanba_nodejs_heap_size_used_bytes"),
    rss: value("yuanba_process_resident_memory_bytes"),
    handles: value("yuanba_nodejs_active_resources_total"),
    lag: value("yuanba_nodejs_eventloop_lag_p99_seconds") * 1000,
  };
}

/** What a node may take more of in a minute of steady work. */
export const mostPerMinute = { heap: 2 * 1024 * 1024, rss: 8 * 1024 * 1024, handles: 4 };

/**
 * Slopes a minute over the second half of the samples, of what is left after each collection of garbage: the lowest
 * value of every few samples. The first half is for warming up.
 */
export function slopes(samples: readonly Sample[]): Record<keyof typeof mostPerMinute, number> {
  const half = samples.slice(Math.floor(samples.length / 2));
  const width = Math.max(1, Math.floor(half.length / 4));
  const slope = (of: (sample: Sample) => number): number => {
    const lows: { at: number; low: number }[] = [];
    for (let start = 0; start + width <= half.length; start += width) {
      const some = half.slice(start, start + width);
      const low = some.reduce((a, b) => (of(b) < of(a) ? b : a));
      lows.push({ at: low.at, low: of(low) });
    }
    return fittedSlope(lows) * 60_000;
  };
  return {
    heap: slope(({ heap }) => heap),
    rss: slope(({ rss }) => rss),
    handles: slope(({ handles }) => handles),
  };
}

/** Least squares. */
function fittedSlope(points: readonly { at: number; low: number }[]): number {
  const n = points.length;
  if (n < 2) return 0;
  const at = points.reduce((sum, point) => sum + point.at, 0) / n;
  const low = points.reduce((sum, point) => sum + point.low, 0) / n;
  const spread = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  const together = points.reduce((sum, point) => sum + (point.at - at) * (point.low - low), 0);
  return spread === 0 ? 0 : together / spread;
}

/** Which slopes are too steep, in words; empty when the node stays as it is. */
export function tooSteep(samples: readonly Sample[]): string[] {
  const found = slopes(samples);
  return (Object.keys(mostPerMinute) as (keyof typeof mostPerMinute)[])
    .filter((name) => found[name] > mostPerMinute[name])
    .map((name) => `${name} grows by ${Math.round(found[name])} a minute, more than ${mostPerMinute[name]}`);
}
