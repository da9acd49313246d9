import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { defaultRule } from "../../shared/proposals/rules.ts";
import { until } from "../services/until.ts";
import { type Courtyard, clientId, dialects, openCourtyard } from "./courtyard.ts";

const changeable = { rule: { ...defaultRule, changeable: true } };
const final = { rule: { ...defaultRule, changeable: false } };

describe.each(dialects)("ballots on %s", (dialect) => {
  let yard: Courtyard;
  beforeAll(async () => {
    yard = await openCourtyard(dialect, 148, 10);
  });
  afterAll(() => yard.close());
  // Each test leaves the courtyard without an open vote: their number is limited.
  afterEach(async () => {
    yard.clock.pass(3_600_000);
    await yard.closer.closeDue();
  });

  const rowsOf = (proposalId: string) =>
    yard.storage.db.selectFrom("ballots").selectAll().where("proposal_id", "=", proposalId).execute();

  test("[PR-7] the same ballot id again gives the same receipt and no second ballot, also after closing", async () => {
    const vote = await yard.openVote();
    const ballotId = clientId();
    const first = await yard.cast(yard.resident(3), vote, "yes", ballotId);
    expect(first.receipt).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const told = yard.events.length;
    expect(await yard.cast(yard.resident(3), vote, "yes", ballotId)).toEqual(first);
    yard.clock.pass(10 * 60_000);
    expect(await yard.cast(yard.resident(3), vote, "yes", ballotId)).toEqual(first);
    expect(await rowsOf(vote)).toHaveLength(1);
    expect(yard.events).toHaveLength(told);
  });

  test("[PR-7] a ballot id used for another ballot, or by another household, is refused", async () => {
    const vote = await yard.openVote();
    const ballotId = clientId();
    await yard.cast(yard.resident(4), vote, "yes", ballotId);
    await expect(yard.cast(yard.resident(4), vote, "no", ballotId)).rejects.toMatchObject({
      code: "invalid-input",
    });
    await expect(yard.cast(yard.resident(5), vote, "yes", ballotId)).rejects.toMatchObject({
      code: "invalid-input",
    });
    expect(await rowsOf(vote)).toMatchObject([{ option_id: "yes", household_id: "household-4" }]);
  });

  test("[PR-7] the same ballot id of several households at the same time counts for one of them", async () => {
    const vote = await yard.openVote();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const ballotId = clientId();
      const homes = [0, 1, 2, 3, 4, 5, 6, 7].map((home) => attempt * 8 + home);
      const answers = await Promise.allSettled(
        homes.map((home) => yard.cast(yard.resident(home), vote, "yes", ballotId)),
      );
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const answer of answers) {
        if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "invalid-input" });
      }
    }
    expect(await rowsOf(vote)).toHaveLength(10);
  });

  test("[PR-8, INV-3] 100 ballots of one household at once, from ten phones: exactly one counts", async () => {
    for (const rule of [changeable, final]) {
      const vote = await yard.openVote(rule);
      const answers = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) =>
          yard.cast(yard.resident(7, n % 10), vote, n % 2 ? "yes" : "no"),
        ),
      );
      const rows = await rowsOf(vote);
      expect(rows.filter(({ superseded_at }) => superseded_at === null)).toHaveLength(1);
      const taken = answers.filter(({ status }) => status === "fulfilled").length;
      expect(taken).toBe(rule === changeable ? 100 : 1);
      expect(rows).toHaveLength(taken);
      for (const answer of answers) {
        if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "already-voted" });
      }
    }
  });

  test("[PR-8] a second ballot that counts is impossible in the database itself", async () => {
    const vote = await yard.openVote();
    await yard.cast(yard.resident(9), vote, "yes");
    const [row] = await rowsOf(vote);
    if (!row) throw new Error("no ballot");
    const second = yard.storage.write(({ db }) =>
      db
        .insertInto("ballots")
        .values({ ...row, id: clientId() })
        .execute(),
    );
    await expect(second).rejects.toThrow(/unique/i);
  });

  test("[PR-9, INV-10] a change of mind keeps the earlier ballot, gives a new receipt, and the last one counts", async () => {
    const vote = await yard.openVote(changeable);
    const firstId = clientId();
    const first = await yard.cast(yard.resident(10, 0), vote, "yes", firstId);
    yard.clock.pass(1000);
    const second = await yard.cast(yard.resident(10, 1), vote, "no");
    expect(second.receipt).not.toBe(first.receipt);
    expect(await yard.cast(yard.resident(10, 0), vote, "yes", firstId)).toEqual({ ...first, counts: false });
    const rows = await rowsOf(vote);
    expect(rows).toHaveLength(2);
    expect(rows.find(({ superseded_at }) => superseded_at === null)?.option_id).toBe("no");
  });

  test("[PR-9] casting cannot be used to find out how one's household voted", async () => {
    const vote = await yard.openVote(final);
    await yard.cast(yard.resident(11, 0), vote, "yes");
    const answers = await Promise.allSettled(
      ["yes", "no", "abstain"].map((option) => yard.cast(yard.resident(11, 1), vote, option)),
    );
    expect(answers.map((answer) => answer.status === "rejected" && answer.reason.message)).toEqual(
      Array(3).fill(answers[0]?.status === "rejected" && answers[0].reason.message),
    );
    const open = await yard.openVote(changeable);
    const first = await yard.cast(yard.resident(11, 0), open, "yes");
    const same = await yard.cast(yard.resident(11, 1), open, "yes");
    const other = await yard.cast(yard.resident(11, 1), open, "no");
    expect(new Set([first.receipt, same.receipt, other.receipt]).size).toBe(3);
  });

  test("[PR-10] 148 households vote at once: every receipt is counted, none twice, and turnout only rises", async () => {
    const vote = await yard.openVote();
    const choices = ["yes", "no", "abstain"];
    const receipts = await Promise.all(
      yard.households.map((_, home) => yard.cast(yard.resident(home), vote, choices[home % 3] ?? "")),
    );
    expect(new Set(receipts.map(({ receipt }) => receipt)).size).toBe(148);
    const told = () =>
      yard.signals
        .map(({ data }) => data as { proposalId: string; voted: number })
        .filter(({ proposalId }) => proposalId === vote)
        .map(({ voted }) => voted);
    await until("turnout says 148", () => told().at(-1) === 148);
    expect(told()).toEqual(told().sort((left, right) => left - right));
    await yard.handlers.commands["proposal.close"](
      { proposalId: vote, round: 1, reason: "都投了" },
      yard.as(yard.facilitator),
    );
    await yard.handlers.commands["proposal.reveal"](
      { proposalId: vote, round: 1 },
      yard.as(yard.facilitator),
    );
    const revealed = yard.events.findLast(({ name }) => name === "proposal.result-revealed");
    expect(revealed?.data).toMatchObject({
      result: {
        options: [{ households: 50 }, { households: 49 }, { households: 49 }],
        voted: { households: 148, area: (148 * 149 * 1000) / 2 },
        register: { households: 148, area: (148 * 149 * 1000) / 2 },
      },
    });
  });

  test("[PR-11, INV-4] who votes comes from the session: staff without a household there cannot", async () => {
    const vote = await yard.openVote();
    await expect(yard.cast(yard.facilitator, vote, "yes")).rejects.toMatchObject({ code: "not-on-register" });
    const neighbour = yard.resident(1);
    const elsewhere = { ...neighbour, courtyardId: "courtyard-2" };
    await expect(yard.cast(elsewhere, vote, "yes")).rejects.toMatchObject({ code: "not-on-register" });
    expect(await rowsOf(vote)).toEqual([]);
  });

  test("[PR-11] what is not on the paper, a draft, and an unknown vote are refused", async () => {
    const vote = await yard.openVote();
    await expect(yard.cast(yard.resident(0), vote, "maybe")).rejects.toMatchObject({
      code: "option-unknown",
    });
    await expect(yard.cast(yard.resident(0), "no-such-vote", "yes")).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(yard.cast(yard.resident(0), vote, "yes", clientId(), 2)).rejects.toMatchObject({
      code: "proposal-not-open",
    });
  });

  test("[PR-4, INV-12] a ballot that arrived before the deadline counts, one at the deadline does not", async () => {
    const vote = await yard.openVote({}, 60);
    yard.clock.pass(59_999);
    await yard.cast(yard.resident(0), vote, "yes");
    yard.clock.pass(1);
    await expect(yard.cast(yard.resident(1), vote, "yes")).rejects.toMatchObject({ code: "proposal-closed" });
    expect(await rowsOf(vote)).toHaveLength(1);
  });

  test("[PR-12] ballots race a closing: the count is exactly the ballots that got a receipt", async () => {
    const vote = await yard.openVote();
    const lead = yard.as(yard.facilitator);
    const { commands } = yard.handlers;
    const castFrom = (first: number, last: number) =>
      yard.households.slice(first, last).map((_, n) => yard.cast(yard.resident(first + n), vote, "yes"));
    const early = castFrom(0, 70);
    const closes = Array.from({ length: 5 }, () =>
      commands["proposal.close"]({ proposalId: vote, round: 1, reason: "试一试" }, lead),
    );
    const late = castFrom(70, 148);
    const answers = await Promise.allSettled([...early, ...late]);
    const closedAt = (await Promise.all(closes)).map((answer) => answer.closedAt);
    expect(new Set(closedAt).size).toBe(1);
    await commands["proposal.reveal"]({ proposalId: vote, round: 1 }, lead);
    const taken = answers.filter(({ status }) => status === "fulfilled").length;
    for (const answer of answers) {
      if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "proposal-closed" });
    }
    const told = yard.events.filter(
      ({ data, rooms }) =>
        (data as { proposalId?: string }).proposalId === vote && rooms.includes("courtyard:courtyard-1"),
    );
    expect(told.filter(({ name }) => name === "proposal.was-closed")).toHaveLength(1);
    expect(told.find(({ name }) => name === "proposal.was-closed")?.data).toMatchObject({
      turnout: { voted: taken, total: 148 },
    });
    expect(told.find(({ name }) => name === "proposal.result-revealed")?.data).toMatchObject({
      result: { voted: { households: taken } },
    });
  });
});
