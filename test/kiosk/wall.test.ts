import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchedFor } from "../../server/kiosk/live.ts";
import { claimPairing } from "../../server/kiosk/pairings.ts";
import { itemCategories } from "../../shared/board/layout.ts";
import { editItem, removeItem } from "../../shared/board/rules.ts";
import { kioskLimits } from "../../shared/kiosk/model.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import { day, refusal } from "../identity/world.ts";
import { until } from "../services/until.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { type Gate, openGate, type Told } from "./gate.ts";

describe.each(dialects)("the wall on $name", ({ open }) => {
  let opened: OpenedStorage;
  let gate: Gate;
  beforeEach(async () => {
    opened = await open();
    gate = await openGate(opened.storage);
  });
  afterEach(async () => {
    await gate?.close();
    await opened?.close();
  });

  const home = (index: number) => gate.place.households[index] ?? "";
  const told = (name: Told["name"]) => gate.told.filter((signal) => signal.name === name);
  const firstUnit = async () => (await gate.view()).buildings[0]?.units[0]?.unitId ?? "";

  test("[KI-10] a wall shows every door of a unit with its labels in their order, and how much hangs where", async () => {
    await gate.list(home(0), { title: "螺丝刀", quantity: 2, note: "给王姐打电话" });
    await gate.list(home(0), { title: "积木", category: "toys" });
    const view = await gate.view();
    expect(view.courtyard).toBe("晋院 26 号");
    expect(view.joinUrl).toBe("https://yuan.example");
    expect(view.buildings.map(({ name, units }) => [name, units.map(({ things }) => things)])).toEqual([
      ["1", [2]],
      ["2", [0]],
    ]);
    expect(await gate.unit(await firstUnit())).toEqual([
      {
        householdId: home(0),
        door: "101",
        labels: [
          { title: "螺丝刀", category: "tools", quantity: 2 },
          { title: "积木", category: "toys", quantity: 1 },
        ],
      },
      { householdId: home(1), door: "102", labels: [] },
      { householdId: home(2), door: "201", labels: [] },
      { householdId: home(3), door: "202", labels: [] },
    ]);
    expect(await gate.snapshot()).toEqual(view);
  });

  test("[KI-11] what is new this week names the unit and never the door, the newest first", async () => {
    await gate.list(home(0), { title: "旧锤子" });
    gate.clock.time += 7 * day;
    await gate.list(home(5), { title: "烤箱", category: "appliances" });
    gate.clock.time += 1000;
    for (let index = 0; index < kioskLimits.freshItems; index++)
      await gate.list(home(1), { title: `书 ${index}` });
    const { fresh, freshCount } = await gate.view();
    expect(freshCount).toBe(kioskLimits.freshItems + 1);
    expect(fresh).toHaveLength(kioskLimits.freshItems);
    expect(fresh[0]).toEqual({
      title: expect.stringMatching(/^书/),
      category: "tools",
      building: "1",
      unit: "1",
      addedAt: gate.clock.now(),
    });
    expect(JSON.stringify(fresh)).not.toContain("102");
  });

  test("[KI-12] a board that only its building may open hangs on no wall", async () => {
    const foreign = await gate.build("大社区");
    await gate.storage.write(async ({ db }) => {
      await db.updateTable("courtyards").set({ boards_at: "building", open_boards: 0 }).execute();
      await db
        .updateTable("boards")
        .set({ building_id: gate.place.buildings[0] ?? null })
        .where("id", "=", gate.boardId)
        .execute();
    });
    await gate.list(home(0), { title: "只给本栋看的" });
    await gate.notice("只给本栋看的公告");
    const view = await gate.view();
    expect(view).toMatchObject({ buildings: [], fresh: [], freshCount: 0, notices: [] });
    const units = await gate.storage.db.selectFrom("units").select("id").execute();
    for (const { id } of units) expect(await refusal(gate.unit(id))).toBe("not-found");
    await gate.storage.write(async ({ db }) => {
      await db
        .updateTable("courtyards")
        .set({ open_boards: 1 })
        .where("id", "=", gate.place.courtyardId)
        .execute();
    });
    const opened = await gate.view();
    expect(opened.buildings.map(({ name }) => name)).toEqual(["1"]);
    expect(opened.notices).toEqual([{ boardId: gate.boardId, building: "1", text: "只给本栋看的公告" }]);
    expect(foreign.courtyardId).not.toBe(gate.place.courtyardId);
  });

  test("[KI-13] the notice hangs as it was written last, and an empty one not at all", async () => {
    expect((await gate.view()).notices).toEqual([]);
    await gate.notice("周六上午修水管");
    await Promise.all([gate.notice("周六修水管"), gate.notice("周日修水管")]);
    const { view } = await gate.rooms.readBoard(gate.boardId);
    expect((await gate.view()).notices).toEqual([
      { boardId: gate.boardId, building: null, text: view.notice },
    ]);
    await gate.notice("");
    expect((await gate.view()).notices).toEqual([]);
  });

  test("[KI-14] a change is told to the walls of its courtyard: whole cells, what is new, the notice", async () => {
    await gate.kiosk.handlers.signals?.(gate.context().session);
    const room = [`wall:${gate.place.courtyardId}`];
    await gate.list(home(2), { title: "梯子", note: "悄悄话" });
    await until("the cell is told", () => told("wall.cells-changed").length > 0);
    expect(told("wall.cells-changed")[0]).toEqual({
      name: "wall.cells-changed",
      rooms: room,
      data: {
        cells: [{ householdId: home(2), labels: [{ title: "梯子", category: "tools", quantity: 1 }] }],
      },
    });
    await until("the news are told", () => told("wall.fresh-changed").length > 0);
    expect(told("wall.fresh-changed")[0]).toMatchObject({
      rooms: room,
      data: { freshCount: 1, fresh: [{ title: "梯子" }] },
    });
    await gate.edit((doc) => void editItem(doc, home(2), "item-1", { title: "长梯子" }));
    await gate.edit((doc) => void removeItem(doc, home(2), "item-1"));
    await gate.notice("停水");
    await until("all of it is told", () => told("wall.notices-changed").length > 0);
    expect(told("wall.cells-changed").at(-1)?.data).toEqual({
      cells: [{ householdId: home(2), labels: [] }],
    });
    expect(told("wall.notices-changed").at(-1)?.data).toEqual({
      notices: [{ boardId: gate.boardId, building: null, text: "停水" }],
    });
    expect(gate.faults).toEqual([]);
  });

  test("[KI-15] many changes of a board are told together, and a flood of cells not one by one", async () => {
    await gate.kiosk.handlers.signals?.(gate.context().session);
    const things = Array.from({ length: 40 }, (_, index) => ({ title: `东西 ${index}` }));
    await Promise.all(things.map((thing, index) => gate.list(home(index % 4), thing)));
    const last = () => told("wall.fresh-changed").at(-1)?.data as { freshCount: number } | undefined;
    await until("the last is told", () => last()?.freshCount === 40);
    expect(told("wall.cells-changed").length).toBeLessThan(40);
  });

  test("[KI-16] boards nobody looks at are not read for the walls", async () => {
    await gate.list(home(0), { title: "锤子" });
    await gate.kiosk.handlers.signals?.(gate.context().session);
    await gate.list(home(0), { title: "钳子" });
    await until("the second is told", () => told("wall.cells-changed").length > 0);
    expect(told("wall.cells-changed")).toHaveLength(1);
  });

  test("[KI-16] a board no screen looks at any more is let go of in time, though nothing happens on it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const passes = (ms: number) => {
      gate.clock.time += ms;
      vi.advanceTimersByTime(ms);
    };
    try {
      const look = () => gate.kiosk.handlers.signals?.(gate.context().session);
      await look();
      expect([...gate.heardElsewhere]).toContain(gate.boardId);
      passes(watchedFor - 1);
      await look();
      passes(watchedFor - 1);
      expect([...gate.heardElsewhere]).toContain(gate.boardId);
      passes(1_000);
      expect(gate.heardElsewhere.size).toBe(0);
      await look();
      expect([...gate.heardElsewhere]).toContain(gate.boardId);
    } finally {
      vi.useRealTimers();
    }
  });

  test("[KI-17] screens that ask at once share one reading, and never get an old one", async () => {
    await gate.list(home(0), { title: "锤子" });
    const views = await Promise.all(Array.from({ length: 20 }, () => gate.view()));
    expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(1);
    await gate.list(home(0), { title: "钳子" });
    expect((await gate.view()).freshCount).toBe(2);
    gate.clock.time += 8 * day;
    expect((await gate.view()).freshCount).toBe(0);
  });

  test("[KI-18] a screen that asks is seen", async () => {
    const officer = await gate.officer();
    const context = await gate.as(officer);
    const { communityId, courtyardId } = gate.place;
    const { kioskId } = gate.screen;
    await gate.storage.write(async ({ db }) => {
      const row = { id: kioskId, community_id: communityId, courtyard_id: courtyardId, name: "门口" };
      const paired = { paired_by: officer.residentId, paired_at: 1, unpaired_at: null, last_seen_at: null };
      await db
        .insertInto("kiosks")
        .values({ ...row, ...paired })
        .execute();
    });
    await gate.view();
    await until("it was seen", async () => {
      const { kiosks } = await gate.kiosk.handlers.queries["kiosk.list"]({ courtyardId }, context);
      return kiosks.some((kiosk) => kiosk.lastSeenAt === gate.clock.now());
    });
    expect(await refusal(gate.storage.write((tx) => claimPairing(tx, "no-such-secret-0000", 1)))).toBe(
      "pairing-unknown",
    );
  });

  test("[KI-19] whatever is private, nothing a wall is told contains it", { timeout: 120_000 }, async () => {
    const secret = fc
      .tuple(fc.constantFrom("1380", "王", "备注", "note-", "@"), fc.stringMatching(/^[a-z0-9]{8}$/))
      .map(([head, tail]) => `${head}${tail}`);
    const world = fc.record({
      names: fc.array(secret, { minLength: 2, maxLength: 3 }),
      contacts: fc.array(secret, { minLength: 2, maxLength: 3 }),
      notes: fc.array(secret, { minLength: 2, maxLength: 4 }),
      body: secret,
      reason: secret,
      choices: fc.array(fc.constantFrom("yes", "no", "abstain"), { minLength: 1, maxLength: 3 }),
      reveal: fc.boolean(),
    });
    const facilitator = await gate.someone({ role: "facilitator", strong: true });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(world, async (made) => {
        round += 1;
        await gate.kiosk.handlers.signals?.(gate.context().session);
        const from = { told: gate.told.length, events: gate.heard(0).length };
        await gate.storage.write(async ({ db }) => {
          for (const [index, contact] of made.contacts.entries())
            await db.updateTable("households").set({ contact }).where("id", "=", home(index)).execute();
        });
        const people = [];
        for (const [index, name] of made.names.entries())
          people.push(await gate.someone({ household: home(index), name }));
        for (const [index, note] of made.notes.entries()) {
          const category = itemCategories[index % itemCategories.length] ?? "other";
          await gate.list(home(index), { title: `东西 ${round}-${index}`, note, category });
        }
        const { commands } = gate.proposals.handlers;
        const proposalId = `proposal-${round}-${"x".repeat(6)}`;
        const draft = { question: `第 ${round} 问`, body: made.body, kind: "yes-no-abstain" as const };
        const lead = await gate.as(facilitator);
        await commands["proposal.write"]({ proposalId, ...draft, options: [], rule: defaultRule }, lead);
        await commands["proposal.open"]({ proposalId, ending: { afterSeconds: 600 } }, lead);
        const receipts: string[] = [];
        for (const [index, optionId] of made.choices.slice(0, people.length).entries()) {
          const person = people[index];
          if (!person) continue;
          const ballot = { ballotId: `ballot-${round}-${index}-xx`, proposalId, round: 1, optionId };
          receipts.push((await commands["ballot.cast"](ballot, await gate.as(person))).receipt);
        }
        const hidden = { view: await gate.view(), unit: await gate.unit(await firstUnit()) };
        const vote = hidden.view.votes.find((one) => one.proposalId === proposalId);
        expect(vote).toMatchObject({ state: "open", result: null });
        expect(vote?.turnout.voted).toBe(receipts.length);
        await commands["proposal.close"]({ proposalId, round: 1, reason: made.reason }, lead);
        const closed = await gate.view();
        expect(closed.votes.find((one) => one.proposalId === proposalId)?.result).toBeNull();
        if (made.reveal) await commands["proposal.reveal"]({ proposalId, round: 1 }, lead);
        const after = [await gate.view(), await gate.snapshot()];
        const heard = gate.told
          .slice(from.told)
          .filter(({ rooms }) => rooms.some((room) => /^wall:/.test(room)));
        const everything = JSON.stringify([hidden, closed, after, heard]);
        const person = people.flatMap(({ residentId, token }) => [residentId, token]);
        for (const text of [...made.names, ...made.contacts, ...made.notes, ...receipts, ...person])
          expect(everything).not.toContain(text);
        expect(JSON.stringify([hidden, closed, after])).not.toContain(made.body);
        expect(JSON.stringify([hidden, closed, after])).not.toContain(made.reason);
        const shown = after[0]?.votes.find((one) => one.proposalId === proposalId);
        expect(shown?.result === null).toBe(!made.reveal);
      }),
      { numRuns: 12 },
    );
    expect(gate.faults).toEqual([]);
  });
});
