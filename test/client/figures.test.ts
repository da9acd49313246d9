import fc from "fast-check";
import { expect, test } from "vitest";
import { dayText, isToday, momentText } from "../../client/ui/moment.ts";
import { doorsOf, perMille, shareText } from "../../client/ui/shares.ts";
import { clockText, splitTimeLeft } from "../../client/ui/time-left.ts";

test("[UI-2] a share is rounded half up to a tenth of a percent, in integers", () => {
  expect(shareText(perMille(52, 85))).toBe("61.2%");
  expect(shareText(perMille(1, 2000))).toBe("0.1%");
  expect(shareText(perMille(1, 2001))).toBe("0%");
  expect(shareText(perMille(1, 2))).toBe("50%");
  expect(shareText(perMille(0, 0))).toBe("0%");
});

test("[UI-3] the row of doors is full only when all have voted, and not empty once one has", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (total, part) => {
        const cast = Math.floor(total * part);
        const doors = doorsOf(cast, total, 200);
        expect(doors.all).toBeLessThanOrEqual(200);
        expect(doors.full === doors.all).toBe(cast === total);
        expect(doors.full === 0).toBe(cast === 0);
      },
    ),
  );
});

test("[UI-3] up to two hundred households each have a door of their own in the row", () => {
  expect(doorsOf(63, 148, 200)).toEqual({ full: 63, all: 148, each: 1 });
  expect(doorsOf(63, 1260, 200)).toEqual({ full: 6, all: 126, each: 10 });
  expect(doorsOf(1, 1260, 200).full).toBe(1);
  expect(doorsOf(1259, 1260, 200).full).toBe(125);
});

test("[UI-4] a started second still counts, and only nothing left is over", () => {
  expect(splitTimeLeft(1)).toMatchObject({ seconds: 1, phase: "last" });
  expect(splitTimeLeft(0).phase).toBe("over");
  expect(splitTimeLeft(-5).phase).toBe("over");
  expect(splitTimeLeft(60_000).phase).toBe("last");
  expect(splitTimeLeft(60_001).phase).toBe("today");
  expect(splitTimeLeft(86_400_000)).toMatchObject({ days: 1, hours: 0, phase: "long" });
});

test("[UI-4] the clock shows hours only when there are some", () => {
  expect(clockText(splitTimeLeft(134_000))).toBe("02:14");
  expect(clockText(splitTimeLeft(2 * 3_600_000 + 5 * 60_000 + 9_000))).toBe("2:05:09");
});

test("[UI-29] a moment is said by the clock of 24 hours, and with its day unless it is today's", () => {
  const evening = new Date(2026, 2, 5, 20, 0).getTime();
  const midnight = new Date(2026, 2, 5, 0, 7).getTime();
  const later = new Date(2026, 2, 21, 10, 0).getTime();
  for (const language of ["zh-CN", "en"]) {
    expect(momentText(evening, midnight, language)).toBe("20:00");
    expect(momentText(midnight, evening, language)).toBe("00:07");
  }
  expect(momentText(evening, later, "zh-CN")).toBe("3月5日 20:00");
  expect(momentText(evening, later, "en")).toBe("5 March, 20:00");
  expect(momentText(evening, new Date(2027, 2, 5, 20, 0).getTime(), "zh-CN")).toBe("2026年3月5日 20:00");
  expect(momentText(midnight, new Date(2027, 2, 5).getTime(), "en")).toBe("5 March 2026, 00:07");
  expect(dayText(evening, later, "zh-CN")).toBe("3月5日");
  expect(dayText(evening, new Date(2027, 2, 5).getTime(), "en")).toBe("5 March 2026");
  // Two minutes and a midnight apart.
  expect(isToday(new Date(2026, 2, 5, 23, 59).getTime(), new Date(2026, 2, 6, 0, 1).getTime())).toBe(false);
});
