import { rm } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../server/clock.ts";
import { createBoardBus } from "../../server/fanout/board-bus.ts";
import { canaryLimits } from "../../server/fanout/canary.ts";
import { busLimits, RedisBus } from "../../server/fanout/redis-bus.ts";
import { createRedisClients, type RedisConfig } from "../../server/fanout/redis-clients.ts";
import { slotOf } from "../../server/fanout/shards.ts";
import { readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { serverProcess } from "../server/seeded.ts";
import { makeCertificate } from "../services/certificate.ts";
import { freePort } from "../services/ports.ts";
import { type Redis, startRedis, tlsSettings } from "../services/redis.ts";
import { startRedisCluster } from "../services/redis-cluster.ts";
import { startRedisSentinel, startSentinel } from "../services/redis-sentinel.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { boardNews, testInstallation } from "./bus-stubs.ts";
import { neighboursOf } from "./neighbours.ts";
import { openNodes, readiness } from "./nodes.ts";
import { timed } from "./trial.ts";

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const busOf = (name: string, config: RedisConfig): RedisBus => {
  const bus = new RedisBus(createRedisClients(config), testInstallation(), name, systemClock, {
    warn: () => {},
    info: () => {},
  });
  closings.push(() => bus.close());
  return bus;
};

const join = async (name: string, config: RedisConfig): Promise<RedisBus> => {
  const bus = busOf(name, config);
  await until(`${name} hears itself`, () => bus.healthy());
  return bus;
};

/** Says a word on a channel again and again until it is heard there. */
const passes = (from: RedisBus, channel: string, heard: string[], word: string) =>
  timed(`"${word}" passes on ${channel}`, 15_000, () => {
    from.publish(channel, Buffer.from(word));
    return heard.includes(word);
  });

const listen = async (bus: RedisBus, channel: string): Promise<string[]> => {
  const heard: string[] = [];
  await bus.subscribe(channel, (word) => heard.push(Buffer.from(word).toString())).ready;
  return heard;
};

/** A folder with a certificate, and a Redis' settings for it, a name and a value in turn. */
const openTls = async () => {
  const directory = await makeScratch("redis-tls");
  closings.push(() => rm(directory, { recursive: true, force: true }));
  const certificate = makeCertificate(directory);
  return { directory, certificateFile: certificate.certificateFile, tls: tlsSettings(certificate) };
};

describe("every kind of Redis", () => {
  it("[FO-15] with Sentinel the bus follows the master to its replica", async () => {
    const sentinel = await startRedisSentinel("yard");
    closings.push(() => sentinel.stop());
    const config = {
      url: "redis://redis",
      sentinels: {
        hosts: [{ host: "127.0.0.1", port: sentinel.port }],
        name: "yard",
        password: null,
        tls: false,
      },
      cluster: null,
    };
    const [one, two] = [await join("one", config), await join("two", config)];
    const heard = await listen(two, "c");
    let backs = 0;
    two.onBack(() => backs++);
    await passes(one, "c", heard, "before");
    await sentinel.master.kill();
    const took = await passes(one, "c", heard, "after");
    await until("both trust it again", () => one.healthy() && two.healthy() && backs > 0);
    console.log(`Sentinel failover: words pass again after ${took} ms`);
    expect(sentinel.replica.pid).toBeGreaterThan(0);
  });

  it("[FO-15] on a Cluster channels are spread, and each comes back when the master that carries it does", async () => {
    const cluster = await startRedisCluster();
    closings.push(() => cluster.stop());
    const config = { url: cluster.url, sentinels: null, cluster: [] };
    const [one, two] = [await join("one", config), await join("two", config)];
    const channels = Array.from({ length: 12 }, (_, at) => `c${at}`);
    const lines = await Promise.all(
      channels.map(async (channel) => ({ channel, heard: await listen(two, channel) })),
    );
    for (const { channel, heard } of lines) await passes(one, channel, heard, "before");
    const { prefix } = testInstallation();
    const owners = await Promise.all(
      channels.map(async (channel) => (await cluster.masterOf(prefix + channel)).port),
    );
    expect(new Set(owners).size).toBe(3);

    const seqs: number[] = [];
    const row = { boardId: "b1", update: Uint8Array.of(0, 0), bindings: [] };
    await createBoardBus(two).open("b1", boardNews({ committed: ({ seq }) => seqs.push(seq) })).ready;
    for (let seq = 1; seq <= 50; seq++) createBoardBus(one).committed({ ...row, seq }, []);
    await until("all commits are heard", () => seqs.length === 50);
    // A first word may wait for a connection and be overtaken; who hears puts rows in order.
    expect(seqs.toSorted((a, b) => a - b)).toEqual(seqs.map((_, at) => at + 1));

    const [victim] = cluster.masters;
    if (!victim) throw new Error("no master");
    await victim.kill();
    for (const [at, { channel, heard }] of lines.entries())
      if (owners[at] !== victim.port) await passes(one, channel, heard, "meanwhile");
    await victim.revive();
    for (const { channel, heard } of lines) await passes(one, channel, heard, "after");
  });

  it("[FO-15] on a Cluster with a password a channel is heard again when its slot goes to another master", async () => {
    const cluster = await startRedisCluster({ password: "晾衣:杆" });
    closings.push(() => cluster.stop());
    const config = { url: cluster.url, sentinels: null, cluster: [] };
    const [one, two] = [await join("one", config), await join("two", config)];
    const heard = await listen(two, "c");
    await passes(one, "c", heard, "before");
    const channel = `${testInstallation().prefix}c`;
    expect(await cluster.hearersOf(channel)).toBe(1);
    await cluster.moveSlotOf(channel);
    await passes(one, "c", heard, "after");
    await until("both hear everything", () => one.healthy() && two.healthy());
  });

  it("[FO-15] on a Cluster of servers that spread no channels over themselves all are heard, also when a master is killed", async () => {
    const cluster = await startRedisCluster({ unsharded: true });
    closings.push(() => cluster.stop());
    const config = { url: cluster.url, sentinels: null, cluster: [] };
    const [one, two] = [await join("one", config), await join("two", config)];
    const channels = Array.from({ length: 12 }, (_, at) => `c${at}`);
    const lines = await Promise.all(
      channels.map(async (channel) => ({ channel, heard: await listen(two, channel) })),
    );
    for (const { channel, heard } of lines) await passes(one, channel, heard, "before");
    for (const master of cluster.masters) {
      await master.kill();
      for (const { channel, heard } of lines) await passes(one, channel, heard, `without ${master.port}`);
      await master.revive();
    }
    await until("both hear everything", () => one.healthy() && two.healthy());
  });

  const faults = [
    { fault: "killed", begin: (master: Redis) => master.kill(), end: (master: Redis) => master.revive() },
    { fault: "frozen", begin: (master: Redis) => master.pause(), end: (master: Redis) => master.resume() },
  ];
  for (const { fault, begin, end } of faults)
    it(`[FO-15 T16] a node goes on hearing what a Cluster's other masters carry while the one of its first canary is ${fault}`, async () => {
      const cluster = await startRedisCluster();
      closings.push(() => cluster.stop());
      const config = { url: cluster.url, sentinels: null, cluster: [] };
      const [one, two] = [await join("one", config), await join("two", config)];
      const { prefix } = testInstallation();
      const victim = await cluster.masterOf(`${prefix}canary:two`);
      const lines = await Promise.all(
        Array.from({ length: 12 }, async (_, at) => {
          const { port } = await cluster.masterOf(`${prefix}c${at}`);
          return { channel: `c${at}`, carried: port === victim.port, heard: await listen(two, `c${at}`) };
        }),
      );
      let backs = 0;
      two.onBack(() => backs++);
      const begun = performance.now();
      await begin(victim);
      await until("both say that they do not hear everything", () => !one.healthy() && !two.healthy());
      const lost = lines.find(({ carried }) => carried)?.channel ?? "";
      // More than may wait for all of Redis together: one master must not use it up for the others.
      const bulk = new Uint8Array(256 * 1_024);
      for (let bytes = 0; bytes < 2 * busLimits.unsentBytes; bytes += bulk.length) one.publish(lost, bulk);
      // Until long after connections that say nothing are made anew.
      for (let word = 0; performance.now() - begun < 1.5 * canaryLimits.reconnectAfter; word++)
        for (const { channel, carried, heard } of lines)
          if (!carried) await passes(one, channel, heard, `meanwhile ${word}`);
      expect([one.healthy(), two.healthy(), backs]).toEqual([false, false, 0]);
      await end(victim);
      for (const { channel, heard } of lines) await passes(one, channel, heard, "after");
      await until("both hear everything", () => one.healthy() && two.healthy() && backs > 0);
      await Promise.all(
        [`${prefix}c0`, "123456789", "板", ""].map(async (name) => {
          expect(slotOf(name), name).toBe(await cluster.slotOf(name));
        }),
      );
    });

  it("[FO-15] TLS and passwords hold on the way by Sentinel, to it and to the master", async () => {
    const { directory, certificateFile, tls } = await openTls();
    const [masterPort, sentinelPort] = [await freePort(), await freePort()];
    const master = await startRedis([...tls, "--tls-port", `${masterPort}`, "--requirepass", "晾衣:杆"]);
    closings.push(() => master.stop());
    const sentinel = await startSentinel([
      "port 0",
      `tls-port ${sentinelPort}`,
      "tls-replication yes",
      ...tls.flatMap((word, at) => (at % 2 === 0 ? [`${word.slice(2)} ${tls[at + 1]}`] : [])),
      `requirepass 竹竿`,
      `sentinel monitor yard 127.0.0.1 ${masterPort} 1`,
      "sentinel auth-pass yard 晾衣:杆",
    ]);
    closings.push(() => sentinel.stop());
    const all = await openNodes(0, { redis: false });
    closings.push(() => all.close());
    const node = await serverProcess(
      { dataDir: directory, databaseUrl: all.database.url },
      {
        // Nothing but TLS is spoken on either port.
        REDIS_URL: `rediss://:${encodeURIComponent("晾衣:杆")}@redis`,
        REDIS_SENTINELS: `127.0.0.1:${sentinelPort}`,
        REDIS_SENTINEL_NAME: "yard",
        REDIS_SENTINEL_PASSWORD: "竹竿",
        NODE_EXTRA_CA_CERTS: certificateFile,
      },
    );
    const service = await node.start();
    closings.push(() => service.stop());
    await until("its bus works", async () => (await readiness(node)).status === "ready");
  });

  it("[FO-15] a Cluster is found by another of its nodes when the first one named is dead", async () => {
    const cluster = await startRedisCluster();
    closings.push(() => cluster.stop());
    const [dead, ...living] = cluster.masters;
    if (!dead) throw new Error("no master");
    await dead.kill();
    const config = {
      url: dead.url,
      sentinels: null,
      cluster: living.map(({ port }) => ({ host: "127.0.0.1", port })),
    };
    const { prefix } = testInstallation();
    const heard: string[] = [];
    const [one, two] = ["one", "two"].map((name) => busOf(name, config));
    if (!one || !two) throw new Error("no bus");
    const channels = Array.from({ length: 12 }, (_, at) => `c${at}`);
    for (const channel of channels)
      if ((await cluster.masterOf(prefix + channel)).port !== dead.port) {
        two.subscribe(channel, (word) => heard.push(Buffer.from(word).toString()));
        await passes(one, channel, heard, `by ${channel}`);
      }
    expect(heard.length).toBeGreaterThan(0);
  });

  it("[FO-15] a node with TLS and a password works beside one without TLS", async () => {
    const { directory, certificateFile, tls } = await openTls();
    const tlsPort = await freePort();
    const redis = await startRedis([...tls, "--tls-port", `${tlsPort}`, "--requirepass", "晾衣:杆"]);
    closings.push(() => redis.stop());
    const password = encodeURIComponent("晾衣:杆");
    const all = await openNodes(0, { redis: false });
    closings.push(() => all.close());
    const plain = await all.add({ env: { REDIS_URL: `redis://:${password}@127.0.0.1:${redis.port}` } });
    const secure = await serverProcess(
      { dataDir: directory, databaseUrl: all.database.url },
      {
        REDIS_URL: `rediss://:${password}@127.0.0.1:${tlsPort}`,
        NODE_EXTRA_CA_CERTS: certificateFile,
      },
    );
    const service = await secure.start();
    closings.push(() => service.stop());
    for (const node of [plain, secure])
      await until("its bus works", async () => (await readiness(node)).status === "ready");
    const people = neighboursOf(all.seeded);
    closings.push(() => people.leave());
    const [here, there] = [await people.board(plain, 0), await people.board(secure, 1)];
    const taken = plain.app.rooms.counters.taken;
    addItem(there.doc, there.householdId, "pan", draft("平底锅"));
    await until("it is on the other node", () => readItem(here.doc, there.householdId, "pan"));
    expect(plain.app.rooms.counters.taken).toBe(taken + 1);
  });
});
