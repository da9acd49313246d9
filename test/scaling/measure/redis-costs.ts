import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../../server/clock.ts";
import { RedisBus } from "../../../server/fanout/redis-bus.ts";
import { createRedisClients } from "../../../server/fanout/redis-clients.ts";
import { testInstallation } from "../../nodes/bus-stubs.ts";
import { type Redis, startRedis } from "../../services/redis.ts";
import { until } from "../../services/until.ts";
import type { Costs } from "../costs.ts";
import { settled } from "./bed.ts";
import { cpuOf } from "./cpu.ts";

const words = 20_000;
/** About a committed edit. */
const word = new Uint8Array(300).fill(7);
/** Said at once, with a pause in between: a node says a few in a turn of its event loop, not thousands. */
const atOnce = 10;
const between = 2;
const few = 1;
const many = 9;

/** Words between nodes, each sealed, passed on by a Redis and checked by who hears it. */
export async function measureRedis(): Promise<Partial<Costs>> {
  const redis = await startRedis();
  try {
    // The first words pay for the compiler.
    await wordsTo(redis, many);
    const [none, one, several] = [
      await wordsTo(redis, 0),
      await wordsTo(redis, few),
      await wordsTo(redis, many),
    ];
    return {
      redisPublish: none.redis,
      redisCopy: (several.redis - one.redis) / (many - few),
      redisTaken: (several.here - one.here) / (many - few),
    };
  } finally {
    await redis.stop();
  }
}

/** CPU of Redis and of this process, which plays all nodes, for one word that so many of them hear, µs. */
async function wordsTo(redis: Redis, nodes: number): Promise<{ redis: number; here: number }> {
  const buses = Array.from({ length: nodes + 1 }, (_, at) => busOf(redis, `node${at}`));
  const [speaker, ...listeners] = buses;
  if (!speaker) throw new Error("nobody speaks");
  try {
    let heard = 0;
    for (const bus of listeners) await bus.subscribe("board:b1", () => heard++).ready;
    await until("all hear themselves", () => buses.every((bus) => bus.healthy()));
    const before = { redis: cpuOf(redis.pid), here: process.cpuUsage() };
    for (let said = 0; said < words; said += atOnce) {
      for (let at = 0; at < atOnce; at++) speaker.publish("board:b1", word);
      await pause(between);
    }
    await until("all is heard", () => heard === words * nodes);
    await settled();
    const { user, system } = process.cpuUsage(before.here);
    return { redis: (cpuOf(redis.pid) - before.redis) / words, here: (user + system) / words };
  } finally {
    for (const bus of buses) await bus.close();
  }
}

const busOf = ({ url }: Redis, name: string): RedisBus =>
  new RedisBus(
    createRedisClients({ url, sentinels: null, cluster: null }),
    testInstallation(),
    name,
    systemClock,
    { warn: console.log, info: () => {} },
  );
