import { rm } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { Redis as Client } from "ioredis";
import { nanoid } from "nanoid";
import { afterEach, describe, expect, it } from "vitest";
import { readInstallation } from "../../server/fanout/installation.ts";
import { readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { makeCertificate } from "../services/certificate.ts";
import type { Redis } from "../services/redis.ts";
import { type ClusterAccess, startRedisCluster } from "../services/redis-cluster.ts";
import { startRedisSentinel } from "../services/redis-sentinel.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { type Neighbour, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, readiness, type TestNode } from "./nodes.ts";

interface Kind {
  name: string;
  start(): Promise<Started>;
}

/** What a node is told of a Redis, and how a board's channel is lost and found again. */
interface Started {
  env: Record<string, string>;
  /** Takes away what carries a channel. @returns what brings it, or another in its place */
  lose(channel: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

const killed = async (redis: Redis) => {
  await redis.kill();
  return () => redis.revive();
};

const startCluster = async (access?: ClusterAccess): Promise<Started> => {
  const cluster = await startRedisCluster(access);
  return {
    env: { REDIS_URL: cluster.url, REDIS_CLUSTER: "1" },
    lose: async (channel) => {
      const master = await cluster.masterOf(channel);
      expect(await cluster.hearersOf(channel)).toBe(2);
      return killed(master);
    },
    stop: () => cluster.stop(),
  };
};

const kinds: Kind[] = [
  {
    name: "Sentinel",
    start: async () => {
      const sentinel = await startRedisSentinel("yard");
      const asking = new Client(sentinel.port, "127.0.0.1");
      const patience = async (ms: number): Promise<void> => {
        await asking.call("SENTINEL", "SET", "yard", "down-after-milliseconds", ms);
      };
      return {
        env: {
          REDIS_URL: "redis://redis",
          REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`,
          REDIS_SENTINEL_NAME: "yard",
        },
        // Failing over at once, it could be done before anybody has asked a node how it is.
        lose: async () => {
          await patience(600_000);
          await sentinel.master.kill();
          return () => patience(500);
        },
        stop: () => {
          asking.disconnect();
          return sentinel.stop();
        },
      };
    },
  },
  { name: "Cluster", start: () => startCluster() },
  {
    name: "Cluster with TLS and a password",
    start: async () => {
      const directory = await makeScratch("cluster-tls");
      const certificate = makeCertificate(directory);
      const trusted = getCACertificates("default");
      setDefaultCACertificates([...trusted, certificate.pem]);
      const cluster = await startCluster({ password: "晾衣:杆", certificate });
      return {
        ...cluster,
        stop: async () => {
          setDefaultCACertificates(trusted);
          await cluster.stop();
          await rm(directory, { recursive: true, force: true });
        },
      };
    },
  },
];

describe("two whole nodes", () => {
  const closings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  const ready = (nodes: readonly TestNode[]) =>
    Promise.all(
      nodes.map((node) => until("it is ready", async () => (await readiness(node)).status === "ready")),
    );
  const comeIn = async (all: Nodes, node: TestNode, home: number) => {
    const people = neighboursOf(all.seeded);
    closings.push(() => people.leave());
    return { node, who: await people.board(node, home), socket: await people.socket(node, home) };
  };
  type Guest = Awaited<ReturnType<typeof comeIn>>;

  for (const kind of kinds)
    it(`[FO-15 FO-1 FO-3 FO-4] configured for ${kind.name}: edits, presence and messages cross, before and after what carries them was lost`, async () => {
      const redis = await kind.start();
      closings.push(() => redis.stop());
      const all = await openNodes(0, { redis: false, env: redis.env });
      closings.push(() => all.close());
      const nodes = [await all.add(), await all.add()] as const;
      await ready(nodes);
      const [one, two] = [await comeIn(all, nodes[0], 0), await comeIn(all, nodes[1], 1)];
      const has = (to: Guest, from: Neighbour, item: string) => readItem(to.who.doc, from.householdId, item);
      const cross = async (from: Guest, to: Guest, word: string) => {
        const { taken } = to.node.app.rooms.counters;
        addItem(from.who.doc, from.who.householdId, word, draft(word));
        await until("the edit crosses", () => has(to, from.who, word));
        // One row, heard: the log would have told it too, but not so that it counts.
        expect(to.node.app.rooms.counters.taken - taken).toBe(1);
        from.who.provider.awareness.setLocalState({ word });
        await until("presence crosses", () => to.who.shows("word").includes(word));
        const post = { messageId: nanoid(), channelId: all.seeded.channelId, text: word };
        expect(await from.socket.send("chat.post", post)).toMatchObject({ ok: true });
        await until("the message crosses", () => JSON.stringify(to.socket.events).includes(word));
      };
      await cross(one, two, "ladder");
      await cross(two, one, "steamer");
      const { prefix } = await readInstallation(nodes[0].app.storage);
      const bringBack = await redis.lose(`${prefix}board:${all.seeded.boardId}`);
      await until("both say degraded", async () => {
        const states = await Promise.all(nodes.map(readiness));
        return states.every(({ status }) => status === "degraded");
      });
      addItem(one.who.doc, one.who.householdId, "meanwhile", draft("锯子"));
      await until("the other follows by the log", () => has(two, one.who, "meanwhile"));
      await bringBack();
      await ready(nodes);
      await cross(one, two, "hammer");
      await cross(two, one, "book");
    });
});
