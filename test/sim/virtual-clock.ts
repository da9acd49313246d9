/** Whose event it is: a process that is dead hears nothing any more, and a frozen one hears it later. */
export type Owner = { readonly alive: boolean; readonly frozenUntil: number };

type Event = { at: number; order: number; owner: Owner | null; run: () => void; live: boolean };

/**
 * The time of one simulated run, in milliseconds. Nothing in a run waits for anything else: an event runs, every
 * promise it settles runs to its end, and then comes the next event, so a run is a function of its seed.
 */
export class VirtualClock {
  now = 1_700_000_000_000;
  /** How many events have run. */
  steps = 0;
  #order = 0;
  /** Something threw that nobody catches: a process would end. */
  readonly #onThrow: (error: unknown) => void;
  readonly #heap: Event[] = [];

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  /** Runs something so many milliseconds from now; events of one moment run in the order they were set. */
  after(ms: number, run: () => void, owner: Owner | null = null): { cancel(): void } {
    const event = { at: this.now + Math.max(0, ms), order: this.#order++, owner, run, live: true };
    this.#push(event);
    return {
      cancel: () => {
        event.live = false;
      },
    };
  }

  /** Runs all that is due in the next `ms`, or until `stop` says so after an event. */
  async advance(ms: number, stop: () => boolean): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const event = this.#heap[0];
      if (event === undefined || event.at > end) break;
      this.#pop();
      if (!event.live || event.owner?.alive === false) continue;
      if (event.owner !== null && event.owner.frozenUntil > event.at) {
        event.at = event.owner.frozenUntil;
        // With its old number: what was sent in order is heard in order.
        this.#push(event);
        continue;
      }
      this.now = event.at;
      event.live = false;
      this.steps++;
      try {
        event.run();
      } catch (error) {
        this.#onThrow(error);
      }
      await promisesSettled();
      if (stop()) return;
    }
    this.now = end;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(event, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const left = heap[down];
      const right = heap[down + 1];
      if (left === undefined) break;
      let child = left;
      if (right !== undefined && isBefore(right, left)) {
        child = right;
        down++;
      }
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Node runs ticks only when no promise callback is left, so this returns when all of them have run. */
const promisesSettled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
