import { parentPort } from "node:worker_threads";
import type { ProfileName } from "./profiles.ts";
import { simulateSeed } from "./simulate.ts";
import type { Rule, Violation } from "./witness.ts";

/** Seeds of one profile that a thread plays. */
export interface SeedsRequest {
  profile: ProfileName;
  seeds: readonly number[];
  without: ReadonlySet<Rule>;
}
export interface SeedsReply {
  commits: number;
  broken: { seed: number; violation: Violation }[];
}

// Yjs says on the console when a client id was squatted on, which is what some runs are about.
console.log = () => {};

parentPort?.on("message", async ({ profile, seeds, without }: SeedsRequest) => {
  const reply: SeedsReply = { commits: 0, broken: [] };
  for (const seed of seeds) {
    const { violation, commits } = await simulateSeed(seed, profile, { without });
    reply.commits += commits;
    if (violation !== null) reply.broken.push({ seed, violation });
  }
  parentPort?.postMessage(reply);
});
