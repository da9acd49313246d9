import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Seeded, seedCourtyard } from "../server/seeded.ts";
import { freshDatabase, type Postgres, startPostgres } from "../services/postgres.ts";
import { type Redis, startRedis } from "../services/redis.ts";
import { makeScratch } from "../services/scratch.ts";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";
import { postgresRows } from "./cold-read.ts";
import type { Findings } from "./findings.ts";
import { NodeKeeper } from "./node-keeper.ts";
import { openSmallDisk, type SmallDisk } from "./small-disk.ts";

export interface FleetOptions {
  nodes: number;
  redis: boolean;
  households: number;
  smallDisk?: boolean;
}

/** One node and the three lines that can be spoilt for it alone. */
export interface Site {
  keeper: NodeKeeper;
  toPostgres: TcpProxy;
  toRedis: TcpProxy | null;
  /** Where clients find this node, whatever port its present life has. */
  url: string;
  wsUrl: string;
}

/** Real nodes on one real PostgreSQL and one real Redis, with a proxy on each line. */
export interface Fleet {
  sites: Site[];
  postgres: Postgres;
  redis: Redis | null;
  seeded: Seeded;
  /** What PostgreSQL's files lie on, where that can run full. */
  disk: SmallDisk | null;
  databaseAnswers(): Promise<boolean>;
  /** The database itself, past every proxy. */
  databaseUrl: string;
  /** Every line as it should be, every node up and ready; Redis too, unless it shall stay away. */
  heal(options?: { withoutRedis?: boolean }): Promise<void>;
  /** All nodes end in order; the services stay. */
  stopNodes(): Promise<void>;
  /** Ends all that was started. */
  close(): Promise<void>;
}

/** Small, so that boards are folded into snapshots many times while things break. */
const compactAfterUpdates = "60";
const stopSeconds = 6;
/** Room for a new cluster and what a run writes, and the write-ahead log kept short so that it fits. */
const smallDiskBytes = 320 * 1024 * 1024;
const smallLog = ["max_wal_size=64MB", "min_wal_size=32MB"];
/** A healed node must be ready again within this, milliseconds. */
const readyWithin = 60_000;

export async function openFleet(options: FleetOptions, findings: Findings): Promise<Fleet> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const directory = await makeScratch("chaos");
    closers.push(() => rm(directory, { recursive: true, force: true }));
    const disk = options.smallDisk ? openSmallDisk(smallDiskBytes) : null;
    closers.push(async () => disk?.close());
    if (disk?.kind === "file-size limit")
      throw new Error("a small disk has to be mounted, which only root may do");
    const postgres = await startPostgres({
      durable: true,
      ...(disk ? { directory: join(disk.directory, "postgres"), settings: smallLog } : {}),
    });
    closers.push(() => postgres.stop());
    const redis = options.redis ? await startRedis() : null;
    closers.push(async () => redis?.stop());
    const database = await freshDatabase(postgres.url);
    const seeded = await seedCourtyard({ dataDir: directory, databaseUrl: database.url }, options.households);
    const proxyTo = async (url: string) => {
      const proxy = await startTcpProxy(Number(new URL(url).port));
      closers.push(() => proxy.close());
      const through = new URL(url);
      through.port = String(proxy.port);
      return { proxy, url: through.href };
    };
    const sites: Site[] = [];
    for (let at = 0; at < options.nodes; at++) {
      const toPostgres = await proxyTo(database.url);
      const toRedis = redis ? await proxyTo(redis.url) : null;
      const door = await startTcpProxy(0);
      closers.push(() => door.close());
      const env: Record<string, string> = {
        PATH: process.env.PATH ?? "",
        PORT: "0",
        DATA_DIR: join(directory, `node${at}`),
        DATABASE_URL: toPostgres.url,
        LOG_LEVEL: "warn",
        COMPACT_AFTER_UPDATES: compactAfterUpdates,
        ...(toRedis ? { REDIS_URL: toRedis.url } : {}),
      };
      const keeper = new NodeKeeper(`node ${at}`, door, env, stopSeconds, findings);
      closers.push(() => keeper.kill());
      sites.push({
        keeper,
        toPostgres: toPostgres.proxy,
        toRedis: toRedis?.proxy ?? null,
        url: `http://127.0.0.1:${door.port}`,
        wsUrl: `ws://127.0.0.1:${door.port}`,
      });
    }
    const heal: Fleet["heal"] = async ({ withoutRedis = false } = {}) => {
      if (withoutRedis) await redis?.kill();
      await mendAll({ sites, postgres, redis: withoutRedis ? null : redis });
    };
    const stopNodes = async () => {
      await Promise.all(sites.map(({ keeper }) => keeper.stop()));
    };
    await heal();
    const databaseAnswers = async () => {
      const rows = postgresRows(database.url);
      return rows
        .rows("select 1", [])
        .then(() => true)
        .finally(() => rows.close());
    };
    const services = { postgres, redis, disk, databaseUrl: database.url };
    return { sites, ...services, seeded, databaseAnswers, heal, stopNodes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function mendAll(all: Pick<Fleet, "sites" | "postgres" | "redis">): Promise<void> {
  const { sites, postgres, redis } = all;
  await postgres.revive();
  redis?.resume();
  await redis?.revive();
  for (const { keeper, toPostgres, toRedis } of sites) {
    await toPostgres.mend();
    await toRedis?.mend();
    await keeper.door.mend();
    keeper.thaw();
    keeper.start();
  }
  for (const { keeper } of sites)
    await until(`${keeper.name} is ready`, () => keeper.ready(), readyWithin).catch((error: unknown) => {
      throw new Error(`${keeper.name} does not come back: ${keeper.service?.output()}`, { cause: error });
    });
}
