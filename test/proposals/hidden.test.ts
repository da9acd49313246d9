import { describe, expect, test } from "vitest";
import { createProposalRoutes } from "../../server/proposals/routes.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { proposalsContract } from "../../shared/proposals/contract.ts";
import { until } from "../services/until.ts";
import { type Courtyard, openCourtyard, threeOptions, yesNo } from "./courtyard.ts";

const homes = 9;
const proposalId = "vote-00000001";

/** Everything that anyone but the storage itself can get to know of the vote so far. */
async function sweep(yard: Courtyard): Promise<string> {
  const { handlers } = yard;
  const people: PersonActor[] = [yard.facilitator, yard.officer, yard.resident(0), yard.resident(homes - 1)];
  const seen: unknown[] = [];
  for (const person of people) {
    const context = yard.as(person);
    seen.push(
      await handlers.snapshot(context.session),
      await handlers.signals?.(context.session),
      await handlers.queries["proposal.older"](
        { before: { openedAt: Number.MAX_SAFE_INTEGER, proposalId: "zzzzzzzz" } },
        context,
      ),
    );
  }
  const acts = await handlers.queries["proposal.acts"]({ proposalId }, yard.as(yard.facilitator));
  const log = await yard.storage.db.selectFrom("events").selectAll().orderBy("seq").execute();
  seen.push(acts, log, yard.events, yard.signals.at(-1));
  seen.push(await yard.wall.votes("courtyard-1", 0), await yard.wall.signals("courtyard-1"));
  return JSON.stringify(seen).replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, "a receipt");
}

/** The same evening twice, but for how people voted. */
async function evening(choose: (home: number) => string): Promise<{ hidden: string[]; revealed: string }> {
  const yard = await openCourtyard("sqlite", homes);
  const lead = yard.as(yard.facilitator);
  const { commands } = yard.handlers;
  const hidden: string[] = [];
  await commands["proposal.write"]({ proposalId, ...yesNo }, lead);
  await commands["proposal.open"]({ proposalId, ending: { afterSeconds: 60 } }, lead);
  for (let home = 0; home < homes; home += 1) {
    await yard.cast(yard.resident(home), proposalId, choose(home), `ballot-0000${home}`);
  }
  await yard.cast(yard.resident(2), proposalId, choose(7), "ballot-change");
  await until("the turnout is told", () =>
    yard.signals.some(({ data }) => (data as { voted: number }).voted === homes),
  );
  hidden.push(await sweep(yard));
  await commands["proposal.close"]({ proposalId, round: 1, reason: "到齐了" }, lead);
  hidden.push(await sweep(yard));
  const [download] = createProposalRoutes(yard);
  await expect(
    download?.handle({
      params: { id: proposalId },
      session: lead.session,
    } as never),
  ).rejects.toMatchObject({ code: "proposal-not-revealed" });
  await commands["proposal.reveal"]({ proposalId, round: 1 }, lead);
  const revealed = await sweep(yard);
  expectOnlyWhatTheContractNames(yard);
  const snapshot = await yard.handlers.snapshot(lead.session);
  expect(proposalsContract.snapshot.safeParse(snapshot)).toMatchObject({ success: true });
  await yard.close();
  return { hidden, revealed };
}

/** A field that no schema names would reach the outside unseen: handlers' answers are not cut to their schema. */
function expectOnlyWhatTheContractNames(yard: Courtyard): void {
  for (const { name, data } of yard.events) {
    const { [name as keyof typeof proposalsContract.events]: definition } = proposalsContract.events;
    expect(definition.data.safeParse(data), name).toMatchObject({ success: true });
  }
  for (const { name, data } of yard.signals) {
    const { [name as keyof typeof proposalsContract.signals]: definition } = proposalsContract.signals;
    expect(definition.data.safeParse(data), name).toMatchObject({ success: true });
  }
}

describe("a hidden count", () => {
  test("[PR-24] leaks nowhere: two evenings that differ only in the choices look the same until the reveal", async () => {
    const one = await evening((home) => (home < 8 ? "yes" : "no"));
    const other = await evening((home) => (home < 2 ? "abstain" : "no"));
    expect(one.hidden).toEqual(other.hidden);
    expect(one.revealed).not.toEqual(other.revealed);
    expect(one.hidden.join()).toContain(`"voted":${homes}`);
  });

  test("[PR-25] who voted is told to the household alone, and nowhere how", async () => {
    const yard = await openCourtyard("sqlite", 3, 2);
    const vote = await yard.openVote(threeOptions);
    const { receipt } = await yard.cast(yard.resident(1, 0), vote, "option-2");
    const told = yard.events.filter(({ name }) => name === "household.voted");
    expect(told).toMatchObject([
      {
        rooms: ["household:household-1"],
        data: { proposalId: vote, round: 1, ballot: { by: "name of resident-household-1-0", receipt } },
      },
    ]);
    expect(JSON.stringify(told)).not.toContain("option-");
    const mineOf = async (home: number, phone: number) =>
      (await yard.handlers.snapshot(yard.as(yard.resident(home, phone)).session)).mine;
    expect(await mineOf(1, 1)).toMatchObject([{ onRegister: true, ballot: { receipt } }]);
    expect(await mineOf(2, 0)).toMatchObject([{ onRegister: true, ballot: null }]);
    const wall = JSON.stringify(await yard.wall.votes("courtyard-1", 0));
    expect(wall).not.toContain("name of");
    expect(wall).not.toContain(receipt);
    await yard.close();
  });

  test("[PR-29] the wall hears of a vote without what was written about it in free words", async () => {
    const yard = await openCourtyard("sqlite", 2);
    const lead = yard.as(yard.facilitator);
    const vote = await yard.openVote({ ...threeOptions, body: "三楼的钓鱼哥提的" });
    const reason = "钓鱼哥要回家了";
    const { commands } = yard.handlers;
    await commands["proposal.close"]({ proposalId: vote, round: 1, reason }, lead);
    await commands["proposal.restart"](
      { proposalId: vote, round: 1, reason, ending: { afterSeconds: 60 } },
      lead,
    );
    const told = (room: string) => yard.events.filter(({ rooms }) => rooms.includes(`${room}:courtyard-1`));
    expect(told("wall").map(({ name }) => name)).toEqual(told("courtyard").map(({ name }) => name));
    const onWall = JSON.stringify([told("wall"), await yard.wall.votes("courtyard-1", 0)]);
    expect(onWall).toContain(threeOptions.question);
    expect(onWall).not.toContain("钓鱼哥");
    expect(JSON.stringify(told("courtyard"))).toContain(reason);
    await yard.close();
  });
});
