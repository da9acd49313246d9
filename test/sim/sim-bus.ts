import type { Bus } from "../../server/fanout/bus.ts";
import { canaryLimits } from "../../server/fanout/canary.ts";
import type { Chance } from "./chance.ts";
import type { ProcessLife } from "./process-life.ts";
import type { VirtualClock } from "./virtual-clock.ts";

type Subscription = { hear: (message: Uint8Array) => void; active: boolean; closed: boolean; ready(): void };

/** How the bus treats words while it is flaky, as probabilities; `lag` in milliseconds. */
export type Flakiness = { loss: number; twice: number; lag: number };

/** Redis between the nodes: words may be late, lost, doubled, or overtake one another. */
export class SimRedis {
  flaky: Flakiness = { loss: 0, twice: 0, lag: 0 };
  readonly members = new Set<SimBus>();
  readonly clock: VirtualClock;
  readonly chance: Chance;
  /** Words told before this moment and not heard by then are lost. */
  lostBefore = 0;
  /** What a damaged bus does to a word; the sound one leaves it alone. */
  readonly carry: (message: Uint8Array) => Uint8Array;

  constructor(
    clock: VirtualClock,
    chance: Chance,
    carry = (message: Uint8Array): Uint8Array => Uint8Array.from(message),
  ) {
    this.clock = clock;
    this.chance = chance;
    this.carry = carry;
  }
}

/** One node's end of the bus. Like the real one it learns late that it was cut off, and says when it is back. */
export class SimBus implements Bus {
  readonly #redis: SimRedis;
  readonly #life: ProcessLife;
  readonly #channels = new Map<string, Set<Subscription>>();
  readonly #back = new Set<() => void>();
  #up = true;
  #downSince = 0;

  constructor(redis: SimRedis, life: ProcessLife) {
    this.#redis = redis;
    this.#life = life;
    redis.members.add(this);
  }

  get subscriptions(): number {
    return this.#channels.size;
  }

  healthy(): boolean {
    return this.#up || this.#redis.clock.now - this.#downSince < canaryLimits.silentAfter;
  }

  publish(channel: string, message: Uint8Array): void {
    if (!this.#life.acts() || !this.#up) return;
    const { clock, chance, flaky, members } = this.#redis;
    const told = clock.now;
    for (const other of members) {
      if (other === this || chance.hit(flaky.loss)) continue;
      for (let copies = chance.hit(flaky.twice) ? 2 : 1; copies > 0; copies--) {
        const word = this.#redis.carry(message);
        clock.after(
          chance.between(1, 3) + chance.between(0, flaky.lag),
          () => told >= this.#redis.lostBefore && other.#hear(channel, word),
          other.#life,
        );
      }
    }
  }

  subscribe(channel: string, hear: (message: Uint8Array) => void): { ready: Promise<void>; close(): void } {
    let ready = (): void => {};
    const whenReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const subscription: Subscription = { hear, active: false, closed: false, ready };
    const channels = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, channels.add(subscription));
    if (this.#life.acts() && this.#up) this.#activate([subscription]);
    return {
      ready: whenReady,
      close: () => {
        subscription.closed = true;
        channels.delete(subscription);
        if (channels.size === 0 && this.#channels.get(channel) === channels) this.#channels.delete(channel);
        ready();
      },
    };
  }

  onBack(listener: () => void): void {
    this.#back.add(listener);
  }

  async close(): Promise<void> {
    this.#redis.members.delete(this);
  }

  /** The connection to Redis breaks. */
  cut(): void {
    if (!this.#up) return;
    this.#up = false;
    this.#downSince = this.#redis.clock.now;
    for (const one of this.#all()) one.active = false;
  }

  mend(): void {
    if (this.#up) return;
    const noticed = !this.healthy();
    this.#up = true;
    this.#activate([...this.#all()]);
    if (!noticed) return;
    this.#redis.clock.after(
      this.#redis.chance.between(1, canaryLimits.every),
      () => {
        for (const listener of this.#back) listener();
      },
      this.#life,
    );
  }

  #activate(subscriptions: readonly Subscription[]): void {
    this.#redis.clock.after(
      this.#redis.chance.between(1, 5),
      () => {
        if (!this.#up) return;
        for (const one of subscriptions) {
          if (one.closed) continue;
          one.active = true;
          one.ready();
        }
      },
      this.#life,
    );
  }

  #hear(channel: string, message: Uint8Array): void {
    if (!this.#up) return;
    // As the real bus: a word that cannot be understood is left out.
    for (const { hear, active } of [...(this.#channels.get(channel) ?? [])]) {
      if (!active) continue;
      try {
        hear(message);
      } catch {}
    }
  }

  *#all(): Generator<Subscription> {
    for (const subscriptions of this.#channels.values()) yield* subscriptions;
  }
}
