import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { loadBoard } from "../../server/board/board-store.ts";
import { channelsOf } from "../../server/chat/channels.ts";
import { checkBoards } from "../../server/cli/check/boards.ts";
import { checkSequences } from "../../server/cli/check/sequences.ts";
import { checkVotes } from "../../server/cli/check/votes.ts";
import { applyDemo } from "../../server/demo/apply.ts";
import { day } from "../../server/demo/local-time.ts";
import { planDemo } from "../../server/demo/plan.ts";
import type { DemoPlan, DemoSize } from "../../server/demo/plan-types.ts";
import { presentProposals } from "../../server/proposals/present.ts";
import type { Schema } from "../../server/storage/schema.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { serverAccount } from "../../server/sync/guard.ts";
import { readBoard } from "../../shared/board/model.ts";
import { compareDoors } from "../../shared/community/door-order.ts";
import { outcomeOf } from "../../shared/proposals/tally.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { demoMoment } from "./applied.ts";

const cases = dialects.flatMap(({ name, open }) =>
  (["courtyard", "compound"] as const).map((size): [string, DemoSize, typeof open] => [
    `${size} on ${name}`,
    size,
    open,
  ]),
);

describe.each(cases)("a stored %s", (_, size, open) => {
  const plan: DemoPlan = planDemo(26, size, demoMoment);
  let opened: OpenedStorage;
  let storage: Storage;
  beforeAll(async () => {
    opened = await open();
    storage = opened.storage;
    await applyDemo(storage, plan);
  });
  afterAll(() => opened.close());

  const ids = async (
    table: keyof Schema & ("households" | "residents" | "messages" | "ballots" | "boards"),
  ) => (await storage.db.selectFrom(table).select("id").execute()).map(({ id }) => id).sort();
  const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();

  test("[DM-14] holds everything of the plan under its ids, and a second time changes nothing", async () => {
    const same = async () => {
      expect(await ids("households")).toEqual(idsOf(plan.households));
      expect(await ids("residents")).toEqual(idsOf(plan.residents));
      expect(await ids("messages")).toEqual(idsOf(plan.messages));
      expect(await ids("ballots")).toEqual(idsOf(plan.proposals.flatMap(({ ballots }) => ballots)));
      expect(await ids("boards")).toEqual(idsOf(plan.boards));
    };
    await same();
    await expect(applyDemo(storage, plan)).rejects.toThrow();
    await same();
  });

  test("[DM-14] stands in the order of the wall", async () => {
    const rows = await storage.db
      .selectFrom("households")
      .innerJoin("units", "units.id", "households.unit_id")
      .innerJoin("buildings", "buildings.id", "households.building_id")
      .select(["buildings.name as building", "units.name as unit", "households.door"])
      .orderBy("households.sort")
      .execute();
    expect(rows).toEqual([...rows].sort(compareDoors));
    const [unit] = await storage.db.selectFrom("units").selectAll().orderBy("sort").limit(1).execute();
    expect(unit?.name).toBe("1");
  });

  test("[DM-15] reads on its boards as it was planned", async () => {
    let items = 0;
    for (const { id } of plan.boards) {
      const stored = await loadBoard(storage.db, id);
      if (!stored) throw new Error("a board is missing");
      expect(stored.bindings.map(({ residentId }) => residentId)).toEqual([serverAccount]);
      const doc = new Y.Doc();
      for (const update of stored.updates) Y.applyUpdate(doc, update);
      const view = readBoard(doc, stored.households, stored.lists);
      for (const [householdId, cell] of Object.entries(view.cells)) {
        const planned = plan.items.filter((item) => item.householdId === householdId && item.boardId === id);
        expect(cell.map((item) => [item.id, item.title, item.category, item.note, item.quantity])).toEqual(
          planned.map((item) => [item.id, item.title, item.category, item.note, item.quantity]),
        );
        items += cell.length;
      }
      for (const list of plan.lists.filter(({ boardId }) => boardId === id)) {
        expect(view.lists[list.id]?.map(({ text, done }) => [text, done])).toEqual(
          list.entries.map(({ text, done }) => [text, done]),
        );
      }
      expect(view.notice).toBe(plan.notices.find(({ boardId }) => boardId === id)?.text);
      doc.destroy();
    }
    expect(items).toBe(plan.items.length);
  });

  test("[DM-16] remembers who added what when", async () => {
    const history = await storage.db
      .selectFrom("board_history")
      .select(["item_id", "at", "resident_id", "on_behalf"])
      .where("place", "=", "cell")
      .execute();
    const facts = (rows: [string, number, string, number][]) =>
      rows.sort((left, right) => (left[0] < right[0] ? -1 : 1));
    expect(facts(history.map((row) => [row.item_id, row.at, row.resident_id, row.on_behalf]))).toEqual(
      facts(plan.items.map((item) => [item.id, item.addedAt, item.addedBy, item.onBehalf ? 1 : 0])),
    );
    const { fresh } = await storage.db
      .selectFrom("board_items")
      .select(({ fn }) => fn.countAll().as("fresh"))
      .where("added_at", ">", plan.now - 7 * day)
      .executeTakeFirstOrThrow();
    expect(Number(fresh)).toBe(plan.items.filter(({ addedAt }) => addedAt > plan.now - 7 * day).length);
  });

  test("[DM-17] has a vote that was counted and one that is on", async () => {
    const rows = await storage.db.selectFrom("proposals").selectAll().orderBy("created_at").execute();
    const [closed, running] = await presentProposals(storage.db, rows);
    const [plannedClosed, plannedOpen] = plan.proposals;
    if (!closed?.result || !plannedClosed || !plannedOpen) throw new Error("a vote is missing");
    const planned = (option: string) =>
      plannedClosed.ballots.filter(({ optionId }) => optionId === option).length;
    expect(closed.result.options.map(({ optionId, households }) => [optionId, households])).toEqual(
      ["yes", "no", "abstain"].map((option) => [option, planned(option)]),
    );
    expect(outcomeOf(closed.kind, closed.result)).toMatchObject({ kind: "passed", yes: planned("yes") });
    expect(closed).toMatchObject({ state: "revealed", closedAt: plannedClosed.closedAt, closeReason: null });
    expect(running).toMatchObject({
      state: "open",
      result: null,
      closesAt: plannedOpen.closesAt,
      turnout: { voted: plannedOpen.ballots.length, total: plan.households.length },
    });
    const receipts = await storage.db.selectFrom("ballots").select("receipt").execute();
    expect(receipts.every(({ receipt }) => /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(receipt))).toBe(true);
  });

  test("[DM-18] has a chat without a gap, read up to the day before", async () => {
    const [courtyard] = plan.courtyards;
    const channels = await channelsOf(storage.db, courtyard?.id ?? "");
    for (const { id, lastSeq } of channels) {
      const talk = plan.messages.filter(({ channelId }) => channelId === id);
      const rows = await storage.db
        .selectFrom("messages")
        .select(["id", "seq"])
        .where("channel_id", "=", id)
        .orderBy("seq")
        .execute();
      expect(rows).toEqual(talk.map((message, index) => ({ id: message.id, seq: index + 1 })));
      expect(lastSeq).toBe(talk.length);
      const mark = await storage.db
        .selectFrom("channel_marks")
        .select("seen_seq")
        .where("channel_id", "=", id)
        .where("resident_id", "=", plan.tour.officerId)
        .executeTakeFirst();
      expect(mark?.seen_seq ?? 0).toBeGreaterThanOrEqual(
        talk.filter(({ at }) => at <= plan.now - day).length,
      );
    }
  });

  test("[DM-19] passes the check", async () => {
    expect(await checkSequences(storage.db)).toEqual([]);
    expect(await checkBoards(storage.db)).toEqual([]);
    expect(await checkVotes(storage.db)).toEqual([]);
  });
});
