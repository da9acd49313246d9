import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gridOf, labelsThatFit, pagesOf, roomOf } from "../../client/kiosk/label-fit.ts";
import { linesOf, noticePages } from "../../client/kiosk/notice-pages.ts";
import {
  bandPlace,
  clockText,
  dateText,
  isNight,
  mayReload,
  nudge,
  pictureAge,
  reloadReason,
} from "../../client/kiosk/screen-care.ts";
import { unitLayout, unitPageCount, unitPages } from "../../client/kiosk/unit-pages.ts";
import { emptyWall, type WallState } from "../../client/kiosk/wall-state.ts";
import type { WallVote } from "../../shared/kiosk/model.ts";

const minute = 60_000;
const hour = 60 * minute;
/** 2027-01-15 08:00 in Chengdu. */
const morning = Date.UTC(2027, 0, 15, 0, 0);

describe("the care of a screen nobody looks after", () => {
  test("[KI-29] nothing stays in one place: the band wanders and the picture moves a little every minute", () => {
    const places = new Set<string>();
    const steps = new Set<string>();
    for (let at = 0; at < 60; at++) {
      const { edge, qr } = bandPlace(morning + at * minute);
      places.add(`${edge} ${qr}`);
      const { x, y } = nudge(morning + at * minute);
      steps.add(`${x} ${y}`);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(6);
    }
    expect(places.size).toBe(4);
    expect(steps.size).toBeGreaterThan(20);
  });

  test("[KI-30] it is dim from 21 to 7 in the courtyard's own time, whatever the box thinks", () => {
    expect(clockText(morning, "zh-CN")).toBe("08:00");
    expect(dateText(morning, "zh-CN")).toBe("1月15日星期五");
    expect(dateText(morning, "en")).toBe("Friday, January\u00a015");
    const hours = Array.from({ length: 24 }, (_, at) => isNight(morning + (at - 8) * hour));
    expect(hours).toEqual(Array.from({ length: 24 }, (_, at) => at >= 21 || at < 7));
  });

  test("[KI-28] the age of the picture is said from five seconds after the break, by the server's clock", () => {
    const heardAt = morning - 3 * minute;
    const state: WallState = { ...emptyWall, brokenAt: 1_000_000, heardAt, clockOffset: morning - 1_010_000 };
    expect(pictureAge(state, 1_004_999)).toBeNull();
    expect(pictureAge(state, 1_010_000)).toEqual({ minutes: 3, from: heardAt });
    expect(pictureAge({ ...state, brokenAt: null }, 1_010_000)).toBeNull();
  });

  test("[KI-31] a new version is loaded, but never in the last half minute of a vote", () => {
    const state: WallState = { ...emptyWall, status: "online", build: "b" };
    const page = { build: "a", loadedAt: morning };
    expect(reloadReason(state, page, morning + 1)).toBe("version");
    expect(reloadReason({ ...state, build: "a" }, page, morning + 1)).toBeNull();
    expect(reloadReason({ ...state, status: "offline" }, page, morning + 1)).toBeNull();
    expect(reloadReason({ ...state, status: "too-old" }, page, morning + 1)).toBe("version");
    const vote = { state: "open", closesAt: morning + 60_000 } as WallVote;
    const voting = { ...state, view: { votes: [vote] } } as unknown as WallState;
    expect(mayReload(voting, morning)).toBe(true);
    expect(mayReload(voting, morning + 30_001)).toBe(false);
    expect(mayReload(voting, morning + 64_999)).toBe(false);
    expect(mayReload(voting, morning + 65_000)).toBe(true);
  });

  test("[KI-31] once a night the page is opened anew, and not again the same night", () => {
    const state: WallState = { ...emptyWall, status: "online", build: "a" };
    const four = morning + 20 * hour;
    expect(reloadReason(state, { build: "a", loadedAt: morning }, four)).toBe("night");
    expect(reloadReason(state, { build: "a", loadedAt: four - minute }, four)).toBeNull();
    expect(reloadReason(state, { build: "a", loadedAt: morning }, four - minute)).toBeNull();
  });
});

describe("what has room on the wall", () => {
  test("[KI-32] pages of a unit are evenly filled and lose no door", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (count) => {
        const all = Array.from({ length: count }, (_, index) => index);
        const pages = pagesOf(all, 8);
        expect(pages.flat()).toEqual(all);
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(8);
      }),
    );
    expect(pagesOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 8).map((page) => page.length)).toEqual([6, 6]);
  });

  test("[KI-32] a floor stays on one page and in one row, as on the house front", () => {
    const house = (floors: number, perFloor: number) =>
      Array.from({ length: floors * perFloor }, (_, index) => ({
        door: `${Math.floor(index / perFloor) + 1}0${(index % perFloor) + 1}`,
      }));
    const numbers = (page: { door: string }[] | undefined) => page?.map(({ door }) => door).join(" ");
    const [top, bottom] = unitPages(house(6, 2));
    expect([numbers(top), numbers(bottom)]).toEqual(["601 602 501 502 401 402", "301 302 201 202 101 102"]);
    expect(unitLayout(top ?? [], false)).toEqual({
      grid: { columns: 2, rows: 3 },
      columns: [1, 2, 1, 2, 1, 2],
    });
    // Eight doors in four rows would leave one line for the labels: two floors lie side by side.
    expect(unitLayout(house(4, 2), false).grid).toEqual({ columns: 4, rows: 2 });
    expect(unitPages(house(6, 3)).map((page) => page.length)).toEqual([6, 6, 6]);
    expect(unitPages(house(3, 5)).map(numbers)).toEqual(
      [3, 2, 1].map((floor) => [1, 2, 3, 4, 5].map((door) => `${floor}0${door}`).join(" ")),
    );
    // A floor with a door less does not pull the next one up.
    const shop = ["302", "301", "201", "102", "101"].map((door) => ({ door }));
    expect(unitLayout(unitPages(shop)[0] ?? [], true).columns).toEqual([1, 2, 1, 1, 2]);
    // Villas have no floors: they follow each other.
    expect(
      unitLayout(
        ["1", "2", "3"].map((door) => ({ door })),
        false,
      ).columns,
    ).toBeNull();
  });

  test("[KI-32] whatever the house, its pages lose no door, hold at most eight, and are as many as announced", () => {
    const houses = fc.array(
      fc.record({ floor: fc.integer({ min: 0, max: 34 }), door: fc.integer({ min: 1, max: 12 }) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(houses, fc.boolean(), (made, upright) => {
        const names = new Set(
          made.map(({ floor, door }) => (floor === 0 ? `${door}` : `${floor * 100 + door}`)),
        );
        const doors = [...names].map((door) => ({ door }));
        const pages = unitPages(doors);
        expect(pages.length).toBe(unitPageCount(doors));
        expect(new Set(pages.flat().map(({ door }) => door))).toEqual(names);
        for (const page of pages) {
          expect(page.length).toBeLessThanOrEqual(8);
          const { grid, columns } = unitLayout(page, upright);
          expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(page.length);
          expect(Math.max(1, ...(columns ?? []))).toBeLessThanOrEqual(grid.columns);
        }
      }),
    );
  });

  test("[KI-32] labels that fit are shown from the first, and where some are left over their number has room too", () => {
    const label = fc.record({
      title: fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom("梯", "a", "机") }),
      category: fc.constant("tools"),
      quantity: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        (labels, doors, upright) => {
          const room = roomOf(gridOf(doors, upright), upright);
          const count = labelsThatFit(labels, room);
          expect(count).toBeLessThanOrEqual(labels.length);
          // A label is never wider than the cell: as many as there are lines always fit.
          expect(count).toBeGreaterThanOrEqual(Math.min(labels.length, room.lines - 1));
        },
      ),
    );
    const short = { title: "梯子", category: "tools", quantity: 1 };
    expect(labelsThatFit(Array(60).fill(short), { width: 10, lines: 4 })).toBeLessThan(8);
    expect(labelsThatFit([short, short], { width: 10, lines: 4 })).toBe(2);
  });

  test("[KI-33] a notice is cut into pages behind sentences and paragraphs, and nothing of it is lost", () => {
    const line = fc.array(fc.constantFrom("周", "六。", "停水！", "a", " "), { maxLength: 400 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const text = lines.map((parts) => parts.join("")).join("\n");
        const pages = noticePages(text);
        const bare = (all: string) => all.replace(/\s/g, "");
        expect(bare(pages.join(""))).toBe(bare(text));
        for (const page of pages) expect(linesOf(page, 28)).toBeLessThanOrEqual(11);
      }),
      { numRuns: 60 },
    );
    expect(noticePages("一。\n二。")).toEqual(["一。\n二。"]);
    expect(noticePages("")).toEqual([]);
  });
});
