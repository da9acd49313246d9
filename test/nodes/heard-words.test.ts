import * as encoding from "lib0/encoding";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEventFeed, type EventFeed } from "../../server/events/feed.ts";
import { createEventLog, type EventBatch, type EventLog, type LoggedEvent } from "../../server/events/log.ts";
import { boardWordLimits, createBoardBus } from "../../server/fanout/board-bus.ts";
import type { Bus } from "../../server/fanout/bus.ts";
import { silentBus } from "../../server/fanout/bus.ts";
import { createEventBus, eventWordLimits } from "../../server/fanout/event-bus.ts";
import { followEvery } from "../../server/fanout/follow.ts";
import type { ShownEntry } from "../../server/sync/ports.ts";
import { encodeEntry } from "../../server/sync/protocol.ts";
import { until } from "../services/until.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { boardNews } from "./bus-stubs.ts";

/** A bus whose other end is the test. */
function openLine(): { bus: Bus; say(channel: string, bytes: Uint8Array): void; strange: () => number } {
  const listeners = new Map<string, (message: Uint8Array) => void>();
  let strange = 0;
  return {
    bus: {
      ...silentBus,
      subscribe: (channel, hear) => {
        listeners.set(channel, hear);
        return { ready: Promise.resolve(), close: () => {} };
      },
    },
    // As the bus over Redis does it: what a listener cannot understand ends nothing.
    say: (channel, bytes) => {
      try {
        listeners.get(channel)?.(bytes);
      } catch {
        strange++;
      }
    },
    strange: () => strange,
  };
}

const event = (seq: unknown, more: object = {}) => ({
  seq,
  at: 5,
  name: "x.y",
  rooms: ["r:1"],
  data: {},
  ...more,
});

describe("what is heard of a community", () => {
  it("[FO-12] what is not a batch of events is not handed on, whatever it looks like", () => {
    const { bus, say, strange } = openLine();
    const heard: EventBatch[] = [];
    createEventBus(bus).open("a", (batch) => heard.push(batch));
    const odd: unknown[] = [
      {},
      null,
      7,
      [],
      [null],
      [{ seq: 999_999 }],
      [{}],
      [event("1")],
      [event(0)],
      [event(-1)],
      [event(1.5)],
      [event(2 ** 53)],
      [event(1, { at: "now" })],
      [event(1, { name: 5 })],
      [event(1, { name: "n".repeat(201) })],
      [event(1, { rooms: null })],
      [event(1, { rooms: [5] })],
      [event(1, { rooms: Array.from({ length: eventWordLimits.rooms + 1 }, () => "r") })],
      [event(1, { data: null })],
      [event(1, { data: "text" })],
      [event(1), event(3)],
      [event(2), event(1)],
      Array.from({ length: eventWordLimits.events + 1 }, (_, at) => event(at + 1)),
    ];
    for (const word of odd) say("community:a", Buffer.from(JSON.stringify(word)));
    say("community:a", Buffer.from([255, 254]));
    expect([heard, strange()]).toEqual([[], odd.length + 1]);
    say("community:a", Buffer.from(JSON.stringify([event(4), event(5)])));
    expect(heard).toEqual([{ communityId: "a", events: [event(4), event(5)] }]);
  });
});

for (const dialect of dialects) {
  describe(`events that the log does not have, on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let log: EventLog;
    let feed: EventFeed;
    let reads = 0;
    /** What is told is not heard. */
    let lost = false;
    const heard: LoggedEvent[] = [];
    const faults: unknown[] = [];
    beforeAll(async () => {
      opened = await dialect.open();
      log = createEventLog({
        storage: opened.storage,
        clock: { now: () => 5 },
        publish: (batch) => lost || feed.accept(batch),
      });
      await opened.storage.write(({ db }) =>
        db.insertInto("communities").values({ id: "a", name: "a", seq: 0, created_at: 1 }).execute(),
      );
      feed = createEventFeed({
        log: {
          ...log,
          since: (...asked) => {
            reads++;
            return log.since(...asked);
          },
        },
        deliver: (_community, each) => {
          heard.push(each);
          if (JSON.stringify(each.data) === '{"value":-1}') throw new Error("nobody understands this one");
        },
        onFault: (error) => faults.push(error),
      });
      await feed.follow("a").ready;
    });
    afterAll(async () => {
      feed.close();
      await opened.close();
    });

    const tell = (value: number) =>
      log.write("a", async (unit) =>
        unit.tell("resident.was-renamed" as never, { value } as never, { courtyard: "y" } as never),
      );
    const claim = (seq: number) => feed.accept({ communityId: "a", events: [event(seq) as never] });
    const numbers = () => heard.map(({ seq }) => seq);

    it("[FO-12] a number far ahead makes the log be asked once and is forgotten, and real events go on", async () => {
      await until("the first reading is over", () => reads > 0);
      reads = 0;
      const began = performance.now();
      for (let value = 1; performance.now() - began < 500; value++) {
        claim(999_999);
        await tell(value);
      }
      const asked = reads;
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / followEvery.alone));
      expect(numbers()).toEqual(numbers().map((_, at) => at + 1));
      expect(numbers().length).toBe(await log.head("a"));
    });

    it("[FO-12] a flood of numbers that do not exist hides nothing that does, and a hole is filled all the same", async () => {
      for (let seq = 0; seq < 5_000; seq++) claim(1_000_000 + seq * 2);
      lost = true;
      await tell(1);
      lost = false;
      await tell(2);
      const head = await log.head("a");
      await until("all are heard", () => numbers().at(-1) === head);
      expect(numbers()).toEqual(numbers().map((_, at) => at + 1));
    });

    it("[FO-12] an event that a node cannot make anything of keeps no other from it", async () => {
      await tell(-1);
      await tell(1);
      expect(numbers().at(-1)).toBe(await log.head("a"));
      expect(faults).toHaveLength(1);
    });
  });
}

describe("what is heard of a board", () => {
  const now = 1_800_000_000_000;
  const shown = (entries: ShownEntry[]): Uint8Array => {
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, 1);
    encoding.writeVarUint(out, entries.length);
    for (const { account, encoded } of entries) {
      encoding.writeVarString(out, account);
      encoding.writeVarUint8Array(out, encoded);
    }
    return encoding.toUint8Array(out);
  };
  const entry = (clientId: number, clock: number, json = "{}"): ShownEntry => ({
    account: `r${clientId}`,
    encoded: encodeEntry({ clientId, clock, json }),
  });

  it("[FO-12] presence with a clock more than a day ahead, too long or cut off is left out, and the rest is taken", () => {
    const { bus, say } = openLine();
    const heard: ShownEntry[] = [];
    createBoardBus(bus, () => now).open("b", boardNews({ presence: (entries) => heard.push(...entries) }));
    const sound = [entry(1, now), entry(2, now + 3_600_000), entry(3, 1)];
    const whole = entry(9, now).encoded;
    const odd = [
      entry(4, Number.MAX_SAFE_INTEGER),
      entry(5, now + boardWordLimits.clockAhead + 1),
      entry(6, now, `"${"长".repeat(boardWordLimits.entryBytes)}"`),
      { account: "r7", encoded: Buffer.concat([whole, whole]) },
      { account: "r8", encoded: whole.subarray(0, 3) },
      { account: "r9", encoded: new Uint8Array() },
    ];
    say("board:b", shown([...odd, ...sound]));
    expect(heard.map(({ account }) => account)).toEqual(sound.map(({ account }) => account));
  });

  it("[FO-12] a renewal comes with its generation, and without one it is not taken for one", () => {
    const { bus, say, strange } = openLine();
    const heard: number[] = [];
    const line = createBoardBus({ ...bus, publish: say });
    line.open("b", boardNews({ renewed: (generation) => heard.push(generation) }));
    line.renewed("b", 300);
    say("board:b", Uint8Array.of(5));
    expect([heard, strange()]).toEqual([[300], 1]);
  });

  it("[FO-12 INV-11] a word that claims more than a board can have is not read", () => {
    const { bus, say, strange } = openLine();
    const seqs: number[] = [];
    createBoardBus(bus, () => now).open("b", boardNews({ committed: ({ seq }) => seqs.push(seq) }));
    const row = (seq: number, places: number, bindings: number) => {
      const out = encoding.createEncoder();
      for (const number of [0, seq, places]) encoding.writeVarUint(out, number);
      for (let at = 0; at < places; at++) encoding.writeVarString(out, "");
      encoding.writeVarUint8Array(out, Uint8Array.of(0, 0));
      encoding.writeVarUint(out, bindings);
      for (let at = 0; at < bindings; at++) {
        encoding.writeVarUint(out, at);
        encoding.writeVarString(out, "r");
      }
      return encoding.toUint8Array(out);
    };
    const claims = [
      row(1, boardWordLimits.places + 1, 0),
      row(2, 0, boardWordLimits.bindings + 1),
      row(0, 0, 0),
      shown(Array.from({ length: boardWordLimits.entries + 1 }, () => entry(1, now))),
    ];
    for (const word of claims) say("board:b", word);
    say("board:b", row(5, 3, 3));
    expect([seqs, strange()]).toEqual([[5], claims.length]);
  });
});
