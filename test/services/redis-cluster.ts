import { Redis as Client } from "ioredis";
import type { Certificate } from "./certificate.ts";
import { freePort } from "./ports.ts";
import { type Redis, startRedis, tlsSettings } from "./redis.ts";
import { until } from "./until.ts";

/** Three masters that share the slots of a Redis Cluster; it goes on serving what is left when one of them ends. */
export interface RedisCluster {
  readonly url: string;
  readonly masters: readonly Redis[];
  /** Which of them has the slot of a channel. */
  masterOf(channel: string): Promise<Redis>;
  /** As the cluster itself counts it. */
  slotOf(channel: string): Promise<number>;
  /** Gives the slot of a channel, with no key in it, to the next master. From then on `masterOf` is wrong about it. */
  moveSlotOf(channel: string): Promise<void>;
  /** How many connections have subscribed a channel as one of its shard. */
  hearersOf(channel: string): Promise<number>;
  stop(): Promise<void>;
}

const slots = 16_384;
/** Cluster nodes listen for one another this far above their port. */
const busOffset = 10_000;

export interface ClusterAccess {
  /** Asked for by all of them, also of each other. */
  password?: string;
  /** With it they speak TLS with one another and with who asks by `url`; the test's own clients do without. */
  certificate?: Certificate;
  /** They do not know channels that one of them carries alone, as before Redis 7. */
  unsharded?: true;
}

export async function startRedisCluster(access: ClusterAccess = {}): Promise<RedisCluster> {
  const { password, certificate, unsharded } = access;
  const settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
  settings.push("--cluster-require-full-coverage", "no");
  if (password !== undefined) settings.push("--requirepass", password, "--masterauth", password);
  if (certificate)
    settings.push(...tlsSettings(certificate), "--tls-cluster", "yes", "--tls-replication", "yes");
  const later = ["SSUBSCRIBE", "SUNSUBSCRIBE", "SPUBLISH"];
  if (unsharded) settings.push(...later.flatMap((command) => ["--rename-command", command, ""]));
  const masters: Redis[] = [];
  /** Where each of them is known to the others, and to who asks by `url`. */
  const ports: number[] = [];
  while (masters.length < 3) {
    const tlsPort = certificate ? await freePort() : undefined;
    const redis = await startRedis(tlsPort ? [...settings, "--tls-port", `${tlsPort}`] : settings);
    const port = tlsPort ?? redis.port;
    if (port + busOffset < 65_536) {
      masters.push(redis);
      ports.push(port);
    } else await redis.stop();
  }
  const clients = masters.map(
    ({ port }) => new Client(port, "127.0.0.1", password === undefined ? {} : { password }),
  );
  for (const client of clients) client.on("error", () => {});
  const [first] = clients;
  const [seed] = ports;
  if (!first || !seed) throw new Error("there are no masters");
  const share = Math.ceil(slots / masters.length);
  for (const [at, client] of clients.entries()) {
    const last = Math.min(slots, (at + 1) * share) - 1;
    await client.call("CLUSTER", "ADDSLOTSRANGE", at * share, last);
    if (at > 0) await client.call("CLUSTER", "MEET", "127.0.0.1", seed);
  }
  for (const client of clients)
    await until("the cluster is whole", async () =>
      String(await client.call("CLUSTER", "INFO")).includes("cluster_slots_ok:16384"),
    );
  // Which of them is asked does not matter; any may have been killed.
  const slotOf = (channel: string) =>
    Promise.any(clients.map(async (client) => Number(await client.call("CLUSTER", "KEYSLOT", channel))));
  const hearersAt = async (client: Client, channel: string) => {
    const [, hearers] = (await client.call("PUBSUB", "SHARDNUMSUB", channel)) as [string, number];
    return hearers;
  };
  return {
    url: `${certificate ? "rediss" : "redis"}://${password ? `:${encodeURIComponent(password)}@` : ""}127.0.0.1:${seed}`,
    hearersOf: async (channel) => {
      const each = await Promise.all(clients.map((client) => hearersAt(client, channel)));
      return each.reduce((sum, hearers) => sum + hearers, 0);
    },
    masters,
    slotOf,
    masterOf: async (channel) => {
      const master = masters[Math.floor((await slotOf(channel)) / share)];
      if (!master) throw new Error(`no master has ${channel}`);
      return master;
    },
    moveSlotOf: async (channel) => {
      const slot = await slotOf(channel);
      const from = Math.floor(slot / share);
      const to = (from + 1) % clients.length;
      const id = await clients[to]?.call("CLUSTER", "MYID");
      // The new owner first, or for a moment nobody would have it.
      for (const at of [to, from, (to + 1) % clients.length])
        await clients[at]?.call("CLUSTER", "SETSLOT", slot, "NODE", String(id));
    },
    stop: async () => {
      for (const client of clients) client.disconnect();
      for (const master of masters) await master.stop();
    },
  };
}
