import { Cluster } from "ioredis";
import type { Logger } from "../observe/log.ts";
import type { Bus } from "./bus.ts";
import { readEnvelope, writeEnvelope } from "./envelope.ts";
import type { Installation } from "./installation.ts";
import { createRedisClients, type RedisClients, type RedisConfig } from "./redis-clients.ts";

export const busLimits = {
  /** Bytes on their way to Redis; over it words are dropped and the log has to tell. */
  unsentBytes: 8 * 1024 * 1024,
  /** One word; a longer one is neither said nor heard. As much as the largest edit, an import of a whole board. */
  wordBytes: 16 * 1024 * 1024,
  /** A word to oneself goes round through Redis this often, milliseconds. */
  canaryEvery: 500,
  /** Not heard for this long, the bus is not to be trusted. */
  silentAfter: 1_400,
  /** Not heard for this long, the connections are made anew: a frozen Redis leaves them open. */
  reconnectAfter: 4_000,
};

interface Subscribed {
  listeners: Set<(message: Uint8Array) => void>;
  ready: Promise<void>;
  resolve: () => void;
}

/** What an operator may want to know of the bus; plain numbers since the start. */
export interface BusCounters {
  published: number;
  dropped: number;
  heard: number;
  /** Not of this installation, of another version, or too long. */
  refused: number;
  channels: number;
}

/**
 * The bus over Redis pub/sub. A canary of its own tells whether it works, the whole way round: connections that look
 * open prove nothing. Whatever fails here, this node goes on by itself.
 */
export class RedisBus implements Bus {
  readonly counters: BusCounters = { published: 0, dropped: 0, heard: 0, refused: 0, channels: 0 };
  readonly #installation: Installation;
  readonly #nodeId: string;
  readonly #clients: RedisClients;
  readonly #logger: Pick<Logger, "warn" | "info">;
  readonly #subscribed = new Map<string, Subscribed>();
  readonly #back = new Set<() => void>();
  readonly #canary: NodeJS.Timeout;
  #unsent = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #connectedAt = performance.now();
  #trusted = false;
  /** A connection was made anew: what was told before it was there may not have been heard. */
  #missed = false;
  #closed = false;

  constructor(
    config: RedisConfig,
    installation: Installation,
    nodeId: string,
    logger: Pick<Logger, "warn" | "info">,
  ) {
    this.#installation = installation;
    this.#nodeId = nodeId;
    this.#logger = logger;
    this.#clients = createRedisClients(config);
    const { speak, listen } = this.#clients;
    for (const client of [speak, listen]) {
      // Without a listener an error ends the process; what it means is seen by the canary.
      client.on("error", () => {});
      client.connect().catch(() => {});
    }
    listen.on("ready", () => this.#subscribeAll());
    speak.on("ready", () => {
      this.#missed = true;
    });
    listen.on(
      listen instanceof Cluster ? "smessageBuffer" : "messageBuffer",
      (channel: Buffer, message: Buffer) => this.#hear(channel.toString(), message),
    );
    this.#canary = setInterval(() => this.#sing(), busLimits.canaryEvery);
    this.subscribe(this.#canaryChannel, () => {});
  }

  healthy(): boolean {
    return performance.now() - this.#heardAt < busLimits.silentAfter;
  }

  publish(channel: string, message: Uint8Array): void {
    const { speak } = this.#clients;
    const { prefix, key } = this.#installation;
    const tooMuch = this.#unsent > busLimits.unsentBytes || message.length > busLimits.wordBytes;
    if (speak.status !== "ready" || tooMuch) {
      this.counters.dropped++;
      return;
    }
    const envelope = writeEnvelope(key, channel, this.#nodeId, message);
    this.#unsent += envelope.length;
    this.counters.published++;
    const sent =
      speak instanceof Cluster
        ? speak.spublish(prefix + channel, envelope)
        : speak.publish(prefix + channel, envelope);
    sent
      .catch(() => {
        this.counters.dropped++;
      })
      .finally(() => {
        this.#unsent -= envelope.length;
      });
  }

  subscribe(channel: string, hear: (message: Uint8Array) => void): { ready: Promise<void>; close(): void } {
    const known = this.#subscribed.get(channel);
    const entry = known ?? this.#newEntry(channel);
    entry.listeners.add(hear);
    return {
      ready: entry.ready,
      close: () => {
        if (!entry.listeners.delete(hear) || entry.listeners.size > 0) return;
        this.#subscribed.delete(channel);
        this.counters.channels = this.#subscribed.size;
        entry.resolve();
        this.#ask("unsubscribe", [channel]).catch(() => {});
      },
    };
  }

  onBack(listener: () => void): void {
    this.#back.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#canary);
    for (const { resolve } of this.#subscribed.values()) resolve();
    this.#subscribed.clear();
    this.#clients.listen.disconnect();
    this.#clients.speak.disconnect();
  }

  get #canaryChannel(): string {
    return `canary:${this.#nodeId}`;
  }

  #newEntry(channel: string): Subscribed {
    let resolve = (): void => {};
    const ready = new Promise<void>((done) => {
      resolve = done;
    });
    const entry: Subscribed = { listeners: new Set(), ready, resolve };
    this.#subscribed.set(channel, entry);
    this.counters.channels = this.#subscribed.size;
    this.#ask("subscribe", [channel]).then(resolve, () => {});
    return entry;
  }

  /** All channels again, on a connection that knows none of them. */
  #subscribeAll(): void {
    this.#connectedAt = performance.now();
    this.#missed = true;
    // The canary's is the oldest and comes last: when it is heard, all are.
    const channels = [...this.#subscribed.keys()].reverse();
    const wanted = [...this.#subscribed.values()];
    this.#ask("subscribe", channels).then(
      () => {
        for (const { resolve } of wanted) resolve();
      },
      () => {},
    );
  }

  async #ask(what: "subscribe" | "unsubscribe", channels: readonly string[]): Promise<void> {
    const { listen } = this.#clients;
    if (this.#closed || listen.status !== "ready") throw new Error("not connected");
    const names = channels.map((channel) => this.#installation.prefix + channel);
    if (listen instanceof Cluster) {
      // The channels of a cluster live on different nodes: one command each.
      for (const name of names)
        await (what === "subscribe" ? listen.ssubscribe(name) : listen.sunsubscribe(name));
      return;
    }
    for (let at = 0; at < names.length; at += 500) {
      const some = names.slice(at, at + 500);
      await (what === "subscribe" ? listen.subscribe(...some) : listen.unsubscribe(...some));
    }
  }

  #hear(name: string, bytes: Buffer): void {
    const { prefix, key } = this.#installation;
    const channel = name.slice(prefix.length);
    const listeners = this.#subscribed.get(channel)?.listeners ?? [];
    this.#understand(channel, () => {
      // A little more than the word itself, for what is around it.
      const tooLong = bytes.length > busLimits.wordBytes + 1_024;
      const envelope = tooLong ? null : readEnvelope(key, channel, bytes);
      if (envelope === null) {
        this.counters.refused++;
        return;
      }
      if (envelope.nodeId === this.#nodeId) {
        if (channel === this.#canaryChannel) this.#heardMyself();
        return;
      }
      this.counters.heard++;
      for (const hear of listeners) this.#understand(channel, () => hear(envelope.message));
    });
  }

  /** Whatever comes over Redis, it ends nothing but itself. */
  #understand(channel: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#logger.warn({ err: error, channel }, "a word from another node could not be understood");
    }
  }

  #sing(): void {
    this.publish(this.#canaryChannel, new Uint8Array());
    const now = performance.now();
    const silent = now - Math.max(this.#heardAt, this.#connectedAt);
    if (this.#trusted && !this.healthy()) {
      this.#trusted = false;
      this.#logger.warn("Redis does not answer: other nodes are followed through the database");
    }
    if (silent < busLimits.reconnectAfter) return;
    this.#connectedAt = now;
    this.#clients.listen.disconnect(true);
    this.#clients.speak.disconnect(true);
  }

  #heardMyself(): void {
    this.#heardAt = performance.now();
    if (!this.#trusted) this.#logger.info("Redis answers");
    else if (!this.#missed) return;
    this.#trusted = true;
    this.#missed = false;
    for (const listener of this.#back) listener();
  }
}
