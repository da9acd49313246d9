import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PlayedSeed, SeedsRequest } from "./seeds-worker.ts";

/** Seeds that a thread is given at a time. */
const atOnce = 5;

/** Threads that play seeds. What a seed comes to does not depend on which of them plays it, nor when (SM-2). */
export class Players {
  readonly #threads: Worker[];
  #seeds = 0;
  #took = 0;

  constructor(threads: number) {
    // Without the flags of whoever has started this process, which are for its modules.
    this.#threads = Array.from(
      { length: threads },
      () => new Worker(new URL("./seeds-worker.ts", import.meta.url), { execArgv: [] }),
    );
  }

  /** Seeds that were played in a minute while any were, so far. */
  get rate(): number {
    return Math.round((this.#seeds / this.#took) * 60_000);
  }

  get seeds(): number {
    return this.#seeds;
  }

  /** Plays seeds and answers how each went, in their order. One call at a time. */
  async play(request: Omit<SeedsRequest, "seeds">, seeds: readonly number[]): Promise<PlayedSeed[]> {
    const began = performance.now();
    const played: PlayedSeed[] = [];
    let next = 0;
    await Promise.all(
      this.#threads.map(async (thread) => {
        while (next < seeds.length) {
          const some = seeds.slice(next, next + atOnce);
          next += atOnce;
          thread.postMessage({ ...request, seeds: some } satisfies SeedsRequest);
          const [answer] = (await once(thread, "message")) as [PlayedSeed[]];
          played.push(...answer);
        }
      }),
    );
    this.#seeds += seeds.length;
    this.#took += performance.now() - began;
    return played.sort((one, other) => one.seed - other.seed);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

/** The numbers from the first to the last, both included. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
