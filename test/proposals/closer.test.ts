import { describe, expect, test } from "vitest";
import { createEventLog } from "../../server/events/log.ts";
import { createCloser, longestSleep } from "../../server/proposals/closer.ts";
import { createPassing } from "../../server/proposals/passing.ts";
import { until } from "../services/until.ts";
import { type Courtyard, openCourtyard } from "./courtyard.ts";

/** A closer on the real clock, shifted so that the courtyard's own clock reads true. */
function wakingCloser(yard: Courtyard) {
  const shift = yard.clock.now() - Date.now();
  const clock = { now: () => Date.now() + shift };
  const log = createEventLog({ storage: yard.storage, clock, publish: () => {} });
  return createCloser({
    log,
    storage: yard.storage,
    clock,
    onFault: (error) => {
      throw error;
    },
  });
}

describe("the server's watch over open votes", () => {
  test("[PR-18] wakes by itself for the vote that ends first, also for one opened while it slept", async () => {
    const yard = await openCourtyard("sqlite", 2);
    const later = await yard.openVote({}, 3600);
    const closer = wakingCloser(yard);
    await closer.start();
    const sooner = await yard.openVote({}, 60);
    const soon = yard.clock.now() + 400;
    await yard.storage.write(async ({ db }) => {
      await db.updateTable("proposals").set({ closes_at: soon }).where("id", "=", sooner).execute();
    });
    closer.expect(soon);
    const stateOf = async (id: string) =>
      (await yard.storage.db.selectFrom("proposals").select("state").where("id", "=", id).executeTakeFirst())
        ?.state;
    // Sooner than its longest sleep, after which it would look by itself.
    await until("the vote is closed", async () => (await stateOf(sooner)) === "closed", longestSleep / 2);
    expect(await stateOf(later)).toBe("open");
    await closer.stop();
    await yard.close();
  });
});

describe("turnout on its way to the screens", () => {
  test("[PR-10] a hundred ballots at once are told at most four times a second, the last number always", async () => {
    let voted = 0;
    const told: { at: number; voted: number }[] = [];
    const passing = createPassing({
      tell: {
        others: () => {},
        hear: () => {},
        signal: (_name, data) =>
          told.push({ at: performance.now(), voted: (data as { voted: number }).voted }),
      },
      count: async () => ({ voted, total: 148 }),
      onFault: (error) => {
        throw error;
      },
    });
    const vote = { proposalId: "vote-1", round: 1, courtyardId: "courtyard-1" };
    const begun = performance.now();
    for (let n = 0; n < 100; n += 1) {
      voted += 1;
      passing.counted(vote);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until("the last number is told", () => told.at(-1)?.voted === 100);
    const seconds = (performance.now() - begun) / 1000;
    expect(told.length).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 1);
    passing.close();
  });
});
