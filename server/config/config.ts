import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import type { Host, RedisConfig } from "../fanout/redis-clients.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const hosts = z.string().regex(/^[^,\s:]+:\d+(,[^,\s:]+:\d+)*$/, "must be host:port,host:port");

/** Every variable the server reads; `docs/operating.md` is generated from these descriptions. */
export const environment = z.object({
  PORT: port.default(3000).describe("Port to listen on; 0 takes a free one."),
  HOST: z.string().default("127.0.0.1").describe("Address to listen on; 0.0.0.0 for all."),
  DATA_DIR: z.string().default("data").describe("Folder of the embedded database and the files."),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres://")
    .optional()
    .describe("PostgreSQL instead of the embedded database: needed by several nodes, which share it."),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must start with redis:// or rediss://")
    .optional()
    .describe(
      "Redis, over which the nodes of one database hear of one another at once; without it within two seconds. It keeps nothing.",
    ),
  REDIS_SENTINELS: hosts
    .optional()
    .describe(
      "Sentinels that know the master, `host:port,host:port`; REDIS_URL then gives only the master's user name, password and TLS.",
    ),
  REDIS_SENTINEL_NAME: z.string().min(1).default("mymaster").describe("What the Sentinels call the master."),
  REDIS_SENTINEL_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe("The Sentinels' own password, if they have one."),
  REDIS_SENTINEL_TLS: z
    .enum(["0", "1"])
    .optional()
    .describe("1 when the Sentinels are reached over TLS; unset, they are when REDIS_URL is `rediss://`."),
  REDIS_CLUSTER: z
    .enum(["0", "1"])
    .default("0")
    .describe(
      "1 when REDIS_URL is one node of a Redis Cluster: from Redis 7 on channels are spread over it.",
    ),
  REDIS_CLUSTER_NODES: hosts
    .optional()
    .describe(
      "More nodes of the cluster, `host:port,host:port`, any of which may be asked when that of REDIS_URL is down.",
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Address people use; links, QR codes and the Origin check follow it. https makes cookies Secure.",
    ),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("Least severity written to the log."),
  TRUST_PROXY: count(0, 10)
    .default(0)
    .describe("Number of proxies in front whose X-Forwarded-For is believed."),
  DATABASE_CONNECTIONS: count(2, 200).default(10).describe("PostgreSQL connections of one node."),
  MAX_CONNECTIONS: count(10, 200_000)
    .default(10_000)
    .describe("Open sockets of one node; connections of all kinds may be half as many more, at least 200."),
  MAX_CONNECTIONS_PER_ADDRESS: count(1, 100_000)
    .default(1_000)
    .describe(
      "Open sockets from one address, of IPv6 from one network of 64 bits; a whole courtyard may share one. With TRUST_PROXY=0 connections of all kinds may be half as many more, at least 100.",
    ),
  SHUTDOWN_SECONDS: count(1, 300).default(15).describe("Deadline of an ordered shutdown."),
  COMPACT_AFTER_UPDATES: count(10, 1_000_000)
    .default(500)
    .describe("Log rows of a board after which they are folded into a snapshot; of a large board more."),
  BOARD_TICK_MS: count(0, 1_000)
    .default(16)
    .describe(
      "A busy board collects edits for this long before it commits and sends them together; with more than 64 sockets up to two fifths longer.",
    ),
  BOARD_MAX_PEERS: count(1, 100_000).default(1_000).describe("Open sockets of one board on one node."),
  BOARD_MESSAGES_PER_SECOND: count(5, 100_000)
    .default(60)
    .describe(
      "Messages a second one board socket may send, and four times as many at once; all sockets of a person together four times as many, and sixteen times as many at once. What one person adds to boards at once follows it too, at a thousand structs for each.",
    ),
});

export interface Config {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | null;
  redis: RedisConfig | null;
  /** Origin people use, without a trailing slash; null follows the request. */
  publicUrl: string | null;
  secureCookies: boolean;
  logLevel: string;
  trustProxy: number;
  databaseConnections: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  shutdownMs: number;
  compactAfterUpdates: number;
  boardTickMs: number;
  boardMaxPeers: number;
  boardMessagesPerSecond: number;
}

/** A wrong or contradictory setting; the message names the variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Decides the configuration from the environment. @throws ConfigError naming the variable */
export function toConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(`Wrong setting. ${lines.join("; ")}`);
  }
  const values = parsed.data;
  if (values.REDIS_URL && !values.DATABASE_URL) {
    throw new ConfigError(
      "Wrong setting. REDIS_URL: several nodes share a PostgreSQL; set DATABASE_URL, or leave REDIS_URL unset.",
    );
  }
  if ((values.REDIS_SENTINELS || values.REDIS_CLUSTER === "1") && !values.REDIS_URL) {
    throw new ConfigError("Wrong setting. REDIS_URL: is missing, although Sentinels or a cluster are named.");
  }
  if (values.REDIS_SENTINELS && values.REDIS_CLUSTER === "1") {
    throw new ConfigError("Wrong setting. REDIS_CLUSTER: a cluster has no Sentinels; set one of the two.");
  }
  if (values.REDIS_CLUSTER_NODES && values.REDIS_CLUSTER === "0") {
    throw new ConfigError("Wrong setting. REDIS_CLUSTER: must be 1 when nodes of a cluster are named.");
  }
  const publicUrl = values.PUBLIC_URL ? new URL(values.PUBLIC_URL).origin : null;
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    redis: redisConfig(values),
    publicUrl,
    secureCookies: publicUrl?.startsWith("https:") ?? false,
    logLevel: values.LOG_LEVEL,
    trustProxy: values.TRUST_PROXY,
    databaseConnections: values.DATABASE_CONNECTIONS,
    maxConnections: values.MAX_CONNECTIONS,
    maxConnectionsPerAddress: values.MAX_CONNECTIONS_PER_ADDRESS,
    shutdownMs: values.SHUTDOWN_SECONDS * 1000,
    compactAfterUpdates: values.COMPACT_AFTER_UPDATES,
    boardTickMs: values.BOARD_TICK_MS,
    boardMaxPeers: values.BOARD_MAX_PEERS,
    boardMessagesPerSecond: values.BOARD_MESSAGES_PER_SECOND,
  };
}

function redisConfig(values: z.infer<typeof environment>): RedisConfig | null {
  const url = values.REDIS_URL;
  if (!url) return null;
  const tls = values.REDIS_SENTINEL_TLS ?? (url.startsWith("rediss:") ? "1" : "0");
  return {
    url,
    sentinels: values.REDIS_SENTINELS
      ? {
          hosts: hostsIn(values.REDIS_SENTINELS),
          name: values.REDIS_SENTINEL_NAME,
          password: values.REDIS_SENTINEL_PASSWORD ?? null,
          tls: tls === "1",
        }
      : null,
    cluster: values.REDIS_CLUSTER === "1" ? hostsIn(values.REDIS_CLUSTER_NODES ?? "") : null,
  };
}

/** @param text `host:port,host:port`, or nothing */
function hostsIn(text: string): Host[] {
  return [...text.matchAll(/([^,:]+):(\d+)/g)].map(([, host = "", port]) => ({ host, port: Number(port) }));
}

/** Parent of the demo's temporary data folder. */
export const temporaryRoot = (): string => tmpdir();
