import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEventFeed } from "../../server/events/feed.ts";
import { createEventLog, type EventBatch, type EventLog, type LoggedEvent } from "../../server/events/log.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { until } from "../services/until.ts";
import { dialects, type OpenedStorage } from "./dialects.ts";

const audience = { courtyard: "y" } as never;
const tell = (log: EventLog, community: string, value: number, times = 1) =>
  log.write(community, async (unit) => {
    for (let each = 0; each < times; each++)
      unit.tell("resident.was-renamed" as never, { value } as never, audience);
  });

for (const dialect of dialects) {
  describe(`events on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let storage: Storage;
    let log: EventLog;
    const published: EventBatch[] = [];
    beforeAll(async () => {
      opened = await dialect.open();
      storage = opened.storage;
      log = createEventLog({ storage, clock: { now: () => 5 }, publish: (batch) => published.push(batch) });
      await storage.write(async ({ db }) => {
        await db
          .insertInto("communities")
          .values(["one", "two", "three", "four"].map((id) => ({ id, name: id, seq: 0, created_at: 1 })))
          .execute();
      });
    });
    afterAll(() => opened.close());

    const numbers = async (community: string) =>
      (await log.since(community, 0, 1000)).map((event) => event.seq);

    it("[EV-3] numbers are dense while many units run at once", async () => {
      await Promise.all(Array.from({ length: 60 }, (_, index) => tell(log, "one", index, (index % 3) + 1)));
      const seqs = await numbers("one");
      expect(seqs).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      expect(await log.head("one")).toBe(120);
      const told = published.filter((batch) => batch.communityId === "one").flatMap((batch) => batch.events);
      expect(told.map((event) => event.seq).sort((a, b) => a - b)).toEqual(seqs);
    });

    it("[EV-4] a refused unit tells nothing and uses no number", async () => {
      await tell(log, "two", 1);
      const before = published.length;
      const refused = log.write("two", async (unit) => {
        unit.tell("resident.was-renamed" as never, {} as never, audience);
        throw new Error("no");
      });
      await expect(refused).rejects.toThrow("no");
      await tell(log, "two", 2);
      expect(await numbers("two")).toEqual([1, 2]);
      expect(published.length).toBe(before + 1);
    });

    it("[EV-5] what many communities have missed is read in one question, and only what is left of it in more", async () => {
      const ids = Array.from({ length: 12 }, (_, at) => `m${at}`);
      await storage.write(({ db }) =>
        db
          .insertInto("communities")
          .values(ids.map((id) => ({ id, name: id, seq: 0, created_at: 1 })))
          .execute(),
      );
      const asked: string[] = [];
      const heard = new Map<string, number[]>(ids.map((id) => [id, []]));
      const feed = createEventFeed({
        log: {
          ...log,
          // Counted when it is answered: what has only been asked may still find what is told afterwards.
          since: async (id, ...rest) => {
            const answer = await log.since(id, ...rest);
            asked.push(id);
            return answer;
          },
          sinceEach: (...all) => {
            asked.push("all");
            return log.sinceEach(...all);
          },
        },
        deliver: (id, { seq }) => void heard.get(id)?.push(seq),
        onFault: (error) => {
          throw error;
        },
      });
      await Promise.all(ids.map((id) => feed.follow(id).ready));
      await until("each has begun", () => asked.length === ids.length);
      asked.length = 0;
      for (const id of ids) await tell(log, id, 1, 3);
      await feed.catchUp();
      expect([asked, [...heard.values()]]).toEqual([["all"], ids.map(() => [1, 2, 3])]);
      // The last two do not fit into the page, nor does half of the one before them.
      for (const id of ids) await tell(log, id, 1, 52);
      asked.length = 0;
      await feed.catchUp();
      expect(asked.length).toBe(1 + 3);
      for (const seqs of heard.values()) expect(seqs).toEqual(Array.from({ length: 55 }, (_, at) => at + 1));
      feed.close();
    });

    it("[EV-5] batches heard out of order are handed over in order, each once", async () => {
      const heard: number[] = [];
      const feed = createEventFeed({
        log,
        deliver: (_community, event) => heard.push(event.seq),
        onFault: (error) => {
          throw error;
        },
      });
      await feed.follow("three").ready;
      published.length = 0;
      for (let value = 0; value < 4; value++) await tell(log, "three", value);
      const [first, second, third, fourth] = published;
      if (!first || !second || !third || !fourth) throw new Error("four batches were published");
      for (const batch of [second, first, first, fourth, third, second]) feed.accept(batch);
      expect(heard).toEqual([1, 2, 3, 4]);
      feed.close();
    });

    it("[EV-5] a batch that never comes is read from the log", async () => {
      const heard: LoggedEvent[] = [];
      const feed = createEventFeed({
        log,
        deliver: (_community, event) => heard.push(event),
        onFault: (error) => {
          throw error;
        },
      });
      await feed.follow("four").ready;
      published.length = 0;
      for (let value = 0; value < 3; value++) await tell(log, "four", value);
      const last = published[2];
      if (!last) throw new Error("three batches were published");
      feed.accept(last);
      await until("three events are heard", () => heard.length === 3);
      expect(heard.map((event) => event.data)).toEqual([{ value: 0 }, { value: 1 }, { value: 2 }]);
      expect(heard[0]?.rooms).toEqual(["courtyard:y"]);
      feed.close();
    });
  });
}
