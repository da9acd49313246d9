import { rm } from "node:fs/promises";
import { type App, compose } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import { type Seeded, seedCourtyard } from "../server/seeded.ts";
import { type Database, freshDatabase } from "../services/postgres.ts";
import { type Redis, startRedis } from "../services/redis.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";

export interface TestNode {
  app: App;
  url: string;
  wsUrl: string;
}

/** Several whole servers in this process, on one PostgreSQL and, if wanted, one Redis, with a seeded courtyard. */
export interface Nodes {
  nodes: TestNode[];
  node(index: number): TestNode;
  /** One more node on the same database and Redis. */
  add(env?: Record<string, string>): Promise<TestNode>;
  database: Database;
  redis: Redis;
  seeded: Seeded;
  close(): Promise<void>;
}

export async function openNodes(
  count: number,
  options: { redis?: boolean; households?: number; env?: Record<string, string> } = {},
): Promise<Nodes> {
  const dataDir = await makeScratch("nodes");
  const database = await freshDatabase();
  const redis = await startRedis();
  const seeded = await seedCourtyard({ dataDir, databaseUrl: database.url }, options.households ?? 12);
  const nodes: TestNode[] = [];
  const add = async (env: Record<string, string> = {}): Promise<TestNode> => {
    const config = toConfig({
      PORT: "0",
      DATA_DIR: dataDir,
      LOG_LEVEL: "silent",
      DATABASE_URL: database.url,
      DATABASE_CONNECTIONS: "6",
      ...((options.redis ?? true) ? { REDIS_URL: redis.url } : {}),
      ...options.env,
      ...env,
    });
    const app = await compose(config);
    const { port } = await app.start();
    const node = { app, url: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` };
    nodes.push(node);
    return node;
  };
  for (let at = 0; at < count; at++) await add();
  if (options.redis ?? true) {
    for (const node of nodes) await until("the bus works", async () => (await readiness(node)) === "ready");
  }
  return {
    nodes,
    node: (index) => {
      const node = nodes[index];
      if (!node) throw new Error(`there is no node ${index}`);
      return node;
    },
    add,
    database,
    redis,
    seeded,
    close: async () => {
      redis.resume();
      await Promise.all(nodes.map(({ app }) => app.close()));
      await redis.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What `/readyz` says: "ready", "degraded" or "not-ready". */
export async function readiness({ url }: TestNode): Promise<string> {
  const { status } = (await (await fetch(`${url}/readyz`)).json()) as { status: string };
  return status;
}
