import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { planOf } from "./plan.ts";
import { type ProfileName, profileNames } from "./profiles.ts";
import type { SeedsReply, SeedsRequest } from "./seeds-worker.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";
import { rules } from "./witness.ts";

/**
 * `npm run test:sim -- --seeds 1..5000 --profile all` runs these seeds of every profile on all cores, prints how many a
 * minute, and for each rule that was broken the first seed with the fewest steps that still break it. Ends with 1 when
 * any was.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..200" },
    profile: { type: "string", default: "all" },
    /** Rules not to look at, such as those of a defect that is known already. */
    without: { type: "string", default: "" },
    /** Runs spent on shrinking one failure. */
    shrink: { type: "string", default: "600" },
  },
});
const [from = 1, to = from] = values.seeds.split("..").map(Number);
const profiles = values.profile === "all" ? profileNames : (values.profile.split(",") as ProfileName[]);
const without = new Set(rules.filter((rule) => values.without.split(",").includes(rule)));
/** Seeds that a thread is given at a time. */
const atOnce = 5;

// As on the threads that play.
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
console.log = () => {};

const threads = Array.from(
  { length: availableParallelism() },
  () => new Worker(new URL("./seeds-worker.ts", import.meta.url)),
);

/** All seeds of one profile, in the order of the seeds. */
async function play(profile: ProfileName): Promise<SeedsReply> {
  const all: SeedsReply = { commits: 0, broken: [] };
  let next = from;
  await Promise.all(
    threads.map(async (thread) => {
      while (next <= to) {
        const first = next;
        next += atOnce;
        const seeds = Array.from({ length: Math.min(atOnce, to - first + 1) }, (_, index) => first + index);
        thread.postMessage({ profile, seeds, without } satisfies SeedsRequest);
        const [{ commits, broken }] = (await once(thread, "message")) as [SeedsReply];
        all.commits += commits;
        all.broken.push(...broken);
      }
    }),
  );
  all.broken.sort((one, other) => one.seed - other.seed);
  return all;
}

async function tell(profile: ProfileName, seed: number, rule: (typeof rules)[number], message: string) {
  say(`\n${profile} seed ${seed} breaks ${rule}: ${message}`);
  const small = await shrink(planOf(seed, profile), rule, Number(values.shrink), { without });
  const again = (await simulate(small, { without })).violation;
  say(`  with ${small.nodes} nodes, ${small.boards} boards, ${small.devices} devices: ${again?.message}`);
  for (const step of small.steps) say(`  ${JSON.stringify(step)}`);
}

const seedsEach = Math.max(0, to - from + 1);
let commits = 0;
let playing = 0;
const failures = new Map<string, number[]>();
for (const profile of profiles) {
  const began = performance.now();
  const played = await play(profile);
  const took = performance.now() - began;
  playing += took;
  commits += played.commits;
  say(`${profile}: ${seedsEach} seeds, ${Math.round((seedsEach / took) * 60_000)} a minute`);
  for (const { seed, violation } of played.broken) {
    const key = `${profile} ${violation.rule}`;
    const seeds = failures.get(key) ?? [];
    failures.set(key, [...seeds, seed]);
    if (seeds.length === 0) await tell(profile, seed, violation.rule, violation.message);
  }
}
await Promise.all(threads.map((thread) => thread.terminate()));
const runs = seedsEach * profiles.length;
say(`\n${runs} runs, ${commits} commits, ${Math.round((runs / playing) * 60_000)} seeds a minute`);
for (const [key, seeds] of failures) say(`${key}: ${seeds.length} seeds (${seeds.slice(0, 8).join(" ")})`);
process.exitCode = failures.size > 0 ? 1 : 0;
