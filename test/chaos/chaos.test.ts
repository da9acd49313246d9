import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Report, runCampaign } from "./campaign.ts";
import { planRounds } from "./schedule.ts";

/** Another seed another day: `CHAOS_SEED=7 npm run vitest test/chaos/chaos.test.ts`. This one has many kinds of faults. */
const usual = 3823;
const seed = Number(process.env.CHAOS_SEED ?? usual);
const schedule = { rounds: 2, roundLasts: 8_000, nodes: 3, redis: true, longest: 0 };
const told: string[] = [];
let report: Report;

describe("three nodes, and somebody who breaks them", () => {
  beforeAll(async () => {
    report = await runCampaign({
      seed,
      ...schedule,
      size: { writers: 6, readers: 3, talkers: 3, voters: 1 },
      households: 24,
      say: (line) => told.push(line),
    });
  }, 180_000);
  afterAll(() => report?.close());

  it("[INV-1, INV-2, INV-3, INV-6] nothing saved or seen is lost, nothing is seen too early, all copies agree", () => {
    expect(report.findings.lines(), told.join("\n")).toEqual([]);
  });

  it("as a rule nodes and services die, freeze, restart and flap, lines are black holes, and answers of commits are lost", () => {
    const faults = planRounds({ seed: usual, ...schedule }).flatMap((round) => round.faults);
    const kinds = new Set<string>(faults.map(({ kind }) => kind));
    const wanted =
      "kill-node freeze-node restart-node kill-postgres slow-postgres hide-postgres flap-redis hide-redis";
    expect(
      [...wanted.split(" "), "lose-commit-answers", "cut-clients"].filter((kind) => !kinds.has(kind)),
    ).toEqual([]);
    expect(faults.some(({ kind, cut }) => kind === "hide-postgres" && cut === "hold")).toBe(true);
  });

  it("the run was real: everyone did something, and much of it was answered while things broke", () => {
    expect(report.faults).toBeGreaterThan(4);
    expect(report.saved).toBeGreaterThan(100);
    expect(report.sightings).toBeGreaterThan(100);
    expect(report.probed).toBeGreaterThan(10);
    expect(report.intrusions.refusals).toBeGreaterThan(0);
    expect(report.messages.answered).toBeGreaterThan(3);
    expect(report.ballots).toBeGreaterThan(1);
  });

  it("the verdict notices a log that ends too early although nothing in it is broken, and a last message that was answered", async () => {
    let rows = 0;
    const again = await report.judgeAgain(async (reader) => {
      const [cut] = await reader.rows<{ seq: string }>("select min(seq) as seq from board_snapshots");
      const seq = cut?.seq ?? "0";
      await reader.rows("delete from board_snapshots where seq > $1", [seq]);
      rows = (await reader.rows("delete from board_updates where seq > $1 returning seq", [seq])).length;
      await reader.rows("update boards set seq = $1 where seq > $1", [seq]);
      // Whatever came after it goes too, so that the numbers stay dense.
      const last = report.answered.at(-1) ?? "";
      await reader.rows("delete from messages where seq >= (select seq from messages where id = $1)", [last]);
    });
    // The first snapshot may be so late that hardly anything comes after it; then only the rows beside the log tell.
    const lost = rows < 100 ? ["database-differs"] : ["lost-saved", "lost-seen"];
    for (const kind of [...lost, "lost-message"]) expect([...again.counts.keys()]).toContain(kind);
    for (const kind of ["log-broken", "not-dense"]) expect([...again.counts.keys()]).not.toContain(kind);
  });

  it("the verdict notices when the database loses an update, a ballot, or a message or an event in the middle", async () => {
    const again = await report.judgeAgain(async (reader) => {
      await reader.rows("delete from board_snapshots where seq = (select max(seq) from boards)");
      await reader.rows("delete from board_updates where seq = (select max(seq) from boards)");
      await reader.rows("delete from messages where seq = 2");
      await reader.rows("update ballots set receipt = 'x'");
      await reader.rows("delete from events where seq = 5");
    });
    const kinds = [...again.counts.keys()];
    for (const kind of ["log-broken", "database-differs", "lost-ballot", "not-dense"])
      expect(kinds).toContain(kind);
    expect(
      again.lines().filter((line) => /^not-dense .*: (event|message) /.test(line)).length,
    ).toBeGreaterThan(1);
  });
});
