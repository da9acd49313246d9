import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moveMark } from "../../server/chat/channels.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { newMessageId, openYard, refusalOf, type Yard } from "./yard.ts";

for (const dialect of dialects) {
  describe(`writing in the chat on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let yard: Yard;
    let fisher: PersonActor;
    let gardener: PersonActor;
    let stranger: PersonActor;
    let steward3: PersonActor;
    beforeAll(async () => {
      opened = await dialect.open();
      yard = await openYard(opened.storage);
      fisher = await yard.person(0, "三楼的钓鱼哥");
      gardener = await yard.person(2, "爱种菜的");
      stranger = await yard.person(4, "隔壁院子的");
      steward3 = await yard.person(3, "3 栋楼栋长", [{ role: "steward", building: "3" }]);
    });
    afterAll(() => opened.close());

    const say = (actor: PersonActor, text: string, channelId = yard.channel(null)) => {
      yard.clock.time += 1_500;
      return yard.send(actor, "chat.post", { messageId: newMessageId(), channelId, text });
    };
    const page = (actor: PersonActor, range: { before?: number; after?: number; limit?: number } = {}) =>
      yard.ask(actor, "chat.page", { channelId: yard.channel(null), ...range });

    it("[CH-1] a building's channel does not exist for those who neither live there nor look after it", async () => {
      const own = yard.channel("3");
      await say(gardener, "3 栋的电梯修好了", own);
      const input = { channelId: own };
      expect(await refusalOf(yard.ask(fisher, "chat.page", input))).toMatchObject({ code: "not-found" });
      expect(await refusalOf(say(fisher, "听得到吗", own))).toMatchObject({ code: "not-found" });
      expect(await refusalOf(yard.ask(stranger, "chat.page", input))).toMatchObject({ code: "not-found" });
      expect(await refusalOf(page(stranger))).toMatchObject({ code: "not-found" });
      expect((await yard.ask(steward3, "chat.page", input)).messages).toHaveLength(1);
      const officer = await yard.person(null, "社区的", [{ role: "officer" }]);
      expect((await yard.ask(officer, "chat.page", input)).messages).toHaveLength(1);
      const names = async (actor: PersonActor) =>
        (await yard.snapshot(actor)).channels.map(({ name }) => name);
      expect(await names(fisher)).toEqual(["", "1"]);
      expect(await names(gardener)).toEqual(["", "3"]);
      expect(await names(officer)).toEqual(["", "1", "3"]);
      const hear = async (actor: PersonActor) => JSON.stringify(await yard.heardBy(actor));
      expect(await hear(gardener)).toContain("电梯");
      expect(await hear(fisher)).not.toContain("电梯");
    });

    it("[CH-2, INV-3] a message sent again is the same message, also ten times at once", async () => {
      const message = { messageId: newMessageId(), channelId: yard.channel(null), text: "哪家有梯子？" };
      yard.rest();
      const attempts = Array.from({ length: 5 }, () => yard.send(fisher, "chat.post", message));
      const first = (await Promise.all(attempts))[0];
      yard.rest();
      const later = await yard.send(fisher, "chat.post", message);
      expect(await Promise.all(attempts)).toEqual(Array.from({ length: 5 }, () => later));
      expect(later).toEqual(first);
      const told = yard.events.filter((event) => JSON.stringify(event.data).includes(message.messageId));
      expect(told).toHaveLength(1);
      const after = await say(fisher, "找到了");
      expect(after.seq).toBe(later.seq + 1);
    });

    it("[CH-2] an id with other words, elsewhere or from someone else is refused", async () => {
      const message = { messageId: newMessageId(), channelId: yard.channel(null), text: "借个打气筒" };
      await yard.send(fisher, "chat.post", message);
      const bad = { code: "invalid-input" };
      expect(await refusalOf(yard.send(fisher, "chat.post", { ...message, text: "别的" }))).toMatchObject(
        bad,
      );
      expect(await refusalOf(yard.send(gardener, "chat.post", message))).toMatchObject(bad);
      const elsewhere = { ...message, channelId: yard.channel("1") };
      expect(await refusalOf(yard.send(fisher, "chat.post", elsewhere))).toMatchObject(bad);
    });

    it("[CH-3] nothing to read and more than a thousand characters are refused, line breaks stay", async () => {
      for (const text of ["", "   ", "\u200b\u200b", "字".repeat(1_001)]) {
        expect(await refusalOf(say(fisher, text))).toMatchObject({ code: "invalid-input" });
      }
      await say(fisher, `一\r\n二\u0000${"长".repeat(990)}`);
      const { messages } = await page(fisher, { limit: 1 });
      expect(messages[0]?.text).toMatch(/^一\n二 长/);
    });

    it("[CH-4] numbers are dense and in order though many write at once and some are refused", async () => {
      const writers = await Promise.all(["甲", "乙", "丙", "丁"].map((name, nth) => yard.person(nth, name)));
      const before = (await page(fisher)).lastSeq;
      const calls = writers.flatMap((writer) =>
        Array.from({ length: 8 }, (_, n) =>
          yard
            .send(writer, "chat.post", {
              messageId: newMessageId(),
              channelId: yard.channel(null),
              text: `${writer.displayName} ${n}`,
            })
            .then(
              ({ seq }) => seq,
              () => null,
            ),
        ),
      );
      const given = (await Promise.all(calls)).filter((seq) => seq !== null);
      expect(given).toHaveLength(20);
      expect([...given].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => before + 1 + n));
      const told = yard.events
        .filter(({ name }) => name === "chat.message-was-posted")
        .map(({ data }) => data as { channelId: string; seq: number })
        .filter(({ channelId }) => channelId === yard.channel(null))
        .map(({ seq }) => seq);
      expect([...told].sort((a, b) => a - b)).toEqual(Array.from({ length: told.length }, (_, n) => n + 1));
    });

    it("[CH-5] pages laid end to end are the whole history, both ways", async () => {
      for (let n = 0; n < 60; n += 1) await say(n % 2 ? fisher : gardener, `第 ${n} 句`);
      const last = await page(fisher);
      expect(last.messages).toHaveLength(50);
      expect(last.messages.at(-1)?.seq).toBe(last.lastSeq);
      const back: number[] = [];
      for (let before = last.lastSeq + 1; before > 1; ) {
        const { messages } = await page(fisher, { before, limit: 13 });
        back.unshift(...messages.map(({ seq }) => seq));
        before = messages[0]?.seq ?? 0;
      }
      const forth: number[] = [];
      for (let after = 0; after < last.lastSeq; after = forth.at(-1) ?? Number.POSITIVE_INFINITY) {
        forth.push(...(await page(fisher, { after, limit: 17 })).messages.map(({ seq }) => seq));
      }
      const whole = Array.from({ length: last.lastSeq }, (_, n) => n + 1);
      expect(back).toEqual(whole);
      expect(forth).toEqual(whole);
      expect((await page(fisher, { after: last.lastSeq })).messages).toEqual([]);
      expect(await refusalOf(page(fisher, { limit: 51 }))).toMatchObject({ code: "invalid-input" });
      expect(await refusalOf(page(fisher, { before: 5, after: 2 }))).toMatchObject({ code: "invalid-input" });
    });

    it("[CH-6] marks only move forward, not past the end, and are told to one's other devices", async () => {
      const channelId = yard.channel(null);
      const { lastSeq } = await page(fisher);
      const reader = await yard.person(1, "小雨妈妈");
      const stand = async () =>
        (await yard.snapshot(reader)).channels.find(({ id }) => id === channelId)?.seenSeq;
      expect(await stand()).toBe(lastSeq);
      await say(gardener, "新的一句");
      expect(await stand()).toBe(lastSeq);
      const mark = (seq: number) => yard.send(reader, "chat.mark-seen", { channelId, seq });
      expect(await mark(lastSeq + 99)).toEqual({ seenSeq: lastSeq + 1 });
      expect(await mark(3)).toEqual({ seenSeq: lastSeq + 1 });
      expect(await Promise.all([mark(1), mark(lastSeq + 1), mark(2)])).toEqual(
        Array.from({ length: 3 }, () => ({ seenSeq: lastSeq + 1 })),
      );
      expect(await stand()).toBe(lastSeq + 1);
      // Two devices at once: the later write brings the older mark, past the look that would have spared it.
      const late = { channelId, residentId: reader.residentId, seq: 2 };
      expect(await opened.storage.write(({ db }) => moveMark(db, late))).toBe(lastSeq + 1);
      const own = { channelId, lastSeq: lastSeq + 1, seenSeq: lastSeq + 1 };
      expect(yard.signals.filter(({ rooms }) => rooms.includes(`resident:${reader.residentId}`))).toEqual([
        { name: "chat.marks", data: { channels: [own] }, rooms: [`resident:${reader.residentId}`] },
      ]);
      const { seq } = await say(reader, "看到了");
      expect(await stand()).toBe(seq);
      const [welcome] = await yard.welcomeSignals(reader);
      expect(welcome).toMatchObject({
        name: "chat.marks",
        data: { channels: expect.arrayContaining([{ channelId, lastSeq: seq, seenSeq: seq }]) },
      });
    });

    it("[CH-7] the sixth message at once is told how long to wait; a repeat costs nothing", async () => {
      yard.rest();
      const channelId = yard.channel(null);
      const sent = Array.from({ length: 5 }, () => ({ messageId: newMessageId(), channelId, text: "快" }));
      for (const message of sent) await yard.send(fisher, "chat.post", message);
      for (const message of sent) await yard.send(fisher, "chat.post", message);
      const sixth = { messageId: newMessageId(), channelId, text: "太快" };
      const refused = await refusalOf(yard.send(fisher, "chat.post", sixth));
      expect(refused).toEqual({ code: "rate-limited", params: { seconds: 1 } });
      await yard.send(gardener, "chat.post", { messageId: newMessageId(), channelId, text: "我不快" });
      yard.clock.time += 1_000;
      await yard.send(fisher, "chat.post", sixth);
    });

    it("[CH-8] one's own words can be changed for ten minutes, by nobody else and not after that", async () => {
      yard.rest();
      const messageId = newMessageId();
      await yard.send(fisher, "chat.post", { messageId, channelId: yard.channel(null), text: "明天八点" });
      const edit = (actor: PersonActor, text: string) => yard.send(actor, "chat.edit", { messageId, text });
      expect(await edit(fisher, "明天九点")).toEqual({ version: 2 });
      expect(await edit(fisher, "明天九点")).toEqual({ version: 2 });
      expect(await refusalOf(edit(gardener, "后天"))).toMatchObject({ code: "not-allowed" });
      yard.clock.time += 10 * 60_000;
      expect(await edit(fisher, "明天十点")).toEqual({ version: 3 });
      yard.clock.time += 1;
      expect(await refusalOf(edit(fisher, "算了"))).toMatchObject({ code: "edit-too-late" });
      const { messages } = await page(gardener, { limit: 1 });
      expect(messages[0]).toMatchObject({ text: "明天十点", version: 3, editedAt: expect.any(Number) });
    });

    it("[CH-8] a message is taken back within a day; a trace stays, the words are gone from everywhere", async () => {
      yard.rest();
      const messageId = newMessageId();
      const { seq } = await yard.send(fisher, "chat.post", {
        messageId,
        channelId: yard.channel(null),
        text: "发错地方了",
      });
      yard.clock.time += 24 * 3_600_000;
      expect(await refusalOf(yard.send(gardener, "chat.delete", { messageId }))).toMatchObject({
        code: "not-allowed",
      });
      expect(await yard.send(fisher, "chat.delete", { messageId })).toEqual({ version: 2 });
      expect(await yard.send(fisher, "chat.delete", { messageId })).toEqual({ version: 2 });
      const { messages } = await page(fisher, { after: seq - 1, limit: 1 });
      expect(messages[0]).toMatchObject({ id: messageId, state: "deleted", text: null });
      const row = yard.storage.db.selectFrom("messages").select("text").where("id", "=", messageId);
      expect(await row.executeTakeFirst()).toEqual({ text: "" });
      const edit = yard.send(fisher, "chat.edit", { messageId, text: "又来" });
      expect(await refusalOf(edit)).toMatchObject({ code: "message-gone" });
      const late = newMessageId();
      await yard.send(fisher, "chat.post", { messageId: late, channelId: yard.channel(null), text: "留着" });
      yard.clock.time += 24 * 3_600_000 + 1;
      expect(await refusalOf(yard.send(fisher, "chat.delete", { messageId: late }))).toMatchObject({
        code: "edit-too-late",
      });
    });
  });
}
