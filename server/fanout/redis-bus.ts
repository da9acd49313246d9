import { Cluster } from "ioredis";
import type { Clock } from "../clock.ts";
import type { Logger } from "../observe/log.ts";
import { systemTimers, type Timer, type Timers } from "../sync/timers.ts";
import type { Bus } from "./bus.ts";
import { Canary, canaryLimits } from "./canary.ts";
import { readEnvelope, writeEnvelope } from "./envelope.ts";
import { FreshWords } from "./fresh-words.ts";
import type { Installation } from "./installation.ts";
import { clientEvents, type RedisClients } from "./redis-clients.ts";
import { type Shards, shardsOf } from "./shards.ts";
import { Subscriptions } from "./subscriptions.ts";

export const busLimits = {
  /** Bytes on their way to Redis; over it words are dropped and the log has to tell. */
  unsentBytes: 8 * 1024 * 1024,
  /** One word; a longer one is neither said nor heard. As much as the largest edit, an import of a whole board. */
  wordBytes: 16 * 1024 * 1024,
};

/** What an operator may want to know of the bus; plain numbers since the start. */
export interface BusCounters {
  published: number;
  dropped: number;
  heard: number;
  /** Not of this installation, of another version, too long, of another time, or said before. */
  refused: number;
  channels: number;
}

/** What a bus waits by, and what decides by how much the tries of nodes differ. */
export interface BusChances {
  timers: Timers;
  /** From 0 to 1. */
  chance: () => number;
}

/**
 * The bus over Redis pub/sub. It is trusted while a canary goes round through every part of Redis in time and every
 * channel is subscribed. Whatever fails here, this node goes on by itself.
 */
export class RedisBus implements Bus {
  readonly counters: BusCounters = { published: 0, dropped: 0, heard: 0, refused: 0, channels: 0 };
  readonly #installation: Installation;
  readonly #nodeId: string;
  readonly #clock: Clock;
  readonly #fresh: FreshWords;
  readonly #clients: RedisClients;
  readonly #logger: Pick<Logger, "warn" | "info">;
  readonly #shards: Shards;
  readonly #subscriptions: Subscriptions;
  readonly #canary: Canary;
  readonly #back = new Set<() => void>();
  readonly #timers: Timers;
  #singing: Timer;
  #unsent = 0;
  #trusted = false;
  /** A connection was made anew: what was told before it was there may not have been heard. */
  #missed = false;

  /** @param clock the one all nodes go by: words of another time are not taken */
  constructor(
    { speak, listen }: RedisClients,
    installation: Installation,
    nodeId: string,
    clock: Clock,
    logger: Pick<Logger, "warn" | "info">,
    { timers, chance }: BusChances = { timers: systemTimers, chance: Math.random },
  ) {
    this.#timers = timers;
    this.#installation = installation;
    this.#nodeId = nodeId;
    this.#clock = clock;
    this.#fresh = new FreshWords(() => clock.now());
    this.#logger = logger;
    this.#clients = { speak, listen };
    this.#shards = shardsOf(listen);
    this.#subscriptions = new Subscriptions(listen, this.#shards, installation.prefix, timers, chance);
    const now = () => timers.now();
    this.#canary = new Canary(nodeId, installation.prefix, this.#shards, this.#subscriptions, now);
    for (const client of [speak, listen]) {
      // Without a listener an error ends the process; what it means is seen by the canary.
      client.on("error", () => {});
      client.connect().catch(() => {});
    }
    listen.on("ready", () => this.#listenAnew());
    speak.on("ready", () => {
      this.#missed = true;
    });
    for (const word of [clientEvents.word, clientEvents.shardedWord])
      listen.on(word, (channel: Buffer, bytes: Buffer) => this.#hear(channel.toString(), bytes));
    // The client makes another connection, and does not say whether it was granted its channels.
    listen.on(clientEvents.lostMaster, (_client: unknown, master: string) => this.#listenAnew(master));
    this.#singing = this.#singLater();
    this.#count();
  }

  healthy(): boolean {
    return this.#canary.healthy() && this.#subscriptions.whole;
  }

  publish(channel: string, message: Uint8Array): void {
    const { speak } = this.#clients;
    const { prefix, key } = this.#installation;
    const tooMuch = this.#unsent > busLimits.unsentBytes || message.length > busLimits.wordBytes;
    if (speak.status !== "ready" || tooMuch) {
      this.counters.dropped++;
      return;
    }
    const count = ++this.counters.published;
    const origin = { nodeId: this.#nodeId, count, at: Math.round(this.#clock.now()) };
    const envelope = writeEnvelope(key, channel, origin, message);
    this.#unsent += envelope.length;
    const sent =
      speak instanceof Cluster && this.#shards.spread
        ? speak.spublish(prefix + channel, envelope)
        : speak.publish(prefix + channel, envelope);
    sent
      .catch((error: unknown) => {
        this.#shards.answered(error);
        this.counters.dropped++;
      })
      .finally(() => {
        this.#unsent -= envelope.length;
      });
  }

  subscribe(channel: string, hear: (message: Uint8Array) => void): { ready: Promise<void>; close(): void } {
    const { ready, close } = this.#subscriptions.add(channel, hear);
    this.#count();
    return {
      ready,
      close: () => {
        close();
        this.#count();
      },
    };
  }

  onBack(listener: () => void): void {
    this.#back.add(listener);
  }

  async close(): Promise<void> {
    this.#singing.cancel();
    this.#subscriptions.close();
    this.#clients.listen.disconnect();
    this.#clients.speak.disconnect();
  }

  #count(): void {
    this.counters.channels = this.#subscriptions.size;
  }

  /** Channels again, on a connection that knows none of them. @param part of Redis it leads to; all when left out */
  #listenAnew(part?: string): void {
    this.#missed = true;
    this.#canary.settle();
    if (part === undefined) this.#canary.madeAnew();
    this.#subscriptions.again(part);
  }

  #hear(name: string, bytes: Buffer): void {
    const { prefix, key } = this.#installation;
    const channel = name.slice(prefix.length);
    const listeners = this.#subscriptions.listenersOf(channel);
    this.#understand(channel, () => {
      // A little more than the word itself, for what is around it.
      const tooLong = bytes.length > busLimits.wordBytes + 1_024;
      const envelope = tooLong ? null : readEnvelope(key, channel, bytes);
      if (envelope === null || !this.#fresh.takes(envelope)) {
        this.counters.refused++;
        return;
      }
      if (envelope.nodeId === this.#nodeId) {
        if (this.#canary.hear(channel, envelope.message)) this.#trust();
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

  #singLater(): Timer {
    return this.#timers.after(canaryLimits.every, () => {
      this.#singing = this.#singLater();
      this.#sing();
    });
  }

  #sing(): void {
    this.#canary.settle();
    if (this.#subscriptions.follow()) this.#missed = true;
    this.#canary.sing((channel, message) => this.publish(channel, message));
    this.#count();
    if (this.#trusted && !this.healthy()) {
      this.#trusted = false;
      this.#logger.warn("Redis does not answer in time: other nodes are followed through the database");
    }
    const { parts, all } = this.#canary.stuck();
    if (all) {
      this.#clients.listen.disconnect(true);
      this.#clients.speak.disconnect(true);
    } else for (const part of parts) this.#listenAnew(part);
  }

  #trust(): void {
    if (!this.healthy() || (this.#trusted && !this.#missed)) return;
    if (!this.#trusted) this.#logger.info("Redis answers");
    this.#trusted = true;
    this.#missed = false;
    for (const listener of this.#back) listener();
  }
}
