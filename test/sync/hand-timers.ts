import { systemTimers, type Timers } from "../../server/sync/timers.ts";

/** A clock that a test moves by hand; timers fire in the order of their time. */
export class HandTimers implements Timers {
  #now = 1_700_000_000_000;
  #waiting = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): { cancel(): void } {
    const timer = { at: this.#now + ms, run };
    this.#waiting.add(timer);
    return { cancel: () => this.#waiting.delete(timer) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#waiting].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}

/** The system's timers, counted. */
export class CountedTimers implements Timers {
  /** How many have been set and have neither run nor been called off. */
  waiting = 0;

  now(): number {
    return systemTimers.now();
  }

  after(ms: number, run: () => void): { cancel(): void } {
    let waits = true;
    this.waiting++;
    const done = () => {
      if (waits) this.waiting--;
      waits = false;
    };
    const timer = systemTimers.after(ms, () => {
      done();
      run();
    });
    return {
      cancel: () => {
        done();
        timer.cancel();
      },
    };
  }
}
