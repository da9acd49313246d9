import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { audienceRooms } from "../../server/sockets/audience.ts";
import type { ReportRule } from "../../shared/chat/model.ts";
import type { KioskActor, PersonActor } from "../../shared/identity/model.ts";
import { contract } from "../../shared/wire/contract.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { newMessageId, openYard, refusalOf, type Yard } from "./yard.ts";

const secret = "王家电话 139";

for (const dialect of dialects) {
  describe(`judging the chat on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let yard: Yard;
    let author: PersonActor;
    let reporter: PersonActor;
    let reader: PersonActor;
    let steward1: PersonActor;
    let steward3: PersonActor;
    let facilitator: PersonActor;
    let officer: PersonActor;
    beforeAll(async () => {
      opened = await dialect.open();
      yard = await openYard(opened.storage);
      author = await yard.person(2, "爱发广告的");
      reporter = await yard.person(3, "看不下去的");
      reader = await yard.person(3, "路过的");
      steward1 = await yard.person(0, "1 栋楼栋长", [{ role: "steward", building: "1" }]);
      steward3 = await yard.person(2, "3 栋楼栋长", [{ role: "steward", building: "3" }]);
      facilitator = await yard.person(null, "主持人", [{ role: "facilitator" }]);
      officer = await yard.person(null, "社区的", [{ role: "officer" }]);
    });
    afterAll(() => opened.close());
    beforeEach(() => yard.rest());

    const post = async (channelId: string, text = secret, actor = author) => {
      const messageId = newMessageId();
      await yard.send(actor, "chat.post", { messageId, channelId, text });
      return messageId;
    };
    const report = (actor: PersonActor, messageId: string, rule: ReportRule = "private-data") =>
      yard.send(actor, "chat.report", { messageId, rule });
    const decide = (actor: PersonActor, messageId: string, decision: "keep" | "remove") =>
      yard.send(actor, "chat.decide", { messageId, decision });
    const seenBy = async (actor: PersonActor, channelId: string, messageId: string) => {
      const { messages } = await yard.ask(actor, "chat.page", { channelId });
      return messages.find(({ id }) => id === messageId);
    };
    /** Everything this person could have been told of one message since it was hidden. */
    const toldOf = async (actor: PersonActor, messageId: string) => {
      const { caughtUp } = await yard.heardBy(actor);
      const of = caughtUp.filter(({ data }) => JSON.stringify(data).includes(messageId));
      return JSON.stringify([of, await yard.snapshot(actor)]);
    };

    it("[CH-9] a reported message is blurred for others until a steward of the place decides", async () => {
      const channelId = yard.channel("3");
      const messageId = await post(channelId);
      expect(await report(reporter, messageId)).toEqual({ state: "blurred" });
      const blurred = { state: "blurred", rule: "private-data" };
      expect(await seenBy(reporter, channelId, messageId)).toMatchObject({ ...blurred, text: null });
      expect(await seenBy(reader, channelId, messageId)).toMatchObject({ ...blurred, text: null });
      expect(await seenBy(author, channelId, messageId)).toMatchObject({ ...blurred, text: secret });
      expect(await seenBy(steward3, channelId, messageId)).toMatchObject({ ...blurred, text: secret });
      expect(await seenBy(officer, channelId, messageId)).toMatchObject({ ...blurred, text: secret });
      expect(await refusalOf(decide(reader, messageId, "keep"))).toMatchObject({ code: "not-allowed" });
      expect(await refusalOf(decide(steward1, messageId, "keep"))).toMatchObject({ code: "not-found" });
      expect(await decide(steward3, messageId, "remove")).toEqual({ state: "removed" });
      expect(await decide(steward3, messageId, "remove")).toEqual({ state: "removed" });
      expect(await seenBy(reader, channelId, messageId)).toMatchObject({ state: "removed", text: null });
    });

    it("[CH-9] one report a person and message; nobody reports or decides about their own words", async () => {
      const channelId = yard.channel("3");
      const messageId = await post(channelId, "随便说说", steward3);
      expect(await refusalOf(report(steward3, messageId))).toMatchObject({ code: "not-allowed" });
      await report(reporter, messageId, "rude");
      await report(reporter, messageId, "advert");
      expect(await refusalOf(decide(steward3, messageId, "keep"))).toMatchObject({ code: "not-allowed" });
      const { messages } = await yard.ask(officer, "chat.waiting", {});
      expect(messages.find(({ message }) => message.id === messageId)?.reports).toEqual([
        { rule: "rude", count: 1 },
      ]);
      expect(await decide(officer, messageId, "keep")).toEqual({ state: "shown" });
      const unreported = await post(channelId, "没人举报过");
      expect(await refusalOf(decide(officer, unreported, "remove"))).toMatchObject({ code: "invalid-input" });
    });

    it("[CH-9] a report too many within minutes is told how long to wait", async () => {
      const eager = await yard.person(3, "爱举报的");
      const messageId = await post(yard.channel("3"), "一句话");
      for (let n = 0; n < 5; n += 1) await report(eager, messageId);
      expect(await refusalOf(report(eager, messageId))).toEqual({
        code: "rate-limited",
        params: { seconds: 60 },
      });
      await decide(officer, messageId, "keep");
    });

    it("[CH-10] hidden words are in nothing that others get, live or catching up, whoever hid them", async () => {
      const channelId = yard.channel(null);
      const blurred = await post(channelId);
      await report(reporter, blurred);
      const removed = await post(channelId);
      await report(reporter, removed);
      await decide(officer, removed, "remove");
      const deleted = await post(channelId);
      await yard.send(author, "chat.edit", { messageId: deleted, text: `${secret} 改` });
      await yard.send(author, "chat.delete", { messageId: deleted });
      for (const messageId of [blurred, removed, deleted]) {
        for (const other of [reporter, reader, facilitator]) {
          expect((await seenBy(other, channelId, messageId))?.text).toBeNull();
          const told = await toldOf(other, messageId);
          expect(told).toContain(messageId);
          expect(told).not.toContain(secret);
        }
        const after = yard.events.filter(({ data, name }) => {
          const { id, state } = data as { id?: string; state?: string };
          return id === messageId && name === "chat.message-was-changed" && state !== "shown";
        });
        expect(after.length).toBeGreaterThan(0);
        expect(JSON.stringify(after)).not.toContain(secret);
      }
      await decide(officer, blurred, "keep");
      expect(await toldOf(reader, blurred)).toContain(secret);
    });

    it("[CH-10] editing takes the earlier words out of what others catch up on", async () => {
      const messageId = await post(yard.channel(null));
      await yard.send(author, "chat.edit", { messageId, text: "打我家门就好" });
      const told = await toldOf(reader, messageId);
      expect(told).not.toContain(secret);
      expect(told).toContain("打我家门就好");
      const { caughtUp } = await yard.heardBy(reader);
      const seqs = (await yard.log.since(yard.communityId, 0, 10_000)).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => n + 1));
      expect(caughtUp.length).toBeGreaterThan(0);
    });

    it("[CH-11] kept words are not blurred again, changed ones are, and a removal can be taken back", async () => {
      const channelId = yard.channel("3");
      const messageId = await post(channelId, "第一稿");
      await report(reporter, messageId);
      await decide(steward3, messageId, "keep");
      yard.clock.time += 1;
      expect(await report(reader, messageId)).toEqual({ state: "shown" });
      const waiting = async () => (await yard.snapshot(steward3)).channels.find(({ id }) => id === channelId);
      expect((await waiting())?.waiting).toBe(1);
      expect(await decide(steward3, messageId, "remove")).toEqual({ state: "removed" });
      expect((await waiting())?.waiting).toBe(0);
      expect(await decide(officer, messageId, "keep")).toEqual({ state: "shown" });
      expect(await seenBy(reader, channelId, messageId)).toMatchObject({ text: "第一稿", rule: null });
      yard.clock.time += 1;
      await yard.send(author, "chat.edit", { messageId, text: "第二稿" });
      const third = await yard.person(2, "第三个");
      expect(await report(third, messageId)).toEqual({ state: "blurred" });
      await decide(officer, messageId, "keep");
    });

    it("[CH-12] nothing that is told names who reported, not even to those who decide", async () => {
      const quiet = await yard.person(3, "不想出名的");
      const messageId = await post(yard.channel("3"), "闲话");
      const from = yard.events.length;
      await report(quiet, messageId, "rumour");
      const waiting = await yard.ask(officer, "chat.waiting", {});
      expect(waiting.messages.find(({ message }) => message.id === messageId)).toMatchObject({
        reports: [{ rule: "rumour", count: 1 }],
        mayMute: true,
        message: { text: "闲话" },
      });
      expect(JSON.stringify([waiting, yard.events.slice(from)])).not.toContain(quiet.residentId);
      expect(yard.events.slice(from).map(({ name, rooms }) => ({ name, rooms }))).toEqual([
        { name: "chat.reports-changed", rooms: [`staff:${yard.courtyardId}`] },
        { name: "chat.message-was-changed", rooms: [`building:${yard.buildingId("3")}`] },
      ]);
      expect((await yard.ask(reader, "chat.waiting", {})).messages).toEqual([]);
      expect((await yard.ask(facilitator, "chat.waiting", {})).messages).toEqual([]);
      await decide(officer, messageId, "keep");
    });

    it("[CH-13] taken back while a report waits, the words stay for those who decide and go with the decision", async () => {
      const channelId = yard.channel("3");
      const messageId = await post(channelId);
      await report(reporter, messageId);
      await yard.send(author, "chat.delete", { messageId });
      expect(await seenBy(steward3, channelId, messageId)).toMatchObject({ state: "deleted", text: null });
      const { messages } = await yard.ask(steward3, "chat.waiting", {});
      expect(messages.find(({ message }) => message.id === messageId)?.message.text).toBe(secret);
      expect(await decide(steward3, messageId, "remove")).toEqual({ state: "deleted" });
      const row = yard.storage.db.selectFrom("messages").select("text").where("id", "=", messageId);
      expect(await row.executeTakeFirst()).toEqual({ text: "" });
    });

    it("[CH-14] a mute stops writing and editing, says until when, ends by itself and can be lifted", async () => {
      const loud = await yard.person(2, "大嗓门");
      const messageId = await post(yard.channel(null), "喂", loud);
      const mute = { muteId: newMessageId(), residentId: loud.residentId, minutes: 3, reason: "先冷静一下" };
      const { until } = await yard.send(steward3, "chat.mute", mute);
      expect(until).toBe(yard.clock.time + 180_000);
      yard.clock.time += 60_000;
      expect(await yard.send(steward3, "chat.mute", mute)).toEqual({ until });
      const refused = { code: "muted", params: { until, reason: "先冷静一下" } };
      expect(await refusalOf(post(yard.channel(null), "喂喂", loud))).toEqual(refused);
      expect(await refusalOf(yard.send(loud, "chat.edit", { messageId, text: "喂!" }))).toEqual(refused);
      expect((await yard.snapshot(loud)).mute).toEqual({ until, reason: "先冷静一下" });
      expect((await yard.ask(steward3, "chat.mutes", {})).mutes).toMatchObject([
        { residentId: loud.residentId, until, name: "大嗓门", door: "3-1-501" },
      ]);
      expect((await yard.ask(steward1, "chat.mutes", {})).mutes).toEqual([]);
      yard.clock.time = until;
      expect((await yard.snapshot(loud)).mute).toBeNull();
      await post(yard.channel(null), "可以说了", loud);
      await yard.send(officer, "chat.mute", { ...mute, muteId: newMessageId(), minutes: 60 });
      await yard.send(steward3, "chat.lift-mute", { residentId: loud.residentId });
      await yard.send(steward3, "chat.lift-mute", { residentId: loud.residentId });
      await post(yard.channel(null), "谢谢", loud);
      const { live } = await yard.heardBy(loud);
      expect(live.filter(({ name }) => name === "chat.mute-changed").map(({ data }) => data)).toEqual([
        { courtyardId: yard.courtyardId, mute: { until, reason: "先冷静一下" } },
        { courtyardId: yard.courtyardId, mute: { until: expect.any(Number), reason: "先冷静一下" } },
        { courtyardId: yard.courtyardId, mute: null },
      ]);
      expect(JSON.stringify(await yard.heardBy(reader))).not.toContain("先冷静一下");
    });

    it("[CH-14] nobody mutes themselves, an officer, or someone who is not theirs to look after", async () => {
      const mute = (actor: PersonActor, target: PersonActor) =>
        yard.send(actor, "chat.mute", {
          muteId: newMessageId(),
          residentId: target.residentId,
          minutes: 1,
          reason: "试试",
        });
      const neighbour = await yard.person(2, "住 3 栋的社区干部", [{ role: "officer" }]);
      for (const [actor, target] of [
        [steward3, neighbour],
        [officer, neighbour],
        [reader, author],
        [facilitator, author],
        [steward1, author],
        [steward3, steward3],
        [steward3, officer],
        [officer, officer],
        [steward3, facilitator],
      ] as const) {
        expect(await refusalOf(mute(actor, target))).toMatchObject({ code: "not-allowed" });
      }
      await mute(officer, facilitator);
      await yard.send(officer, "chat.lift-mute", { residentId: facilitator.residentId });
    });

    it("[CH-15] the wall hears nothing, gets no snapshot and may ask nothing", async () => {
      const kiosk: KioskActor = {
        kind: "kiosk",
        sessionId: "session-k",
        kioskId: "kiosk-1",
        communityId: yard.communityId,
        courtyardId: yard.courtyardId,
      };
      const wall = new Set(audienceRooms(kiosk, [yard.buildingId("1"), yard.buildingId("3")]));
      expect(yard.events.length).toBeGreaterThan(10);
      expect(yard.events.filter(({ rooms }) => rooms.some((room) => wall.has(room)))).toEqual([]);
      expect(yard.signals.filter(({ rooms }) => rooms.some((room) => wall.has(room)))).toEqual([]);
      expect(await refusalOf(yard.snapshot(kiosk))).toMatchObject({ code: "not-allowed" });
      const told = [...Object.values(contract.chat.events), ...Object.values(contract.chat.signals)];
      expect(told.flatMap(({ audiences }) => [...audiences])).not.toContain("wall");
      expect(await refusalOf(yard.ask(kiosk, "chat.page", { channelId: yard.channel(null) }))).toMatchObject({
        code: "not-allowed",
      });
    });
  });
}
