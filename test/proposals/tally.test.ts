import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chosenBy,
  outcomeOf,
  type RegisterEntry,
  type StoredBallot,
  tally,
} from "../../shared/proposals/tally.ts";

const paper = ["yes", "no", "abstain"].map((id) => ({ id }));

/** A register, one ballot or none for each household, superseded ones and strangers' in between. */
const box = fc
  .array(
    fc.record({
      area: fc.integer({ min: 0, max: 30_000 }),
      choice: fc.constantFrom("yes", "no", "abstain", null),
      earlier: fc.array(fc.constantFrom("yes", "no", "abstain"), { maxLength: 3 }),
    }),
    { maxLength: 60 },
  )
  .map((homes) => {
    const register: RegisterEntry[] = homes.map(({ area }, index) => ({ householdId: `h${index}`, area }));
    const ballots: StoredBallot[] = homes.flatMap(({ choice, earlier }, index) => [
      ...earlier.map((optionId, at) => ({ householdId: `h${index}`, optionId, supersededAt: at })),
      ...(choice ? [{ householdId: `h${index}`, optionId: choice, supersededAt: null }] : []),
    ]);
    ballots.push({ householdId: "stranger", optionId: "yes", supersededAt: null });
    return { homes, register, ballots };
  });

describe("the count", () => {
  test("[PR-5, INV-9] equals a plain count by hand, heads and areas, for any box", () => {
    fc.assert(
      fc.property(box, ({ homes, register, ballots }) => {
        const count = tally(paper, register, ballots);
        for (const { optionId, households, area } of count.options) {
          const chose = homes.filter(({ choice }) => choice === optionId);
          expect(households).toBe(chose.length);
          expect(area).toBe(chose.reduce((sum, home) => sum + home.area, 0));
        }
        const sum = (key: "households" | "area") =>
          count.options.reduce((all, option) => all + option[key], 0);
        expect(count.voted).toEqual({ households: sum("households"), area: sum("area") });
        expect(count.register.households).toBe(homes.length);
        expect(count.voted.area).toBeLessThanOrEqual(count.register.area);
        expect(Number.isSafeInteger(count.register.area)).toBe(true);
      }),
    );
  });

  test("[PR-5] does not depend on the order of ballots or register", () => {
    fc.assert(
      fc.property(box, fc.infiniteStream(fc.nat()), ({ register, ballots }, chance) => {
        const shuffled = <T>(rows: readonly T[]): T[] =>
          rows
            .map((row) => ({ row, at: chance.next().value ?? 0 }))
            .sort((left, right) => left.at - right.at)
            .map(({ row }) => row);
        expect(tally(paper, shuffled(register), shuffled(ballots))).toEqual(tally(paper, register, ballots));
      }),
    );
  });

  test("[PR-5] a ballot that was superseded counts nowhere", () => {
    fc.assert(
      fc.property(box, ({ register, ballots }) => {
        const live = ballots.filter(({ supersededAt }) => supersededAt === null);
        expect(tally(paper, register, ballots)).toEqual(tally(paper, register, live));
      }),
    );
  });

  test("[PR-5] a box that storage should never hold is not counted at all", () => {
    const register = [{ householdId: "h", area: 1 }];
    const ballot = { householdId: "h", optionId: "yes", supersededAt: null };
    expect(() => tally(paper, register, [ballot, { ...ballot, optionId: "no" }])).toThrow();
    expect(() => tally(paper, register, [{ ...ballot, optionId: "maybe" }])).toThrow();
  });
});

describe("the outcome", () => {
  const countOf = (yes: number, no: number, abstain: number) => ({
    options: [
      { optionId: "yes", households: yes, area: 0 },
      { optionId: "no", households: no, area: 0 },
      { optionId: "abstain", households: abstain, area: 0 },
    ],
    voted: { households: yes + no + abstain, area: 0 },
    register: { households: 148, area: 0 },
  });

  test.each([
    [2, 1, 0, "passed"],
    [1, 2, 0, "not-passed"],
    [1, 0, 147, "passed"],
    [5, 5, 3, "tie"],
    [0, 0, 9, "nobody-chose"],
    [0, 0, 0, "nobody-chose"],
  ])("[PR-6] %i for, %i against, %i abstaining: %s", (yes, no, abstain, kind) => {
    const result = countOf(yes, no, abstain);
    expect(outcomeOf("yes-no-abstain", result).kind).toBe(kind);
    expect(chosenBy(result)).toBe(yes + no);
  });

  test.each([
    [[3, 2, 1], { kind: "chosen", optionId: "option-1", households: 3 }],
    [[2, 2, 1], { kind: "tie", optionIds: ["option-1", "option-2"], households: 2 }],
    [[0, 0, 0], { kind: "nobody-chose" }],
  ])("[PR-6] options with %j households: no silent winner", (households, outcome) => {
    const result = {
      ...countOf(0, 0, 0),
      options: households.map((count, index) => ({
        optionId: `option-${index + 1}`,
        households: count,
        area: 0,
      })),
    };
    expect(outcomeOf("options", result)).toEqual(outcome);
  });
});
