import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closingGrace } from "../../server/proposals/closer.ts";
import { proposalLimits } from "../../shared/proposals/model.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import { type Courtyard, clientId, dialects, openCourtyard, threeOptions, yesNo } from "./courtyard.ts";

describe.each(dialects)("leading a vote on %s", (dialect) => {
  let yard: Courtyard;
  beforeAll(async () => {
    yard = await openCourtyard(dialect, 6);
  });
  afterAll(() => yard.close());

  const lead = () => yard.as(yard.facilitator);
  const command = () => yard.handlers.commands;
  const rowOf = (id: string) =>
    yard.storage.db.selectFrom("proposals").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  /** What the people of the courtyard were told of a proposal. */
  const toldOf = (id: string) =>
    yard.events.filter(({ data, rooms }) => {
      if (rooms.includes("wall:courtyard-1") && rooms.length === 1) return false;
      const { proposalId, proposal } = data as { proposalId?: string; proposal?: { proposalId: string } };
      return proposalId === id || proposal?.proposalId === id;
    });
  const close = (id: string, round = 1) =>
    command()["proposal.close"]({ proposalId: id, round, reason: "大家都到了" }, lead());

  test("[PR-13] a draft is told to staff only, can be edited and taken back, and writing it twice makes one", async () => {
    const proposalId = clientId();
    await command()["proposal.write"]({ proposalId, ...yesNo }, lead());
    await command()["proposal.write"]({ proposalId, ...yesNo }, lead());
    await command()["proposal.edit"]({ proposalId, ...threeOptions }, lead());
    expect(toldOf(proposalId).map(({ name, rooms }) => [name, rooms])).toEqual([
      ["proposal.draft-changed", ["staff:courtyard-1"]],
      ["proposal.draft-changed", ["staff:courtyard-1"]],
    ]);
    const seen = async (who: typeof yard.facilitator) =>
      (await yard.handlers.snapshot(yard.as(who).session)).proposals.map((p) => p.proposalId);
    expect(await seen(yard.facilitator)).toContain(proposalId);
    expect(await seen(yard.resident(0))).not.toContain(proposalId);
    await command()["proposal.withdraw"]({ proposalId }, lead());
    await command()["proposal.withdraw"]({ proposalId }, lead());
    expect(await seen(yard.facilitator)).not.toContain(proposalId);
    await expect(
      command()["proposal.open"]({ proposalId, ending: { afterSeconds: 60 } }, lead()),
    ).rejects.toMatchObject({ code: "proposal-not-draft" });
  });

  test("[PR-13] an unsound draft is refused with what is wrong", async () => {
    const unsound = { ...threeOptions, options: ["一", "一"] };
    await expect(
      command()["proposal.write"]({ proposalId: clientId(), ...unsound }, lead()),
    ).rejects.toMatchObject({ code: "draft-unsound", params: { fault: "option-twice" } });
  });

  test("[PR-14] only facilitators and officers lead; a resident is refused every act", async () => {
    const proposalId = await yard.openVote();
    const resident = yard.as(yard.resident(0));
    const acts = [
      command()["proposal.write"]({ proposalId: clientId(), ...yesNo }, resident),
      command()["proposal.edit"]({ proposalId, ...yesNo }, resident),
      command()["proposal.open"]({ proposalId, ending: { afterSeconds: 60 } }, resident),
      command()["proposal.call-last"]({ proposalId, round: 1 }, resident),
      command()["proposal.close"]({ proposalId, round: 1, reason: "不" }, resident),
      command()["proposal.reveal"]({ proposalId, round: 1 }, resident),
      command()["proposal.restart"](
        { proposalId, round: 1, reason: "不", ending: { afterSeconds: 60 } },
        resident,
      ),
      command()["proposal.withdraw"]({ proposalId }, resident),
      yard.handlers.queries["proposal.acts"]({ proposalId }, resident),
    ];
    for (const answer of await Promise.allSettled(acts)) {
      expect(answer).toMatchObject({ status: "rejected", reason: { code: "not-allowed" } });
    }
    expect((await rowOf(proposalId)).state).toBe("open");
  });

  test("[PR-14] a proposal of another courtyard does not exist for its officer", async () => {
    const proposalId = await yard.openVote();
    const stranger = {
      ...yard.officer,
      courtyardId: "courtyard-2",
      grants: [{ role: "officer" as const, courtyardId: "courtyard-2", buildingId: null }],
    };
    await expect(
      command()["proposal.close"]({ proposalId, round: 1, reason: "不" }, yard.as(stranger)),
    ).rejects.toMatchObject({ code: "not-found" });
  });

  test("[PR-15] opening freezes the register; a household or an area that changes later moves nothing", async () => {
    const proposalId = await yard.openVote();
    const { storage } = yard;
    const first = await storage.db.selectFrom("households").selectAll().limit(1).executeTakeFirstOrThrow();
    await storage.write(async ({ db }) => {
      await db
        .insertInto("households")
        .values({ ...first, id: "household-late", door: "late" })
        .execute();
      await db.updateTable("households").set({ area: 9_999_999 }).where("id", "=", "household-1").execute();
    });
    const late = yard.resident(0);
    if (late.household) late.household = { ...late.household, householdId: "household-late" };
    await expect(yard.cast(late, proposalId, "yes")).rejects.toMatchObject({ code: "not-on-register" });
    expect((await yard.handlers.snapshot(yard.as(late).session)).mine).toContainEqual({
      proposalId,
      round: 1,
      onRegister: false,
      ballot: null,
    });
    await yard.cast(yard.resident(1), proposalId, "yes");
    await close(proposalId);
    await command()["proposal.reveal"]({ proposalId, round: 1 }, lead());
    expect(toldOf(proposalId).at(-1)?.data).toMatchObject({
      result: { voted: { households: 1, area: 2000 }, register: { households: 6, area: 21_000 } },
    });
    await storage.write(async ({ db }) => {
      await db.updateTable("households").set({ area: 2000 }).where("id", "=", "household-1").execute();
      await db.deleteFrom("households").where("id", "=", "household-late").execute();
    });
  });

  test("[PR-16] one opening however often it is asked for; the event holds all that is needed to vote", async () => {
    const proposalId = clientId();
    await command()["proposal.write"]({ proposalId, ...threeOptions }, lead());
    const open = () => command()["proposal.open"]({ proposalId, ending: { afterSeconds: 90 } }, lead());
    const answers = await Promise.all([open(), open(), open()]);
    expect(new Set(answers.map((answer) => answer.closesAt))).toEqual(new Set([yard.clock.now() + 90_000]));
    const told = toldOf(proposalId).filter(({ name }) => name === "proposal.was-opened");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      rooms: ["courtyard:courtyard-1"],
      data: {
        proposal: {
          question: threeOptions.question,
          options: [{ label: "周六上午" }, { label: "周六下午" }, { label: "周日上午" }],
          state: "open",
          round: 1,
          turnout: { voted: 0, total: 6 },
          result: null,
        },
      },
    });
    await expect(command()["proposal.edit"]({ proposalId, ...yesNo }, lead())).rejects.toMatchObject({
      code: "proposal-not-draft",
    });
    await close(proposalId);
  });

  test("[PR-17] an early close needs a reason, which everyone is told and the list of acts keeps", async () => {
    const proposalId = await yard.openVote();
    await expect(
      command()["proposal.close"]({ proposalId, round: 1, reason: null }, lead()),
    ).rejects.toMatchObject({ code: "reason-needed" });
    await close(proposalId);
    await close(proposalId);
    expect(toldOf(proposalId).at(-1)).toMatchObject({
      name: "proposal.was-closed",
      data: { closeReason: "大家都到了" },
    });
    const { acts } = await yard.handlers.queries["proposal.acts"]({ proposalId }, lead());
    expect(acts.map(({ act, by, reason }) => [act, by, reason])).toEqual([
      ["written", "name of facilitator-1", null],
      ["opened", "name of facilitator-1", null],
      ["closed", "name of facilitator-1", "大家都到了"],
    ]);
  });

  test("[PR-18] the clock closes a vote at its time, once, on two nodes and after a restart", async () => {
    const proposalId = await yard.openVote({}, 60);
    const other = yard.secondNode();
    expect(await yard.closer.closeDue()).not.toBeNull();
    yard.clock.pass(60_000);
    await yard.closer.closeDue();
    expect((await rowOf(proposalId)).state).toBe("open");
    yard.clock.pass(closingGrace + 5000);
    await Promise.all([yard.closer.closeDue(), other.closer.closeDue(), other.start()]);
    const row = await rowOf(proposalId);
    expect(row).toMatchObject({ state: "closed", closed_by: null, close_reason: null });
    expect(row.closed_at).toBe(row.closes_at);
    expect(toldOf(proposalId).filter(({ name }) => name === "proposal.was-closed")).toHaveLength(1);
    await close(proposalId);
    expect((await rowOf(proposalId)).closed_by).toBeNull();
  });

  test("[PR-19] a vote whose count is hidden until closing is revealed by the closing itself", async () => {
    const proposalId = await yard.openVote({ rule: { ...defaultRule, tally: "hidden-until-closed" } }, 60);
    await yard.cast(yard.resident(2), proposalId, "no");
    yard.clock.pass(70_000);
    await yard.closer.closeDue();
    expect(toldOf(proposalId).slice(-2)).toMatchObject([
      { name: "proposal.was-closed" },
      { name: "proposal.result-revealed", data: { result: { voted: { households: 1 } } } },
    ]);
    expect((await rowOf(proposalId)).state).toBe("revealed");
  });

  test("[PR-20, INV-10] a new round keeps the old one, its ballots and its result, and says why", async () => {
    const proposalId = await yard.openVote();
    await yard.cast(yard.resident(0), proposalId, "yes");
    await close(proposalId);
    await command()["proposal.reveal"]({ proposalId, round: 1 }, lead());
    const restart = () =>
      command()["proposal.restart"](
        { proposalId, round: 1, reason: "名册少了两户", ending: { afterSeconds: 60 } },
        lead(),
      );
    const [first, again] = await Promise.all([restart(), restart()]);
    expect(again).toEqual(first);
    expect(first?.round).toBe(2);
    expect(toldOf(proposalId).at(-1)).toMatchObject({
      name: "proposal.was-opened",
      data: {
        proposal: {
          round: 2,
          result: null,
          turnout: { voted: 0, total: 6 },
          earlierRounds: [{ round: 1, reason: "名册少了两户", result: { voted: { households: 1 } } }],
        },
      },
    });
    await expect(yard.cast(yard.resident(1), proposalId, "no")).rejects.toMatchObject({
      code: "proposal-closed",
    });
    await yard.cast(yard.resident(0), proposalId, "no", clientId(), 2);
    const ballots = await yard.storage.db
      .selectFrom("ballots")
      .select(["round", "option_id", "superseded_at"])
      .where("proposal_id", "=", proposalId)
      .orderBy("round")
      .execute();
    expect(ballots).toEqual([
      { round: 1, option_id: "yes", superseded_at: null },
      { round: 2, option_id: "no", superseded_at: null },
    ]);
    await close(proposalId, 2);
  });

  test("[PR-21] a last call is a signal to phones and wall; pressed twice it is one", async () => {
    const proposalId = await yard.openVote();
    const call = () => command()["proposal.call-last"]({ proposalId, round: 1 }, lead());
    yard.signals.length = 0;
    const first = await call();
    yard.clock.pass(5000);
    expect(await call()).toEqual(first);
    expect(yard.signals).toEqual([
      {
        name: "proposal.last-call",
        data: { proposalId, round: 1, until: first.until },
        rooms: ["courtyard:courtyard-1", "wall:courtyard-1"],
      },
    ]);
    const shown = await yard.handlers.signals?.(yard.as(yard.resident(0)).session);
    expect(shown?.map(({ name }) => name)).toContain("proposal.last-call");
    yard.clock.pass(20_000);
    const after = await yard.handlers.signals?.(yard.as(yard.resident(0)).session);
    expect(after?.map(({ name }) => name)).not.toContain("proposal.last-call");
    await close(proposalId);
    await expect(call()).rejects.toMatchObject({ code: "proposal-not-open" });
  });

  test("[PR-22] a courtyard has no more open votes and drafts than the limits say", async () => {
    const { db } = yard.storage;
    const open = await db.selectFrom("proposals").select("id").where("state", "=", "open").execute();
    for (const { id } of open) await close(id);
    const ids: string[] = [];
    for (let n = 0; n < proposalLimits.open; n += 1) ids.push(await yard.openVote());
    await expect(yard.openVote()).rejects.toMatchObject({ code: "too-many-proposals" });
    for (const id of ids) await close(id);
    const drafts = await db.selectFrom("proposals").select("id").where("state", "=", "draft").execute();
    for (let n = drafts.length; n < proposalLimits.drafts; n += 1) {
      await command()["proposal.write"]({ proposalId: clientId(), ...yesNo }, lead());
    }
    await expect(
      command()["proposal.write"]({ proposalId: clientId(), ...yesNo }, lead()),
    ).rejects.toMatchObject({ code: "too-many-proposals" });
  });

  test("[PR-23] finished votes come by pages, newest first, without hole or double", async () => {
    const { queries } = yard.handlers;
    const all = await yard.storage.db
      .selectFrom("proposals")
      .select("id")
      .where("state", "in", ["closed", "revealed"])
      .execute();
    const seen: string[] = [];
    let before = { openedAt: Number.MAX_SAFE_INTEGER, proposalId: "zzzzzzzz" };
    for (let more = true; more; ) {
      const page = await queries["proposal.older"]({ before }, yard.as(yard.resident(0)));
      seen.push(...page.proposals.map(({ proposalId }) => proposalId));
      const last = page.proposals.at(-1);
      if (!last) break;
      before = { openedAt: last.openedAt ?? 0, proposalId: last.proposalId };
      more = page.more;
    }
    expect(new Set(seen)).toEqual(new Set(all.map(({ id }) => id)));
    expect(seen).toHaveLength(all.length);
    const [oldest = ""] = seen.slice(-1);
    const { proposal, mine } = await queries["proposal.read"](
      { proposalId: oldest },
      yard.as(yard.resident(0)),
    );
    expect([proposal.proposalId, mine?.onRegister]).toEqual([oldest, true]);
  });
});

describe("a courtyard without households", () => {
  test("[PR-15] cannot vote", async () => {
    const yard = await openCourtyard("sqlite", 0);
    await expect(yard.openVote()).rejects.toMatchObject({ code: "register-empty" });
    await yard.close();
  });
});
