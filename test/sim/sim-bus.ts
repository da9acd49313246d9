import type { PubSubClient, RedisClients } from "../../server/fanout/redis-clients.ts";
import type { Chance } from "./chance.ts";
import type { ProcessLife } from "./process-life.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** How Redis treats words while it is flaky, as probabilities; `lag` in milliseconds. */
export type Flakiness = { loss: number; twice: number; lag: number };

/** Redis between the nodes: words may be late, lost, doubled, or overtake one another. */
export class SimRedis {
  flaky: Flakiness = { loss: 0, twice: 0, lag: 0 };
  readonly connections = new Set<SimClient>();
  readonly clock: VirtualClock;
  readonly chance: Chance;
  /** Words told before this moment and not heard by then are lost. */
  lostBefore = 0;

  constructor(clock: VirtualClock, chance: Chance) {
    this.clock = clock;
    this.chance = chance;
  }

  /** A word has reached it: on to all who listen. */
  pass(channel: string, word: Buffer): void {
    const { clock, chance, flaky } = this;
    const told = clock.now;
    const name = Buffer.from(channel);
    for (const listener of this.connections) {
      if (!listener.listensTo(channel) || chance.hit(flaky.loss)) continue;
      for (let copies = chance.hit(flaky.twice) ? 2 : 1; copies > 0; copies--)
        listener.carry(chance.between(1, 2) + chance.between(0, flaky.lag), () => {
          if (told >= this.lostBefore) listener.emit("messageBuffer", name, Buffer.from(word));
        });
    }
  }
}

/** One node's way to Redis, over which both its connections go. */
export class SimRedisLine {
  readonly redis: SimRedis;
  readonly life: ProcessLife;
  readonly clients: RedisClients & { speak: SimClient; listen: SimClient };
  /** Open, broken so that both ends see it, or silent: what is on its way waits, and nobody is told. */
  state: "open" | "broken" | "silent" = "open";
  #waiting: (() => void)[] = [];

  constructor(redis: SimRedis, life: ProcessLife) {
    this.redis = redis;
    this.life = life;
    this.clients = { speak: new SimClient(this), listen: new SimClient(this) };
  }

  cut(how: "broken" | "silent"): void {
    if (this.state !== "open") return;
    this.state = how;
    if (how === "broken") for (const client of this.#both()) client.drop();
  }

  mend(): void {
    if (this.state === "open") return;
    this.state = "open";
    for (const arrive of this.#waiting.splice(0)) this.redis.clock.after(1, arrive, this.life);
  }

  /** Brings something over the line, late when it is silent. */
  carry(ms: number, arrive: () => void): void {
    this.redis.clock.after(
      ms,
      () => (this.state === "silent" ? this.#waiting.push(arrive) : arrive()),
      this.life,
    );
  }

  /** The process has died: Redis drops its connections. */
  end(): void {
    for (const client of this.#both()) client.disconnect();
  }

  #both(): SimClient[] {
    return [this.clients.speak, this.clients.listen];
  }
}

/** A connection to Redis as the client of the server makes it: made anew by itself whenever it ends. */
export class SimClient implements PubSubClient {
  status = "wait";
  readonly #line: SimRedisLine;
  readonly #listeners = new Map<string, ((...args: never[]) => void)[]>();
  /** What Redis knows of this connection. */
  readonly #channels = new Set<string>();
  /** Counts the connections there were. */
  #connection = 0;
  #unanswered = new Set<(error: Error) => void>();
  /** When the last question arrives: Redis gets and answers those of one connection in their order. */
  #lastAsked = 0;

  constructor(line: SimRedisLine) {
    this.#line = line;
  }

  on(event: string, listener: (...args: never[]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]));
  }

  async connect(): Promise<void> {
    this.#connectSoon(this.#line.redis.chance.between(1, 5));
  }

  disconnect(reconnect = false): void {
    this.drop();
    if (!reconnect) this.status = "end";
  }

  /** The connection ends, and another is tried. */
  drop(): void {
    if (this.status === "end") return;
    this.status = "reconnecting";
    this.#connection++;
    this.#channels.clear();
    this.#line.redis.connections.delete(this);
    for (const refuse of this.#unanswered) refuse(new Error("the connection has ended"));
    this.#unanswered.clear();
    this.#connectSoon(this.#line.redis.chance.between(50, 400));
  }

  publish(channel: string, message: Buffer): Promise<unknown> {
    const word = Buffer.from(message);
    return this.#ask(() => this.#line.redis.pass(channel, word));
  }

  subscribe(...channels: string[]): Promise<unknown> {
    return this.#ask(() => {
      for (const channel of channels) this.#channels.add(channel);
    });
  }

  unsubscribe(...channels: string[]): Promise<unknown> {
    return this.#ask(() => {
      for (const channel of channels) this.#channels.delete(channel);
    });
  }

  listensTo(channel: string): boolean {
    return this.#channels.has(channel);
  }

  /** Brings something from Redis over this connection, if it is still the same when it arrives. */
  carry(ms: number, arrive: () => void): void {
    const connection = this.#connection;
    this.#line.carry(ms, () => {
      if (connection === this.#connection && this.status === "ready") arrive();
    });
  }

  #connectSoon(ms: number): void {
    const connection = this.#connection;
    const { redis, life } = this.#line;
    redis.clock.after(
      ms,
      () => {
        if (this.status === "end" || connection !== this.#connection) return;
        // A broken line refuses, a silent one never answers.
        if (this.#line.state !== "open") {
          this.#connectSoon(redis.chance.between(50, 400));
          return;
        }
        redis.connections.add(this);
        this.status = "ready";
        this.emit("ready");
      },
      life,
    );
  }

  /** Asks Redis for something, which answers unless the connection ends before. */
  #ask(effect: () => void): Promise<unknown> {
    const { redis, life } = this.#line;
    if (!life.acts() || this.status !== "ready") return Promise.reject(new Error("not connected"));
    const { now } = redis.clock;
    this.#lastAsked = Math.max(this.#lastAsked, now + redis.chance.between(1, 2));
    const way = this.#lastAsked - now;
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject);
      this.carry(way, () => {
        effect();
        this.carry(1, () => {
          this.#unanswered.delete(reject);
          resolve(null);
        });
      });
    });
  }
}
