import { rm } from "node:fs/promises";
import { type App, compose, type Overrides } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import { type Seeded, seedCourtyard } from "../server/seeded.ts";
import { type Database, freshDatabase } from "../services/postgres.ts";
import { type Redis, startRedis } from "../services/redis.ts";
import { makeScratch } from "../services/scratch.ts";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";

export interface TestNode {
  app: App;
  url: string;
  wsUrl: string;
}

/** A node whose lines to the database and to Redis a test can spoil for it alone. */
export interface ProxiedNode extends TestNode {
  toDatabase: TcpProxy;
  toRedis: TcpProxy;
}

export interface NodesOptions {
  redis?: boolean;
  households?: number;
  env?: Record<string, string>;
  /** The maintenance database of a PostgreSQL of one's own, which may be killed. */
  postgresUrl?: string;
}

export interface NodeOptions {
  env?: Record<string, string>;
  overrides?: Overrides;
}

/** Several whole servers in this process, on one PostgreSQL and, if wanted, one Redis, with a seeded courtyard. */
export interface Nodes {
  nodes: TestNode[];
  node(index: number): TestNode;
  /** One more node on the same database and Redis; does not wait for its bus. */
  add(options?: NodeOptions): Promise<TestNode>;
  /** Likewise, with a proxy on each of its lines. */
  addProxied(options?: NodeOptions): Promise<ProxiedNode>;
  /** Waits until every node says that it is ready. */
  ready(): Promise<void>;
  database: Database;
  redis: Redis;
  seeded: Seeded;
  close(): Promise<void>;
}

export async function openNodes(count: number, options: NodesOptions = {}): Promise<Nodes> {
  const dataDir = await makeScratch("nodes");
  const database = await freshDatabase(options.postgresUrl);
  const redis = await startRedis();
  const seeded = await seedCourtyard({ dataDir, databaseUrl: database.url }, options.households ?? 12);
  const nodes: TestNode[] = [];
  const proxies: TcpProxy[] = [];
  const start = async ({ env, overrides }: NodeOptions, databaseUrl: string, redisUrl: string) => {
    const config = toConfig({
      PORT: "0",
      DATA_DIR: dataDir,
      LOG_LEVEL: "silent",
      DATABASE_URL: databaseUrl,
      DATABASE_CONNECTIONS: "6",
      ...((options.redis ?? true) ? { REDIS_URL: redisUrl } : {}),
      ...options.env,
      ...env,
    });
    const app = await compose(config, overrides);
    const { port } = await app.start();
    return { app, url: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` };
  };
  const through = async (url: string) => {
    const proxied = new URL(url);
    const proxy = await startTcpProxy(Number(proxied.port));
    proxies.push(proxy);
    proxied.port = `${proxy.port}`;
    return { proxy, url: proxied.href };
  };
  const add: Nodes["add"] = async (own = {}) => {
    const node = await start(own, database.url, redis.url);
    nodes.push(node);
    return node;
  };
  const ready: Nodes["ready"] = async () => {
    for (const node of nodes)
      await until("the node is ready", async () => (await readiness(node)).status === "ready");
  };
  for (let at = 0; at < count; at++) await add();
  if (options.redis ?? true) await ready();
  return {
    nodes,
    node: (index) => {
      const node = nodes[index];
      if (!node) throw new Error(`there is no node ${index}`);
      return node;
    },
    add,
    addProxied: async (own = {}) => {
      const [toDatabase, toRedis] = [await through(database.url), await through(redis.url)];
      const node = await start(own, toDatabase.url, toRedis.url);
      nodes.push(node);
      return { ...node, toDatabase: toDatabase.proxy, toRedis: toRedis.proxy };
    },
    ready,
    database,
    redis,
    seeded,
    close: async () => {
      redis.resume();
      for (const proxy of proxies) await proxy.mend();
      await Promise.all(nodes.map(({ app }) => app.close()));
      for (const proxy of proxies) await proxy.close();
      await redis.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What `/readyz` says: "ready", "degraded" or "not-ready", and its HTTP status. */
export async function readiness({ url }: Pick<TestNode, "url">): Promise<{ status: string; http: number }> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(15_000) });
  const { status } = (await answer.json()) as { status: string };
  return { status, http: answer.status };
}
