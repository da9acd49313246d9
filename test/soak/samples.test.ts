import { expect, test } from "vitest";
import { mostPerMinute, readSample, type Sample, tooSteep } from "./samples.ts";

const megabyte = 1024 * 1024;
/** Ten minutes of samples: a saw of garbage on top of something that may grow. */
const course = (grows: (minute: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 60 }, (_, step) => ({
    at: step * 10_000,
    rss: 200 * megabyte,
    handles: 40,
    lag: 12,
    heap: (60 + (step % 5) * 9) * megabyte,
    ...grows(step / 6),
  }));

test("a saw of garbage is no leak, and what grows under it is one", () => {
  expect(tooSteep(course(() => ({})))).toEqual([]);
  expect(
    tooSteep(course((minute) => ({ heap: (60 + minute * 3 + ((minute * 6) % 5) * 9) * megabyte }))),
  ).toEqual([expect.stringContaining("heap grows")]);
  expect(tooSteep(course((minute) => ({ handles: 40 + minute * (mostPerMinute.handles + 1) })))).toEqual([
    expect.stringContaining("handles grows"),
  ]);
});

test("a start that takes memory once is no leak", () => {
  expect(tooSteep(course((minute) => ({ rss: Math.min(minute, 4) * 100 * megabyte })))).toEqual([]);
});

test("a page of metrics without one of the numbers is refused", () => {
  expect(() => readSample("yuanba_process_resident_memory_bytes 5", 0)).toThrow("/metrics has no");
});
