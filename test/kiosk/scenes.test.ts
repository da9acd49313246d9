import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  advance,
  firstShow,
  keyOf,
  type Scene,
  type Show,
  sceneTimes,
  unitToRead,
} from "../../client/kiosk/scenes.ts";
import { emptyWall, type WallState } from "../../client/kiosk/wall-state.ts";
import type { WallVote } from "../../shared/kiosk/model.ts";

const start = 1_800_000_000_000;
const minute = 60_000;
const day = 24 * 60 * minute;

const vote = (proposalId: string, more: Partial<WallVote> = {}): WallVote => ({
  proposalId,
  round: 1,
  question: "花台边弄啥子",
  kind: "yes-no-abstain",
  options: [],
  state: "open",
  openedAt: start - day,
  closesAt: start + 10 * day,
  closedAt: null,
  revealedAt: null,
  turnout: { voted: 0, total: 148 },
  result: null,
  ...more,
});

/** A wall of `units` units with `doors` doors each, all at hand unless named in `missing`. */
function wallOf(units: number, doors: number, more: Partial<NonNullable<WallState["view"]>> = {}): WallState {
  const ids = Array.from({ length: units }, (_, index) => `unit-${index}`);
  return {
    ...emptyWall,
    status: "online",
    holder: "kiosk",
    view: {
      courtyard: "晋院 26 号",
      joinUrl: null,
      buildings: [
        {
          buildingId: "building-1",
          name: "1",
          units: ids.map((unitId) => ({ unitId, name: unitId, doors, things: 5 })),
        },
      ],
      fresh: [],
      freshCount: 0,
      notices: [],
      votes: [],
      ...more,
    },
    units: Object.fromEntries(ids.map((unitId) => [unitId, []])),
  };
}

/** The scenes of the next `count` turns, and the show after them. */
function play(wall: WallState, count: number, from: Show = firstShow, at = start) {
  const scenes: Scene[] = [];
  let show = from;
  let now = at;
  for (let turn = 0; turn < count; turn++) {
    show = advance(show, wall, now);
    scenes.push(show.scene);
    now = show.until;
  }
  return { scenes, show, now };
}
const keys = (scenes: Scene[]) => scenes.map(keyOf);

describe("what the wall shows", () => {
  test("[KI-20] it walks through every page of every unit, and after three of them shows something else", () => {
    const fresh = [{ title: "烤箱", category: "appliances", building: "1", unit: "2", addedAt: start }];
    const notices = [{ boardId: "board-1", building: null, text: "周六停水" }];
    const wall = wallOf(4, 12, { fresh, freshCount: 1, notices });
    expect(keys(play(wall, 11).scenes)).toEqual([
      "unit unit-0 0",
      "unit unit-0 1",
      "unit unit-1 0",
      "fresh 0",
      "unit unit-1 1",
      "unit unit-2 0",
      "unit unit-2 1",
      "notice board-1 0",
      "unit unit-3 0",
      "unit unit-3 1",
      "unit unit-0 0",
    ]);
  });

  test("[KI-20] a scene stays its time and not longer", () => {
    const wall = wallOf(3, 4);
    const show = advance(firstShow, wall, start);
    expect(advance(show, wall, start + sceneTimes.unit - 1)).toBe(show);
    expect(keyOf(advance(show, wall, start + sceneTimes.unit).scene)).toBe("unit unit-1 0");
  });

  test("[KI-20] units with nothing to lend, or not at hand, are passed over", () => {
    const wall = wallOf(3, 4);
    const [building] = wall.view?.buildings ?? [];
    if (building?.units[1]) building.units[1].things = 0;
    expect(keys(play(wall, 3).scenes)).toEqual(["unit unit-0 0", "unit unit-2 0", "unit unit-0 0"]);
    const away = { ...wall, units: { "unit-2": [] } };
    expect(keys(play(away, 2).scenes)).toEqual(["unit unit-2 0", "unit unit-2 0"]);
    expect(unitToRead(firstShow, away)).toBe("unit-0");
  });

  test("[KI-20] the unit to be read next is the one whose turn comes", () => {
    const wall = wallOf(3, 12);
    const first = advance(firstShow, wall, start);
    expect(unitToRead(first, wall)).toBe("unit-0");
    const second = advance(first, wall, first.until);
    expect(unitToRead(second, wall)).toBe("unit-1");
  });

  test("[KI-21] an empty board is an invitation", () => {
    expect(keys(play(wallOf(0, 0), 2).scenes)).toEqual(["welcome", "welcome"]);
  });

  test("[KI-22] a vote that closes soon, was just opened or is called for the last time has the screen to itself", () => {
    const soon = vote("soon", { closesAt: start + 20 * minute });
    const just = vote("just", { openedAt: start });
    for (const one of [soon, just]) {
      const wall = wallOf(4, 4, { votes: [one] });
      const from = play(wallOf(4, 4), 1).show;
      expect(keyOf(advance(from, wall, start + 1).scene)).toBe(`vote ${one.proposalId}`);
      expect(new Set(keys(play(wall, 6, from).scenes))).toEqual(new Set([`vote ${one.proposalId}`]));
    }
    const late = wallOf(4, 4, { votes: [vote("late"), vote("called")] });
    const called = { ...late, lastCalls: { called: { round: 1, until: start + 15_000 } } };
    expect(keyOf(advance(firstShow, called, start).scene)).toBe("vote called");
    const oldRound = { ...late, lastCalls: { called: { round: 2, until: start + 15_000 } } };
    expect(keyOf(advance(firstShow, oldRound, start).scene)).toBe("unit unit-0 0");
  });

  test("[KI-22] two of them take turns", () => {
    const votes = [vote("a", { closesAt: start + minute }), vote("b", { closesAt: start + minute })];
    expect(keys(play(wallOf(2, 4, { votes }), 4).scenes)).toEqual(["vote a", "vote b", "vote a", "vote b"]);
  });

  test("[KI-22] a vote of these days takes every other turn, a long one its turn among the others", () => {
    const near = wallOf(4, 4, { votes: [vote("near", { closesAt: start + 5 * 60 * minute })] });
    expect(keys(play(near, 4).scenes)).toEqual(["vote near", "unit unit-0 0", "vote near", "unit unit-1 0"]);
    const long = wallOf(4, 4, { votes: [vote("long")] });
    expect(keys(play(long, 4).scenes)).toEqual([
      "unit unit-0 0",
      "unit unit-1 0",
      "unit unit-2 0",
      "vote long",
    ]);
  });

  test("[KI-23] after closing the wall waits for the result, shows it at once, and keeps it for a week", () => {
    const closed = vote("v", { state: "closed", closedAt: start });
    const waiting = advance(firstShow, wallOf(2, 4, { votes: [closed] }), start + 1);
    expect(keyOf(waiting.scene)).toBe("closed v");
    const told = vote("v", { state: "revealed", closedAt: start, revealedAt: start + 5_000 });
    const wall = wallOf(8, 4, { votes: [told] });
    const result = advance(waiting, wall, start + 5_000);
    expect(keyOf(result.scene)).toBe("result v");
    expect(keyOf(advance(result, wall, start + 50_000).scene)).toBe("result v");
    const later = play(wall, 5, result, start + 5_000 + sceneTimes.resultTold).scenes;
    expect(keys(later)).toEqual([
      "unit unit-0 0",
      "unit unit-1 0",
      "unit unit-2 0",
      "result v",
      "unit unit-3 0",
    ]);
    const week = play(wall, 12, firstShow, start + 8 * day).scenes;
    expect(keys(week)).not.toContain("result v");
  });

  test("[KI-23] a result just told comes before another vote that presses", () => {
    const votes = [
      vote("next", { closesAt: start + minute }),
      vote("told", { state: "revealed", revealedAt: start }),
    ];
    const wall = wallOf(2, 4, { votes });
    expect(keyOf(advance(firstShow, wall, start + 1).scene)).toBe("result told");
    expect(keyOf(advance(firstShow, wall, start + sceneTimes.resultTold).scene)).toBe("vote next");
  });

  test("[KI-24] what is taken away leaves the screen at once", () => {
    const notices = [{ boardId: "board-1", building: null, text: "停水" }];
    const wall = wallOf(0, 0, { notices });
    const show = advance(firstShow, wall, start);
    expect(keyOf(show.scene)).toBe("notice board-1 0");
    expect(keyOf(advance(show, wallOf(0, 0), start + 1).scene)).toBe("welcome");
    const units = wallOf(3, 4);
    const unit = advance(firstShow, units, start);
    expect(keyOf(advance(unit, wallOf(0, 0), start + 1).scene)).toBe("welcome");
  });

  test("[KI-24] a clock that was set back does not hold a scene", () => {
    const wall = wallOf(3, 4);
    const show = advance(firstShow, wall, start);
    expect(advance(show, wall, start - day).scene).not.toBe(show.scene);
  });

  test("[KI-20] whatever hangs on it, every unit at hand comes round and every scene shows something", () => {
    const anyWall = fc.record({
      units: fc.integer({ min: 0, max: 12 }),
      doors: fc.integer({ min: 1, max: 30 }),
      fresh: fc.integer({ min: 0, max: 24 }),
      notice: fc.integer({ min: 0, max: 1500 }),
      votes: fc.array(
        fc.record({
          closesIn: fc.integer({ min: 60, max: 60 * 24 * 60 }),
          state: fc.constantFrom("open" as const, "closed" as const, "revealed" as const),
        }),
        { maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(anyWall, (made) => {
        const wall = wallOf(made.units, made.doors, {
          fresh: Array.from({ length: made.fresh }, (_, index) => ({
            title: `东西 ${index}`,
            category: "tools",
            building: "1",
            unit: "1",
            addedAt: start - index,
          })),
          freshCount: made.fresh,
          notices: made.notice ? [{ boardId: "b", building: null, text: "公".repeat(made.notice) }] : [],
          votes: made.votes.map(({ closesIn, state }, index) =>
            vote(`v${index}`, {
              state,
              closesAt: start + closesIn * minute,
              closedAt: state === "open" ? null : start - day,
              revealedAt: state === "revealed" ? start - day : null,
            }),
          ),
        });
        const { scenes } = play(wall, 120);
        const shown = new Set(scenes.flatMap((scene) => (scene.kind === "unit" ? [scene.unitId] : [])));
        const pressed = made.votes.some(({ state, closesIn }) => state === "open" && closesIn < 24 * 60);
        // A vote that presses until its end has the wall; otherwise every unit has its turn.
        if (!pressed) expect(shown.size).toBe(made.units);
        expect(scenes.every((scene) => scene.kind !== "closed")).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
