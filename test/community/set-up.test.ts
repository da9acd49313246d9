import { describe, expect, test } from "vitest";
import { type BuildingRow, setUpSteps } from "../../client/office/set-up-steps.ts";

const building = (more: Partial<BuildingRow>): BuildingRow => ({
  buildingId: "building-1",
  name: "1",
  households: 36,
  slips: 0,
  joined: 0,
  reached: 0,
  listed: 0,
  ...more,
});
const done = (...from: Parameters<typeof setUpSteps>) =>
  setUpSteps(...from)
    .filter((step) => step.done)
    .map(({ name }) => name);

describe("the path of setting up", () => {
  test("[LN-40] slips for one building of two are not all slips", () => {
    const first = building({ slips: 36, joined: 31, reached: 36 });
    const second = building({ buildingId: "building-2", name: "2", households: 42, joined: 33, reached: 33 });
    expect(done([first, second], [])).toEqual(["courtyard", "households"]);
    expect(done([first, { ...second, slips: 40, reached: 42 }], [])).toEqual([
      "courtyard",
      "households",
      "slips",
    ]);
  });

  test("[LN-40] without households nothing was handed out", () => {
    expect(done([], [])).toEqual(["courtyard"]);
    expect(done([building({ households: 0 })], [])).toEqual(["courtyard"]);
  });

  test("[LN-40] a screen that hangs and was never on is not one that works", () => {
    expect(done([], [{ lastSeenAt: null }])).toEqual(["courtyard"]);
    expect(done([], [{ lastSeenAt: null }, { lastSeenAt: 5 }])).toEqual(["courtyard", "screens"]);
  });
});
