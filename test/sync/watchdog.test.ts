import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import type { Watched } from "./watched-guard.ts";

const updates = 6_000;
/** One update is judged in well under a millisecond; a machine that also runs everything else gets this long. */
const patience = 10_000;
const notBegun = -1;

/** Gives damaged updates to the guard in a thread of its own. @returns what it said to them, or at which it hangs */
function watch(given: Omit<Watched, "progress">, within: number): Promise<Record<string, number> | string> {
  const progress = new SharedArrayBuffer(4);
  const underWay = new Int32Array(progress).fill(notBegun);
  const workerData: Watched = { ...given, progress };
  const worker = new Worker(new URL("watched-guard.ts", import.meta.url), { workerData });
  return new Promise<Record<string, number> | string>((resolve, reject) => {
    let last = { number: notBegun, at: performance.now() };
    const dog = setInterval(() => {
      const number = Atomics.load(underWay, 0);
      // How long a thread takes to start is nobody's hanging.
      if (number !== last.number || number === notBegun) last = { number, at: performance.now() };
      else if (performance.now() - last.at > within) resolve(`update ${number} hangs`);
    }, 20);
    worker.once("message", resolve);
    worker.once("error", (error) =>
      reject(new Error(`update ${Atomics.load(underWay, 0)} breaks the guard`, { cause: error })),
    );
    worker.once("exit", () => clearInterval(dog));
  }).finally(() => worker.terminate());
}

it(`[SY-5 SY-18 T22] ${updates} damaged updates, of both encodings: none holds up the guard, and each gets a verdict`, async () => {
  const verdicts = await watch({ count: updates, hangsAt: null }, patience);
  expect(verdicts).toBeTypeOf("object");
  expect(Object.values(verdicts).reduce((sum, count) => Number(sum) + Number(count), 0)).toBe(updates);
  for (const said of ["passes", "malformed", "forbidden", "out-of-step"])
    expect(Object.keys(verdicts)).toContain(said);
});

it("[T22] a guard that hangs is noticed, with the number of the update", async () => {
  expect(await watch({ count: 50, hangsAt: 20 }, 3_000)).toBe("update 20 hangs");
});
