import { Cluster } from "ioredis";
import type { Timer, Timers } from "../sync/timers.ts";
import { backoff, type PubSubClient } from "./redis-clients.ts";
import type { Shards } from "./shards.ts";

type Hear = (message: Uint8Array) => void;

interface Entry {
  readonly channel: string;
  readonly place: number;
  readonly listeners: Set<Hear>;
  readonly ready: Promise<void>;
  readonly resolve: () => void;
  /** The part of Redis that carried it when it was last asked for. */
  shard: string | undefined;
  /** How often it was asked for in vain since it was last heard. */
  refused: number;
  asking: boolean;
  /** Until it is asked for again. */
  retry: Timer | null;
}

/** Channels in one command to a single Redis. */
const atOnce = 500;

/**
 * The channels this node wants to hear. What is wanted is asked for until it is granted or wanted no more: a channel
 * that is refused, or whose part of Redis is away, is asked for again and again, and holds up no other.
 */
export class Subscriptions {
  readonly #listen: PubSubClient | Cluster;
  readonly #shards: Shards;
  readonly #prefix: string;
  readonly #timers: Timers;
  readonly #chance: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Granted once or refused, and not heard now. */
  readonly #lost = new Set<Entry>();
  #closed = false;

  /**
   * @param prefix what the channels' names in Redis begin with
   * @param chance from 0 to 1
   */
  constructor(
    listen: PubSubClient | Cluster,
    shards: Shards,
    prefix: string,
    timers: Timers,
    chance: () => number,
  ) {
    this.#timers = timers;
    this.#chance = chance;
    this.#listen = listen;
    this.#shards = shards;
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether everything is heard, but for what is being asked for the first time. */
  get whole(): boolean {
    return this.#lost.size === 0;
  }

  listenersOf(channel: string): Iterable<Hear> {
    return this.#entries.get(channel)?.listeners ?? [];
  }

  /** Hears a channel until `close`. `ready` resolves when it is heard from now on, or wanted no more. */
  add(channel: string, hear: Hear): { ready: Promise<void>; close(): void } {
    let entry = this.#entries.get(channel);
    if (!entry) {
      entry = newEntry(channel, this.#shards.placeOf(this.#prefix + channel));
      this.#entries.set(channel, entry);
      this.#ask([entry]);
    }
    const { listeners, ready } = entry;
    const own = entry;
    listeners.add(hear);
    return {
      ready,
      close: () => {
        if (listeners.delete(hear) && listeners.size === 0) this.#forget(own);
      },
    };
  }

  /** Asks again for all channels, or those of one part: its connection is new, or nothing is heard over it. */
  again(shard?: string): void {
    // The oldest come last: the canary, when it is heard, speaks for all.
    const lost = [...this.#entries.values()].reverse();
    this.#askAgain(lost.filter((entry) => shard === undefined || this.#shardOf(entry) === shard));
  }

  /** Asks again for channels that another part of Redis carries than before. @returns whether there were any */
  follow(): boolean {
    const moved = [...this.#entries.values()].filter(
      (entry) => entry.shard !== undefined && this.#shardOf(entry) !== entry.shard,
    );
    this.#askAgain(moved);
    return moved.length > 0;
  }

  close(): void {
    this.#closed = true;
    for (const { retry, resolve } of this.#entries.values()) {
      retry?.cancel();
      resolve();
    }
    this.#entries.clear();
    this.#lost.clear();
  }

  #shardOf({ place }: Entry): string | undefined {
    return this.#shards.at(place);
  }

  #askAgain(entries: readonly Entry[]): void {
    for (const entry of entries) this.#lost.add(entry);
    this.#ask(entries.filter(({ retry }) => retry === null));
  }

  /** What cannot be asked for now is asked for when the connection is ready. */
  #ask(entries: readonly Entry[]): void {
    if (this.#closed || this.#listen.status !== "ready") return;
    const wanted = entries.filter(({ asking }) => !asking);
    for (const entry of wanted) {
      entry.asking = true;
      entry.shard = this.#shardOf(entry);
    }
    // Where they are spread each channel goes its own way; and one that was refused would take its companions along.
    const goesAlone = (entry: Entry) => this.#shards.spread || entry.refused > 0;
    for (const entry of wanted) if (goesAlone(entry)) void this.#grant([entry]);
    const others = wanted.filter((entry) => !goesAlone(entry));
    for (let at = 0; at < others.length; at += atOnce) void this.#grant(others.slice(at, at + atOnce));
  }

  async #grant(entries: readonly Entry[]): Promise<void> {
    const granted = await this.#subscribe(entries).then(
      () => true,
      (error: unknown) => {
        this.#shards.answered(error);
        return false;
      },
    );
    for (const entry of entries) {
      entry.asking = false;
      if (this.#entries.get(entry.channel) !== entry) this.#leave(entry.channel);
      else if (!granted) this.#askLater(entry);
      else {
        entry.refused = 0;
        this.#lost.delete(entry);
        entry.resolve();
      }
    }
  }

  #askLater(entry: Entry): void {
    this.#lost.add(entry);
    entry.retry = this.#timers.after(backoff(entry.refused++, this.#chance()), () => {
      entry.retry = null;
      this.#ask([entry]);
    });
  }

  async #subscribe(entries: readonly Entry[]): Promise<unknown> {
    const listen = this.#listen;
    const names = entries.map(({ channel }) => this.#prefix + channel);
    if (!(listen instanceof Cluster && this.#shards.spread)) return listen.subscribe(...names);
    // The client notes a channel at each try, and forgets it only when it is unsubscribed.
    if (entries.some((entry) => this.#lost.has(entry))) listen.sunsubscribe(...names).catch(() => {});
    return listen.ssubscribe(...names);
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.channel);
    this.#lost.delete(entry);
    entry.retry?.cancel();
    entry.resolve();
    this.#leave(entry.channel);
  }

  /** Who has come to a channel in the meantime stays. */
  #leave(channel: string): void {
    if (this.#closed || this.#listen.status !== "ready" || this.#entries.has(channel)) return;
    const name = this.#prefix + channel;
    const listen = this.#listen;
    const left =
      listen instanceof Cluster && this.#shards.spread ? listen.sunsubscribe(name) : listen.unsubscribe(name);
    left.catch(() => {});
  }
}

function newEntry(channel: string, place: number): Entry {
  let resolve = (): void => {};
  const ready = new Promise<void>((done) => {
    resolve = done;
  });
  const state = { shard: undefined, refused: 0, asking: false, retry: null };
  return { channel, place, listeners: new Set(), ready, resolve, ...state };
}
