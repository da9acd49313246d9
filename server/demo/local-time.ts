import type { Random } from "./random.ts";

export const minute = 60_000;
export const day = 24 * 60 * minute;

/** Chengdu keeps UTC+8 all year. */
const offset = 8 * 60 * minute;

/** When people of the yard write: half past seven to ten in the evening, in minutes of the day. */
const waking = { from: 7 * 60 + 30, to: 22 * 60 } as const;

const startOfDay = (time: number) => Math.floor((time + offset) / day) * day - offset;

/** Minutes since midnight in Chengdu. */
export const minuteOfDay = (time: number): number => Math.floor((time - startOfDay(time)) / minute);

export const isDaytime = (time: number): boolean =>
  minuteOfDay(time) >= waking.from && minuteOfDay(time) <= waking.to;

/** The moment `daysAgo` days before `now` at local time `clock` ("19:05"); negative days lie ahead. */
export function atClock(now: number, daysAgo: number, clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return startOfDay(now) - daysAgo * day + (hours * 60 + minutes) * minute;
}

/** `now` itself by day; at night the last evening at half past nine. */
export function latestDaytime(now: number): number {
  if (isDaytime(now)) return now;
  const evening = atClock(now, 0, "21:30");
  return evening <= now ? evening : evening - day;
}

/**
 * A moment between two others when people are awake; `from` where there is none. Takes one draw whatever the times
 * are, so that what is drawn afterwards does not depend on the clock.
 */
export function daytimeBetween(random: Random, from: number, to: number): number {
  const spans: [number, number][] = [];
  for (let start = startOfDay(from); start < to; start += day) {
    const begin = Math.max(from, start + waking.from * minute);
    const end = Math.min(to, start + waking.to * minute);
    if (begin < end) spans.push([begin, end - begin]);
  }
  let left = Math.floor(random.next() * spans.reduce((sum, [, length]) => sum + length, 0));
  for (const [begin, length] of spans) {
    if (left < length) return begin + left;
    left -= length;
  }
  return from;
}
