import type { Timer, Timers } from "../../server/sync/timers.ts";
import type { Owner, VirtualClock } from "./virtual-clock.ts";

/**
 * One life of a node's process. All that it does to the world goes through a port that asks `acts` first, so a
 * process can die between any two of its acts, in the middle of any turn: what it still computes reaches nobody.
 */
export class ProcessLife implements Owner, Timers {
  alive = true;
  frozenUntil = 0;
  /** Milliseconds its clock is ahead of the true time. */
  skew = 0;
  /** Timers set and neither run nor called off. */
  waiting = 0;
  readonly #clock: VirtualClock;
  readonly #onDeath: () => void;
  #actsLeft = Number.POSITIVE_INFINITY;

  constructor(clock: VirtualClock, onDeath: () => void) {
    this.#clock = clock;
    this.#onDeath = onDeath;
  }

  /** Whether it lives to do one more thing. */
  acts(): boolean {
    if (this.alive && this.#actsLeft-- <= 0) this.die();
    return this.alive;
  }

  /** It dies at its next act but `acts`. */
  dieAfter(acts: number): void {
    this.#actsLeft = acts;
  }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#onDeath();
  }

  freeze(ms: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, this.#clock.now + ms);
  }

  now(): number {
    return this.#clock.now + this.skew;
  }

  after(ms: number, run: () => void): Timer {
    this.waiting++;
    let waits = true;
    const done = (): void => {
      if (waits) this.waiting--;
      waits = false;
    };
    const event = this.#clock.after(
      ms,
      () => {
        done();
        run();
      },
      this,
    );
    return {
      cancel: () => {
        done();
        event.cancel();
      },
    };
  }
}
