import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis as Client } from "ioredis";
import { freePort } from "./ports.ts";
import { type Service, startProcess } from "./process.ts";
import { type Redis, startRedis } from "./redis.ts";
import { makeScratch } from "./scratch.ts";
import { until } from "./until.ts";

/** A master, its replica, and a Sentinel that makes the replica master when the master is gone. */
export interface RedisSentinel {
  readonly port: number;
  readonly master: Redis;
  readonly replica: Redis;
  stop(): Promise<void>;
}

/** @param name what the Sentinel calls the master */
export async function startRedisSentinel(name: string): Promise<RedisSentinel> {
  const master = await startRedis();
  const replica = await startRedis(["--replicaof", "127.0.0.1", `${master.port}`]);
  const port = await freePort();
  const service = await startSentinel([
    `port ${port}`,
    `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 2000`,
  ]);
  const client = new Client(port, "127.0.0.1");
  client.on("error", () => {});
  await until("the Sentinel knows the replica", async () => {
    if (!service.isRunning()) throw new Error(service.output());
    const replicas = await client.call("SENTINEL", "REPLICAS", name);
    return String(replicas).includes(`${replica.port}`) && !String(replicas).includes("s_down");
  });
  return {
    port,
    master,
    replica,
    stop: async () => {
      client.disconnect();
      await service.stop();
      await replica.stop();
      await master.stop();
    },
  };
}

/** A Sentinel with these settings, listening on 127.0.0.1. */
export async function startSentinel(settings: readonly string[]): Promise<Service> {
  const directory = await makeScratch("sentinel");
  const file = join(directory, "sentinel.conf");
  // Sentinel writes what it learns into its own settings.
  await writeFile(file, `${["bind 127.0.0.1", `dir ${directory}`, ...settings].join("\n")}\n`);
  const service = await startProcess("redis-server", [file, "--sentinel"], { scratch: directory });
  return {
    ...service,
    stop: async (signal) => {
      await service.stop(signal);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
