import * as encoding from "lib0/encoding";
import { ByteReader } from "../sync/byte-reader.ts";
import type { Shards } from "./shards.ts";
import type { Subscriptions } from "./subscriptions.ts";

export const canaryLimits = {
  /** A word to oneself goes round through each part of Redis this often, milliseconds. */
  every: 500,
  /** Not heard for this long, the bus is not to be trusted. */
  silentAfter: 1_400,
  /** Longer on its way than this, it is later than what the log tells: the bus is not to be trusted either. */
  slowAfter: 1_000,
  /** Not heard for this long, the connections are made anew: a frozen Redis leaves them open. */
  reconnectAfter: 4_000,
};

/** The way through one part of Redis. */
interface Round {
  channel: string;
  heardAt: number;
  /** How long the last word heard was on its way, milliseconds. */
  took: number;
  /** When this way was made, or last made anew. */
  madeAt: number;
  close(): void;
}

/**
 * A word to oneself, with the time it was sent, that goes the whole way round through Redis: connections that look open
 * prove nothing. What it proves it proves for the part of Redis it went through, so of a cluster each master has its own.
 */
export class Canary {
  readonly #nodeId: string;
  readonly #prefix: string;
  readonly #shards: Shards;
  readonly #subscriptions: Subscriptions;
  readonly #now: () => number;
  readonly #rounds = new Map<string, Round>();

  /** @param now milliseconds that never go back */
  constructor(
    nodeId: string,
    prefix: string,
    shards: Shards,
    subscriptions: Subscriptions,
    now: () => number,
  ) {
    this.#now = now;
    this.#nodeId = nodeId;
    this.#prefix = prefix;
    this.#shards = shards;
    this.#subscriptions = subscriptions;
    this.settle();
  }

  /** Whether every part of Redis carries words, and in time. */
  healthy(): boolean {
    const now = this.#now();
    const rounds = [...this.#rounds.values()];
    return rounds.length > 0 && rounds.every((round) => isSound(round, now));
  }

  /** One way through each part there is now. */
  settle(): void {
    const parts = new Set(this.#shards.all());
    for (const [part, { channel, close }] of this.#rounds) {
      if (parts.has(part) && this.#partOf(channel) === part) continue;
      close();
      this.#rounds.delete(part);
    }
    for (const part of parts) if (!this.#rounds.has(part)) this.#rounds.set(part, this.#newRound(part));
  }

  sing(say: (channel: string, message: Uint8Array) => void): void {
    for (const { channel } of this.#rounds.values()) {
      const out = encoding.createEncoder();
      encoding.writeVarUint(out, Math.round(this.#now()));
      say(channel, encoding.toUint8Array(out));
    }
  }

  /** Takes a word of this node itself. @returns whether it is the canary's */
  hear(channel: string, message: Uint8Array): boolean {
    const now = this.#now();
    for (const round of this.#rounds.values()) {
      if (round.channel !== channel) continue;
      round.took = now - new ByteReader(message).uint();
      round.heardAt = now;
      return true;
    }
    return false;
  }

  /** The parts that have been silent for so long that the way through them must be made anew; each is named once. */
  stuck(): { parts: string[]; all: boolean } {
    const now = this.#now();
    const silent = [...this.#rounds].filter(
      ([, { heardAt, madeAt }]) => now - Math.max(heardAt, madeAt) >= canaryLimits.reconnectAfter,
    );
    for (const [, round] of silent) round.madeAt = now;
    return {
      parts: silent.map(([part]) => part),
      all: silent.length > 0 && silent.length === this.#rounds.size,
    };
  }

  /** The way through all parts is new, and has its time before it counts as silent. */
  madeAnew(): void {
    for (const round of this.#rounds.values()) round.madeAt = this.#now();
  }

  #partOf(channel: string): string | undefined {
    return this.#shards.at(this.#shards.placeOf(this.#prefix + channel));
  }

  #newRound(part: string): Round {
    const base = `canary:${this.#nodeId}`;
    let channel = base;
    for (let at = 1; this.#partOf(channel) !== part; at++) channel = `${base}:${at}`;
    const { close } = this.#subscriptions.add(channel, () => {});
    return { channel, heardAt: Number.NEGATIVE_INFINITY, took: 0, madeAt: this.#now(), close };
  }
}

const isSound = ({ heardAt, took }: Round, now: number): boolean =>
  now - heardAt < canaryLimits.silentAfter && took <= canaryLimits.slowAfter;
