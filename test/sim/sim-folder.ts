import { type Fold, foldNow } from "../../server/sync/fold.ts";
import { type Renew, renewNow } from "../../server/sync/renewal.ts";
import type { Chance } from "./chance.ts";
import { SimulatedFault } from "./disk-line.ts";
import type { ProcessLife } from "./process-life.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** How the folding thread goes wrong at its next work: it ends in the middle of it, or takes so many milliseconds. */
export type FolderFault = { kind: "ends" } | { kind: "slow"; ms: number };

/** Milliseconds that one work takes. */
const takes: [number, number] = [1, 40];

type Waiting = { answered(): void; failed(error: Error): void };

/**
 * A node's folding thread: takes one board after the other, works on copies of what it is given, and answers later. When
 * it ends, all who wait are told so, and the next who asks starts another.
 */
export class SimFolder {
  /** What the next works meet. */
  readonly faults: FolderFault[] = [];
  answers = 0;
  ends = 0;
  readonly #clock: VirtualClock;
  readonly #life: ProcessLife;
  readonly #chance: Chance;
  #waiting: Waiting[] = [];

  constructor(clock: VirtualClock, life: ProcessLife, chance: Chance) {
    this.#clock = clock;
    this.#life = life;
    this.#chance = chance;
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  readonly fold: Fold = (parts, expected) => {
    const sent = parts.map(copyOf);
    const wanted = copyOf(expected);
    return this.#ask(() => foldNow(sent, wanted));
  };

  readonly renew: Renew = (parts, clientId, expected) => {
    const sent = parts.map(copyOf);
    const wanted = expected === null ? null : copyOf(expected);
    return this.#ask(() => renewNow(sent, clientId, wanted));
  };

  #ask<T>(work: () => T | null): Promise<T | null> {
    if (!this.#life.acts()) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      this.#waiting.push({ answered: () => resolve(orNull(work)), failed: reject });
      if (this.#waiting.length === 1) this.#next();
    });
  }

  #next(): void {
    const fault = this.faults.shift();
    const ms = fault?.kind === "slow" ? fault.ms : this.#chance.between(...takes);
    this.#clock.after(ms, () => (fault?.kind === "ends" ? this.#end() : this.#answer()), this.#life);
  }

  #answer(): void {
    this.answers++;
    this.#waiting.shift()?.answered();
    if (this.#waiting.length > 0) this.#next();
  }

  #end(): void {
    this.ends++;
    for (const { failed } of this.#waiting.splice(0))
      failed(new SimulatedFault("the folding thread has ended"));
  }
}

/** What is done to the bytes after they are sent does not reach the thread. */
const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

/** As the thread does it: what cannot be read at all does not make the document either. */
function orNull<T>(work: () => T | null): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
