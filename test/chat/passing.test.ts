import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPresence } from "../../server/chat/presence.ts";
import { createPace } from "../../server/pace.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { until } from "../services/until.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { openYard, type Yard } from "./yard.ts";

describe("passing states of the chat", () => {
  let opened: OpenedStorage;
  let yard: Yard;
  let writer: PersonActor;
  let reader: PersonActor;
  beforeAll(async () => {
    const [embedded] = dialects;
    if (!embedded) throw new Error("No dialect");
    opened = await embedded.open();
    yard = await openYard(opened.storage);
    writer = await yard.person(2, "爱种菜的");
    reader = await yard.person(0, "三楼的钓鱼哥");
  });
  afterAll(() => opened.close());

  const heard = (name: string) => yard.signals.filter((signal) => signal.name === name);

  it("[CH-16] typing names the building and no person, and is passed on at most every two seconds", async () => {
    const channelId = yard.channel(null);
    for (let n = 0; n < 20; n += 1) {
      yard.whisper(writer, "chat.typing", { channelId });
      yard.clock.time += 100;
    }
    yard.whisper(writer, "chat.typing", { channelId });
    await until("the second signal", () => heard("chat.typing").length === 2);
    const started = yard.clock.time - 2_000;
    expect(heard("chat.typing")[0]).toEqual({
      name: "chat.typing",
      data: { channelId, residentId: writer.residentId, building: "3", until: started + 6_000 },
      rooms: [`courtyard:${yard.courtyardId}`],
    });
    expect(JSON.stringify(heard("chat.typing"))).not.toContain(writer.displayName);
  });

  it("[CH-16] nobody types into a channel that is not theirs, and nothing is logged", async () => {
    const before = heard("chat.typing").length;
    yard.whisper(reader, "chat.typing", { channelId: yard.channel("3") });
    yard.whisper(reader, "chat.typing", { channelId: "no-such-channel" });
    yard.whisper(reader, "chat.typing", { channelId: yard.channel("1") });
    await until("the marker", () => heard("chat.typing").length > before);
    expect(
      heard("chat.typing")
        .slice(before)
        .map(({ rooms }) => rooms),
    ).toEqual([[`building:${yard.buildingId("1")}`]]);
    expect(yard.events).toEqual([]);
    expect(yard.faults).toEqual([]);
  });

  it("[CH-17] the count is of residents, told to all when it changes and to whoever looks", async () => {
    const channelId = yard.channel(null);
    const all = `courtyard:${yard.courtyardId}`;
    const look = (actor: PersonActor, here: boolean) => {
      yard.clock.time += 1_000;
      yard.whisper(actor, "chat.here", { channelId, here });
    };
    look(writer, true);
    look(writer, true);
    look(reader, true);
    look(writer, false);
    await until("four counts", () => heard("chat.here").length === 4);
    expect(heard("chat.here").map(({ data, rooms }) => [(data as { count: number }).count, rooms])).toEqual([
      [1, [all, `resident:${writer.residentId}`]],
      [1, [`resident:${writer.residentId}`]],
      [2, [all, `resident:${reader.residentId}`]],
      [1, [all]],
    ]);
  });

  it("[CH-17] who says nothing for a while has left", () => {
    const presence = createPresence({ hereFor: 50, toldEvery: 0 });
    const look = (residentId: string, now: number) =>
      presence.look({ channelId: "c", residentId, here: true }, now).count;
    expect(look("a", 0)).toBe(1);
    expect(look("b", 30)).toBe(2);
    expect(look("b", 50)).toBe(1);
  });

  it("[CH-7] a pace never lets more through than the burst and the time since allow", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2_500 }), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (waits) => {
        const pace = createPace({ every: 1_000, burst: 5 });
        const taken: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          const left = pace.take("a", now);
          if (left === 0) taken.push(now);
          // The wait it names is exact: one millisecond earlier is still too early.
          else if (left > 1) expect(pace.take("a", now + left - 1)).toBeGreaterThan(0);
        }
        for (const [index, at] of taken.entries()) {
          const within = taken.slice(index).filter((later) => later - at < 1_000).length;
          expect(within).toBeLessThanOrEqual(5 + 1);
        }
        expect(taken.length).toBeLessThanOrEqual(5 + Math.floor(now / 1_000));
      }),
    );
  });
});
