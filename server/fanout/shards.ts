import { Cluster } from "ioredis";
import type { PubSubClient } from "./redis-clients.ts";

/**
 * The parts of a Redis that may fail alone: one Redis is one part, of a cluster each master with slots is, as long as its
 * servers know channels that one of them carries alone (Redis 7). Others carry every channel everywhere.
 */
export interface Shards {
  /** Whether channels are spread over the parts. */
  readonly spread: boolean;
  /** Takes an answer of a server: one that does not know such channels puts an end to spreading them. */
  answered(error: unknown): void;
  /** Those there are now; of a cluster that was not reached yet there are none. */
  all(): Iterable<string>;
  /** Where a channel belongs, by its full name, whichever part has the place. */
  placeOf(name: string): number;
  /** The part that has a place; undefined while none does. */
  at(place: number): string | undefined;
}

const slots = 16_384;
/** The one part of a Redis that is not spread. */
const whole = "redis";

/** @param client of a cluster it knows, and keeps up to date, which master has which slot */
export function shardsOf(client: PubSubClient | Cluster): Shards {
  if (!(client instanceof Cluster))
    return { spread: false, answered: () => {}, all: () => [whole], placeOf: () => 0, at: () => whole };
  const ownerOf = (slot: number) => client.slots[slot]?.[0];
  let spread = true;
  return {
    get spread() {
      return spread;
    },
    answered: (error) => {
      if (error instanceof Error && /unknown command/i.test(error.message)) spread = false;
    },
    all: () => {
      if (!spread) return [whole];
      const masters = new Set<string>();
      for (let slot = 0; slot < slots; slot++) {
        const master = ownerOf(slot);
        if (master !== undefined) masters.add(master);
      }
      return masters;
    },
    placeOf: slotOf,
    at: (slot) => (spread ? ownerOf(slot) : whole),
  };
}

/** The slot of a name without braces: its CRC-16/XMODEM, cut to 14 bits (Redis Cluster specification, key distribution). */
export function slotOf(name: string): number {
  let crc = 0;
  for (const byte of Buffer.from(name)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc % slots;
}
