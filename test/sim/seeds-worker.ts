import "./no-real-chance.ts";
import { parentPort } from "node:worker_threads";
import { allMutants } from "./all-mutants.ts";
import type { ProfileName } from "./profiles.ts";
import { type Outcome, simulateSeed } from "./simulate.ts";
import type { Rule } from "./witness.ts";

/** Seeds of one profile that a thread plays. */
export interface SeedsRequest {
  profile: ProfileName;
  seeds: readonly number[];
  /** Rules that are not looked at. */
  without?: ReadonlySet<Rule>;
  /** The name of a defect that is put into the engine. */
  mutant?: string;
}
export type PlayedSeed = Outcome & { seed: number };

// Yjs says on the console when a client id was squatted on, which is what some runs are about.
console.log = () => {};

parentPort?.on("message", async ({ profile, seeds, without, mutant }: SeedsRequest) => {
  const played: PlayedSeed[] = [];
  for (const seed of seeds) {
    const mutation = mutant === undefined ? undefined : allMutants[mutant]?.make();
    played.push({ seed, ...(await simulateSeed(seed, profile, { without, mutation })) });
  }
  parentPort?.postMessage(played);
});
