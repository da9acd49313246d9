import { schedule } from "./perform.ts";
import { type Plan, planOf } from "./plan.ts";
import type { ProfileName } from "./profiles.ts";
import { conclude } from "./verdict.ts";
import type { Violation } from "./witness.ts";
import { type RunOptions, World } from "./world.ts";

/** How a run went. The same plan always gives the same outcome. */
export type Outcome = {
  violation: Violation | null;
  fingerprint: string;
  /** Events that ran, commits that were stored, words that were called saved. */
  steps: number;
  commits: number;
  acked: number;
  /** What the rooms of all nodes have counted in all their lives, and sockets closed by name: what a run has met. */
  met: Map<string, number>;
};

export async function simulate(plan: Plan, options?: RunOptions): Promise<Outcome> {
  const world = new World(plan, options);
  const { clock, witness, disk, diary } = world;
  schedule(world, plan);
  for (const device of world.devices) clock.after(world.chance.between(0, 300), () => device.goOnline());
  for (const listener of world.listeners)
    clock.after(world.chance.between(0, 300), () => listener.goOnline());
  const end = (plan.steps.at(-1)?.at ?? 0) + 500;
  await clock.advance(end, () => witness.violation !== null);
  if (witness.violation === null) await conclude(world, plan);
  return {
    violation: witness.violation,
    fingerprint: witness.fingerprint,
    steps: clock.steps,
    commits: disk.commits,
    acked: diary.acked,
    met: countsOf(world),
  };
}

function countsOf({ nodes, listeners, disk }: World): Map<string, number> {
  const met = new Map<string, number>();
  const add = (what: string, count: number) => met.set(what, (met.get(what) ?? 0) + count);
  add("events told", disk.community.rows.length);
  for (const { heard } of listeners) add("events heard", heard);
  for (const { busCounters, folders } of nodes) {
    for (const counters of busCounters)
      for (const [what, count] of Object.entries(counters)) add(`words ${what}`, count);
    for (const { answers, ends } of folders) {
      add("folding answers", answers);
      add("folding ends", ends);
    }
  }
  for (const { closed, ...numbers } of nodes.flatMap(({ counters }) => counters)) {
    for (const [what, count] of Object.entries(numbers)) if (typeof count === "number") add(what, count);
    for (const [name, count] of Object.entries(closed)) add(`closed ${name}`, count);
  }
  return met;
}

export const simulateSeed = (seed: number, profile: ProfileName, options?: RunOptions): Promise<Outcome> =>
  simulate(planOf(seed, profile), options);
