import { parseArgs } from "node:util";
import { planOf } from "./plan.ts";
import { type ProfileName, profileNames } from "./profiles.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";
import { rules } from "./witness.ts";

/**
 * `npm run test:sim -- --seeds 1..5000 --profile all` runs these seeds of every profile, prints how many a minute,
 * and for each rule that was broken the first seed with the fewest steps that still break it. Ends with 1 when any was.
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

const options = { without: new Set(rules.filter((rule) => values.without.split(",").includes(rule))) };

// Yjs says so on the console when a client id was squatted on, which is what some runs are about.
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
console.log = () => {};

let runs = 0;
let commits = 0;
const failures = new Map<string, string[]>();
const began = performance.now();
for (const profile of profiles) {
  const profileBegan = performance.now();
  const before = runs;
  for (let seed = from; seed <= to; seed++) {
    const plan = planOf(seed, profile);
    const { violation, commits: stored } = await simulate(plan, options);
    runs++;
    commits += stored;
    if (violation === null) continue;
    const key = `${profile} ${violation.rule}`;
    const seeds = failures.get(key) ?? [];
    failures.set(key, [...seeds, `${seed}`]);
    if (seeds.length > 0) continue;
    say(`\n${profile} seed ${seed} breaks ${violation.rule}: ${violation.message}`);
    const small = await shrink(plan, violation.rule, Number(values.shrink), options);
    const again = (await simulate(small, options)).violation;
    say(`  with ${small.nodes} nodes, ${small.boards} boards, ${small.devices} devices: ${again?.message}`);
    for (const step of small.steps) say(`  ${JSON.stringify(step)}`);
  }
  const minutes = (performance.now() - profileBegan) / 60_000;
  say(`${profile}: ${runs - before} seeds, ${Math.round((runs - before) / minutes)} a minute`);
}
const minutes = (performance.now() - began) / 60_000;
say(`\n${runs} runs, ${commits} commits, ${Math.round(runs / minutes)} seeds a minute`);
for (const [key, seeds] of failures) say(`${key}: ${seeds.length} seeds (${seeds.slice(0, 8).join(" ")})`);
process.exitCode = failures.size > 0 ? 1 : 0;
