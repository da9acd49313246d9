import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FreshWords, freshLimits, type WordOrigin } from "../../server/fanout/fresh-words.ts";

const began = 1_800_000_000_000;

describe("words that are taken once", () => {
  const words = (...nodeIds: string[]): WordOrigin[] =>
    nodeIds.flatMap((nodeId) =>
      Array.from({ length: 40 }, (_, at) => ({ nodeId, count: at + 1, at: began + at })),
    );

  it("[FO-35] whatever overtakes what, every word is taken, and taken once", () => {
    const shuffled = fc.shuffledSubarray(words("one", "two"), { minLength: 80 });
    fc.assert(
      fc.property(shuffled, shuffled, (first, again) => {
        const fresh = new FreshWords(() => began);
        expect(first.filter((word) => fresh.takes(word))).toEqual(first);
        expect(again.filter((word) => fresh.takes(word))).toEqual([]);
      }),
    );
  });

  it("[FO-35] a word of another time is not taken, nor again when the clock that was wrong is set", () => {
    let now = began;
    const fresh = new FreshWords(() => now);
    const word = (count: number, at: number) => ({ nodeId: "one", count, at });
    const { wordAge } = freshLimits;
    expect(
      [-wordAge - 1, -wordAge, wordAge, wordAge + 1].map((by, at) => fresh.takes(word(at + 1, now + by))),
    ).toEqual([false, true, true, false]);
    expect(fresh.takes({ nodeId: "one", count: 0, at: now })).toBe(false);
    now += 2 * wordAge;
    expect(fresh.takes({ nodeId: "two", count: 1, at: now })).toBe(true);
    now -= wordAge;
    expect(fresh.takes(word(3, began + wordAge))).toBe(false);
  });

  it("[FO-35 INV-11] who said nothing for long is forgotten, a word too far behind is not taken, and there are only so many senders", () => {
    let now = began;
    const fresh = new FreshWords(() => now);
    const from = (nodeId: string, count = 1) => fresh.takes({ nodeId, count, at: now });
    const { senders, overtaking, wordAge } = freshLimits;
    const taken = Array.from({ length: senders + 1 }, (_, at) => from(`n${at}`));
    expect(taken.filter(Boolean)).toHaveLength(senders);
    expect(from(`n${senders}`)).toBe(false);
    now += 2 * wordAge + 1;
    expect(from(`n${senders}`, overtaking + 9)).toBe(true);
    expect([8, 9, 10].map((count) => from(`n${senders}`, count))).toEqual([false, false, true]);
    expect(from(`n${senders}`, 10 * overtaking)).toBe(true);
    expect(from(`n${senders}`, 9 * overtaking + 1)).toBe(true);
  });
});
