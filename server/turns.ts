/**
 * Work that a crowd brings all at once, let through a little in each turn of the event loop, in the order it came:
 * whoever else is on this node is served in between. When there is no crowd, a job is done at once.
 */
export class Turns {
  readonly #soon: (run: () => void) => void;
  readonly #width: number;
  readonly #waiting: (() => number)[] = [];
  #left: number;
  #working = false;
  #scheduled = false;

  /**
   * @param soon runs something after what has come in by now, in the next turn of the event loop
   * @param width what is done in one turn; 1 is about five milliseconds of one core
   */
  constructor(soon: (run: () => void) => void = setImmediate, width = 1) {
    this.#soon = soon;
    this.#width = width;
    this.#left = width;
  }

  /** Does a job in its turn. It answers what it took, 1 being a whole turn. */
  take(job: () => number): void {
    this.#waiting.push(job);
    // A job that brings another one does not do it itself: it would not be known yet what it took.
    if (!this.#working) this.#work();
  }

  /** Resolves when it is one's turn, for work that takes about such a share of it. */
  pass(share: number): Promise<void> {
    return new Promise((resolve) => {
      this.take(() => {
        resolve();
        return share;
      });
    });
  }

  #work(): void {
    this.#working = true;
    let done = 0;
    try {
      for (const job of this.#waiting) {
        if (this.#left <= 0) break;
        done++;
        const took = job();
        this.#left -= took;
      }
    } finally {
      this.#waiting.splice(0, done);
      this.#working = false;
      this.#nextTurn();
    }
  }

  #nextTurn(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#soon(() => {
      this.#scheduled = false;
      this.#left = this.#width;
      if (this.#waiting.length > 0) this.#work();
    });
  }
}
