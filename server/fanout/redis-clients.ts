import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";

/** Where Redis is and how it is reached. */
export interface RedisConfig {
  /** `redis://` or `rediss://` (TLS), with user name and password if there are any. */
  url: string;
  /** Sentinels that know where the master called `name` is; the URL then gives only password, TLS and database. */
  sentinels: { hosts: readonly { host: string; port: number }[]; name: string } | null;
  /** The URL is one node of a cluster: channels are spread over it as sharded pub/sub (Redis 7). */
  cluster: boolean;
}

/** The two connections of a node: one speaks, one listens. */
export interface RedisClients {
  speak: Redis | Cluster;
  listen: Redis | Cluster;
}

/** Milliseconds to the next try to connect, with jitter so that nodes do not all come at once. */
const retryStrategy = (tries: number): number =>
  Math.min(50 * 2 ** Math.min(tries, 6), 2_000) * (0.5 + Math.random() / 2);

/**
 * A word that cannot be said now is not kept: by the time it could be said the log has told it. It is answered or its
 * connection ends; given up earlier it would go on to fill memory that nobody counts any more.
 */
const speaking: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy,
  lazyConnect: true,
};

/** Subscriptions are kept by the bus, which makes them again on every new connection. */
const listening: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: null,
  autoResubscribe: false,
  connectTimeout: 2_000,
  retryStrategy,
  lazyConnect: true,
};

export function createRedisClients(config: RedisConfig): RedisClients {
  return { speak: createClient(config, speaking), listen: createClient(config, listening) };
}

function createClient({ url, sentinels, cluster }: RedisConfig, options: RedisOptions): Redis | Cluster {
  if (cluster) {
    const { lazyConnect: _, ...redisOptions } = options;
    const clusterOptions: ClusterOptions = {
      lazyConnect: true,
      shardedSubscribers: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      redisOptions: { ...redisOptions, ...accessOf(url) },
    };
    const { hostname, port } = new URL(url);
    return new Cluster([{ host: hostname, port: Number(port || 6379) }], clusterOptions);
  }
  if (sentinels === null) return new Redis(url, options);
  return new Redis({
    ...options,
    ...accessOf(url),
    sentinels: [...sentinels.hosts],
    name: sentinels.name,
    sentinelRetryStrategy: retryStrategy,
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
