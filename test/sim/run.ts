import "./no-real-chance.ts";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { planOf } from "./plan.ts";
import { Players, range } from "./players.ts";
import { type ProfileName, profileNames } from "./profiles.ts";
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

// As on the threads that play.
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
console.log = () => {};

const players = new Players(availableParallelism());

async function tell(profile: ProfileName, seed: number, rule: (typeof rules)[number], message: string) {
  say(`\n${profile} seed ${seed} breaks ${rule}: ${message}`);
  const small = await shrink(planOf(seed, profile), rule, Number(values.shrink), { without });
  const again = (await simulate(small, { without })).violation;
  say(`  with ${small.nodes} nodes, ${small.boards} boards, ${small.devices} devices: ${again?.message}`);
  for (const step of small.steps) say(`  ${JSON.stringify(step)}`);
}

const seeds = range(from, to);
let commits = 0;
const failures = new Map<string, number[]>();
for (const profile of profiles) {
  const began = performance.now();
  const played = await players.play({ profile, without }, seeds);
  const took = performance.now() - began;
  say(`${profile}: ${seeds.length} seeds, ${Math.round((seeds.length / took) * 60_000)} a minute`);
  for (const { seed, violation, commits: stored } of played) {
    commits += stored;
    if (violation === null) continue;
    const key = `${profile} ${violation.rule}`;
    const broken = failures.get(key) ?? [];
    failures.set(key, [...broken, seed]);
    if (broken.length === 0) await tell(profile, seed, violation.rule, violation.message);
  }
}
await players.close();
say(`\n${players.seeds} runs, ${commits} commits, ${players.rate} seeds a minute`);
for (const [key, broken] of failures) say(`${key}: ${broken.length} seeds (${broken.slice(0, 8).join(" ")})`);
process.exitCode = failures.size > 0 ? 1 : 0;
