import { Redis as Client } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../server/clock.ts";
import { createBoardBus, watchCommits } from "../../server/fanout/board-bus.ts";
import { canaryLimits } from "../../server/fanout/canary.ts";
import { writeEnvelope } from "../../server/fanout/envelope.ts";
import { freshLimits } from "../../server/fanout/fresh-words.ts";
import { busLimits, RedisBus } from "../../server/fanout/redis-bus.ts";
import { createRedisClients } from "../../server/fanout/redis-clients.ts";
import type { LogRow } from "../../server/sync/ports.ts";
import { type Redis, startRedis } from "../services/redis.ts";
import { startTcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";
import { boardNews, testInstallation } from "./bus-stubs.ts";

/** Of a word that is made by hand. */
let said = 0;
const origin = () => ({ nodeId: "by hand", count: ++said, at: Date.now() });
const quiet = { warn: () => {}, info: () => {} };

describe("the bus over Redis", () => {
  let redis: Redis;
  const opened: RedisBus[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    redis.resume();
    for (const bus of opened.splice(0)) await bus.close();
  });
  afterAll(() => redis.stop());

  const join = async (name: string, port = redis.port, clock: Clock = systemClock): Promise<RedisBus> => {
    const bus = new RedisBus(
      createRedisClients({ url: `redis://127.0.0.1:${port}`, sentinels: null, cluster: null }),
      testInstallation(),
      name,
      clock,
      quiet,
    );
    opened.push(bus);
    await until(`${name} hears itself`, () => bus.healthy());
    return bus;
  };
  const listen = async (bus: RedisBus, channel: string): Promise<string[]> => {
    const heard: string[] = [];
    await bus.subscribe(channel, (word) => heard.push(Buffer.from(word).toString())).ready;
    return heard;
  };

  it("[FO-13 T16] a channel that Redis refuses is asked for until it is granted, and takes no other along", async () => {
    const [one, two] = [await join("one"), await join("two")];
    const admin = new Client(redis.port, "127.0.0.1");
    const allow = (...channels: string[]) =>
      admin.call("ACL", "SETUSER", "default", "resetchannels", ...channels);
    const pass = (channel: string, heard: string[], word: string) =>
      until(`"${word}" passes on ${channel}`, () => {
        one.publish(channel, Buffer.from(word));
        return heard.includes(word);
      });
    try {
      await allow("&yuanba:test:canary:*", "&yuanba:test:granted");
      const granted = await listen(two, "granted");
      const refused: string[] = [];
      const line = two.subscribe("refused", (word) => refused.push(Buffer.from(word).toString()));
      await until("it says that it does not hear everything", () => !two.healthy());
      await pass("granted", granted, "beside it");
      await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
      await pass("granted", granted, "on a new connection");
      expect(two.healthy()).toBe(false);
      await allow("allchannels");
      await line.ready;
      await pass("refused", refused, "at last");
      await until("it hears everything", () => two.healthy());
    } finally {
      await allow("allchannels");
      admin.disconnect();
    }
  });

  it("[FO-7 FO-8] a Redis that carries words late is not trusted, and is again when it carries them in time", async () => {
    const proxy = await startTcpProxy(redis.port);
    const bus = await join("one", proxy.port);
    const heard = await listen(bus, "c");
    const other = await join("two");
    let backs = 0;
    bus.onBack(() => backs++);
    proxy.delayAnswers(canaryLimits.slowAfter + 500);
    for (const word of ["1", "2", "3"]) {
      other.publish("c", Buffer.from(word));
      await until("it is heard, late", () => heard.includes(word));
      expect(bus.healthy(), word).toBe(false);
    }
    expect(backs).toBe(0);
    await proxy.mend();
    await until("it is trusted again", () => bus.healthy() && backs > 0);
    await bus.close();
    await proxy.close();
  });

  it("[FO-10 INV-11] what cannot be sent to a frozen Redis is dropped beyond a bound, and the bus works afterwards", async () => {
    const [one, two] = [await join("one"), await join("two")];
    const heard = await listen(two, "c");
    redis.pause();
    const word = new Uint8Array(256 * 1024);
    let taken = 0;
    await until("the bus knows that nothing answers", () => {
      const before = one.counters.published;
      for (let n = 0; n < 20; n++) one.publish("bulk", word);
      taken += (one.counters.published - before) * word.length;
      return !one.healthy();
    });
    expect(one.counters.dropped).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(busLimits.unsentBytes + 2 * word.length);
    redis.resume();
    await until("a word passes again", () => {
      one.publish("c", Buffer.from("again"));
      return heard.includes("again");
    });
  });

  it("[FO-11] a Redis that was away for a moment only counts as back, on the side that spoke and on the side that heard", async () => {
    const bus = await join("one");
    let backs = 0;
    bus.onBack(() => backs++);
    await redis.kill();
    await redis.revive();
    await until("it is back", () => backs > 0);
    const heard = await listen(await join("two"), "c");
    bus.publish("c", Buffer.from("after"));
    await until("words pass", () => heard.includes("after"));
  });

  it("[FO-12 T30] bytes that nobody understands end nothing: garbage, other versions, other kinds", async () => {
    const [bus, plain] = [await join("one"), await join("two")];
    const rows: LogRow[] = [];
    await createBoardBus(bus).open("b1", boardNews({ committed: (row) => rows.push(row) })).ready;
    const watched: number[] = [];
    watchCommits(bus, "b1", ({ seq }) => watched.push(seq));
    const { key } = testInstallation();
    const newer = writeEnvelope(key, "board:b1", origin(), new Uint8Array([0, 1, 1, 1]));
    newer[0] = 77;
    const raw = redis.speak();
    for (const bytes of [Buffer.alloc(0), Buffer.from([255]), newer, newer.subarray(0, 9), Buffer.from("{}")])
      await raw.say("yuanba:test:board:b1", bytes);
    for (const bytes of [[77], [0], [0, 0, 0, 2, 0, 0, 0], [0, 1, 255, 255, 255, 255, 15], [1, 200, 1, 9]])
      plain.publish("board:b1", Uint8Array.from(bytes));
    createBoardBus(plain).committed({ boardId: "b1", seq: 1, update: Uint8Array.of(0, 0), bindings: [] }, []);
    await until("the sound word is heard", () => rows.length > 0 && watched.length > 0);
    expect(rows).toEqual([{ boardId: "b1", seq: 1, update: Uint8Array.of(0, 0), bindings: [] }]);
    expect(watched).toEqual([1]);
    raw.close();
  });

  it("[FO-33] nobody's word is believed without the seal of the installation, for the channel it is heard on", async () => {
    const bus = await join("one");
    const heard = await listen(bus, "c");
    const { key } = testInstallation();
    const broken = writeEnvelope(key, "c", origin(), Buffer.from("changed on the way"));
    broken[broken.length - 1] = 33;
    const raw = redis.speak();
    for (const bytes of [
      writeEnvelope(testInstallation("other").key, "c", origin(), Buffer.from("another's")),
      writeEnvelope(key, "d", origin(), Buffer.from("said elsewhere")),
      broken,
      writeEnvelope(key, "c", origin(), Buffer.from("ours")),
    ])
      await raw.say("yuanba:test:c", bytes);
    await until("the sealed word is heard", () => heard.length > 0);
    expect([heard, bus.counters.refused]).toEqual([["ours"], 3]);
    raw.close();
  });

  it("[FO-35] a word is heard once, however often it is said again, and not at all when it is old", async () => {
    const [one, two] = [await join("one"), await join("two")];
    const [heard, refused] = [await listen(two, "c"), () => two.counters.refused];
    const raw = redis.speak();
    const passed = await raw.hear("yuanba:test:c");
    for (const word of ["1", "2"]) one.publish("c", Buffer.from(word));
    await until("both are heard", () => heard.length === 2 && passed.length === 2);
    for (const bytes of [...passed, ...passed.toReversed()]) await raw.say("yuanba:test:c", bytes);
    await until("they are refused", () => refused() === 4);
    const now = Date.now();
    const off = (by: number): Clock => ({ now: () => now + by });
    const [later, sooner] = [
      await join("later", redis.port, off(freshLimits.wordAge + 60_000)),
      await join("sooner", redis.port, off(-freshLimits.wordAge - 60_000)),
    ];
    const [byLater, bySooner] = [await listen(later, "c"), await listen(sooner, "c")];
    for (const bytes of passed.slice(0, 2)) await raw.say("yuanba:test:c", bytes);
    await until("they are refused", () => [later, sooner].every(({ counters }) => counters.refused === 2));
    one.publish("c", Buffer.from("3"));
    await until("the next one is heard", () => heard.length > 2);
    expect([heard, byLater, bySooner]).toEqual([["1", "2", "3"], [], []]);
    raw.close();
  });

  it("[FO-12 INV-11] a word that is too long is neither said nor heard", async () => {
    const [one, two] = [await join("one"), await join("two")];
    const heard = await listen(two, "c");
    const long = Buffer.alloc(busLimits.wordBytes + 2_000);
    one.publish("c", long);
    expect(one.counters.dropped).toBe(1);
    const raw = redis.speak();
    await raw.say(
      "yuanba:test:c",
      writeEnvelope(testInstallation().key, "c", { ...origin(), nodeId: "one" }, long),
    );
    await until("the next word is heard", () => {
      one.publish("c", Buffer.from("next"));
      return heard.length > 0;
    });
    expect([heard[0], two.counters.refused]).toEqual(["next", 1]);
    raw.close();
  });

  it("[FO-13 T19] names that look alike, or like a pattern, are channels of their own", async () => {
    const [one, two] = [await join("one"), await join("two")];
    const names = ["a", "a*", "a?", "[ab]", "a:b", "a/b", "a%2Fb", "A", "a ", "板"];
    const heard = await Promise.all(names.map((name) => listen(two, name)));
    for (const name of names) one.publish(name, Buffer.from(`to ${name}`));
    await until("each has its own", () => heard.every((words) => words.length > 0));
    expect(heard).toEqual(names.map((name) => [`to ${name}`]));
  });

  it("[FO-13] a channel is subscribed while somebody listens, however often they come and go", async () => {
    const bus = await join("one");
    const lines = Array.from({ length: 200 }, (_, at) => bus.subscribe(`c${at % 50}`, () => {}));
    await Promise.all(lines.map(({ ready }) => ready));
    const raw = redis.speak();
    expect(await raw.channels()).toBe(51);
    for (const line of lines) {
      line.close();
      line.close();
    }
    await until("only the canary is left", async () => (await raw.channels()) === 1);
    expect(bus.counters.channels).toBe(1);
    const again = bus.subscribe("c0", () => {});
    again.close();
    const heard = await listen(bus, "c0");
    (await join("two")).publish("c0", Buffer.from("here"));
    await until("who came last hears", () => heard.includes("here"));
    raw.close();
  });
});
