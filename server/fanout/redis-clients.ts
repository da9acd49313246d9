import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";

/** Where Redis is and how it is reached. */
export interface RedisConfig {
  /** `redis://` or `rediss://` (TLS), with user name and password if there are any. */
  url: string;
  /** Sentinels that know where the master is; the URL then gives only user name, password and TLS of the master. */
  sentinels: Sentinels | null;
  /**
   * More nodes of the cluster that the URL is one of, any of which can name the others: channels are spread over it as
   * sharded pub/sub where its servers know that (Redis 7). Null where there is no cluster.
   */
  cluster: readonly Host[] | null;
}

export interface Host {
  host: string;
  port: number;
}

export interface Sentinels {
  hosts: readonly Host[];
  /** What they call the master. */
  name: string;
  /** Their own, which need not be the master's. */
  password: string | null;
  tls: boolean;
}

/** What this server needs of a client of one Redis; those of ioredis are such. */
export interface PubSubClient {
  readonly status: string;
  on(event: string, listener: (...args: never[]) => void): unknown;
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  publish(channel: string, message: Buffer): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
}

/** The two connections of a node: one speaks, one listens. */
export interface RedisClients {
  speak: PubSubClient | Cluster;
  listen: PubSubClient | Cluster;
}

/** What the clients tell, by their own names. */
export const clientEvents = {
  word: "messageBuffer",
  shardedWord: "smessageBuffer",
  /** The connection to one master of a cluster has ended. */
  lostMaster: "-node",
} as const;

/** Milliseconds to the next try, with jitter so that nodes do not all come at once. */
export const backoff = (tries: number, chance = Math.random()): number =>
  Math.min(50 * 2 ** Math.min(tries, 6), 2_000) * (0.5 + chance / 2);

/**
 * A word that cannot be said now is not kept: by the time it could be said the log has told it. It is answered or its
 * connection ends; given up earlier it would go on to fill memory that nobody counts any more.
 */
const speaking: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: (tries) => backoff(tries),
  lazyConnect: true,
};

/** Subscriptions are kept by `Subscriptions`, which makes them again on every new connection. */
const listening: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: null,
  autoResubscribe: false,
  connectTimeout: 2_000,
  retryStrategy: (tries) => backoff(tries),
  lazyConnect: true,
};

/**
 * A connection of a cluster that leaves a command unanswered for so many milliseconds is ended: a frozen master leaves
 * it open, the others' must not be ended with it, and what waits for it would take all the room there is for waiting.
 */
const clusterSilence = 4_000;

export function createRedisClients(config: RedisConfig): RedisClients {
  return { speak: createClient(config, speaking), listen: createClient(config, listening) };
}

function createClient({ url, sentinels, cluster }: RedisConfig, options: RedisOptions): Redis | Cluster {
  if (cluster !== null) {
    const { lazyConnect: _, ...redisOptions } = options;
    const clusterOptions: ClusterOptions = {
      lazyConnect: true,
      shardedSubscribers: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: (tries) => backoff(tries),
      redisOptions: { ...redisOptions, ...accessOf(url), socketTimeout: clusterSilence },
    };
    const { hostname, port } = new URL(url);
    return new Cluster([{ host: hostname, port: Number(port || 6379) }, ...cluster], clusterOptions);
  }
  if (sentinels === null) return new Redis(url, options);
  return new Redis({
    ...options,
    ...accessOf(url),
    // Without it the client of the master forgets that it was to use TLS.
    enableTLSForSentinelMode: true,
    sentinels: [...sentinels.hosts],
    name: sentinels.name,
    ...(sentinels.password !== null && { sentinelPassword: sentinels.password }),
    ...(sentinels.tls && { sentinelTLS: {} }),
    sentinelRetryStrategy: (tries) => backoff(tries),
  });
}

function accessOf(url: string): RedisOptions {
  const { username, password, protocol } = new URL(url);
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
}
