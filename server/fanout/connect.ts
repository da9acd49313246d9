import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { newId } from "../identity/secrets.ts";
import type { Logger } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { type Bus, silentBus } from "./bus.ts";
import type { Installation } from "./installation.ts";

/** This process among the nodes, and its bus to them. */
export interface Node {
  id: string;
  bus: Bus;
  /** What works less well because of the bus, in a sentence each. */
  degraded(): string[];
}

/** What the counts of the bus are about. */
const sentences = {
  published: "Words handed to Redis for the other nodes, since the start.",
  dropped: "Words that could not be handed to Redis, since the start.",
  heard: "Words of other nodes that were taken, since the start.",
  refused: "Words that were forged, repeated or old, since the start.",
  channels: "Channels of Redis that this node listens to now.",
};

/** Joins the bus the configuration names. Never waits for Redis: a node serves without. */
export async function joinBus(
  config: Pick<Config, "redis">,
  installation: Installation,
  clock: Clock,
  logger: Logger,
  metrics: Metrics,
): Promise<Node> {
  const id = newId();
  if (config.redis === null) return { id, bus: silentBus, degraded: () => [] };
  const [{ RedisBus }, { createRedisClients }] = await Promise.all([
    import("./redis-bus.ts"),
    import("./redis-clients.ts"),
  ]);
  const bus = new RedisBus(createRedisClients(config.redis), installation, id, clock, logger);
  metrics.gauge("bus_healthy", "1 while other nodes are heard over Redis.", () => (bus.healthy() ? 1 : 0));
  for (const [name, sentence] of Object.entries(sentences))
    metrics.gauge(`bus_${name}`, sentence, () => bus.counters[name as keyof typeof sentences]);
  return {
    id,
    bus,
    degraded: () =>
      bus.healthy()
        ? []
        : ["Redis does not answer in time: what other nodes change comes up to two seconds late."],
  };
}
