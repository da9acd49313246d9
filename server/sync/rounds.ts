/**
 * Reads something for all who ask in the same moment, one reading at a time: an older answer never comes after a newer,
 * and who asks while one is under way, which may have begun too early for them, gets the next.
 */
export class Rounds {
  readonly #read: () => Promise<void>;
  #current: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** @throws what the reading throws */
  ask(): Promise<void> {
    this.#next ??= (this.#current ?? Promise.resolve()).catch(() => {}).then(() => this.#run());
    return this.#next;
  }

  async #run(): Promise<void> {
    this.#current = this.#next;
    this.#next = null;
    try {
      await this.#read();
    } finally {
      this.#current = null;
    }
  }
}
