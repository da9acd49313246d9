import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { planRounds, type ScheduleOptions, sayFault } from "./schedule.ts";

/**
 * `npm run test:chaos -- …`: real nodes on a real PostgreSQL and a real Redis, and somebody who breaks them.
 * Options and how to read what it prints: docs/proof.md.
 */
const roundLasts = 20_000;
/** From so many minutes on a fault may now and then last a minute. */
const longRun = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    nodes: { type: "string", default: "3" },
    "no-redis": { type: "boolean", default: false },
    /** PostgreSQL on a small disk of its own that runs full in every round; has to be mounted, which only root may do. */
    "small-disk": { type: "boolean", default: false },
    plan: { type: "boolean", default: false },
  },
});

const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not "${values.minutes}"`);
const wholeNumber = (name: "seed" | "nodes", least: number): number => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`--${name} takes a whole number from ${least}, not "${values[name]}"`);
};
const time = minutes * 60_000;
const schedule: ScheduleOptions = {
  seed: wholeNumber("seed", 0),
  // As many as could begin in the time if comparing took none of it. Those that are played are the first of these.
  rounds: Math.ceil(time / roundLasts),
  roundLasts,
  nodes: wholeNumber("nodes", 1),
  redis: !values["no-redis"],
  longest: minutes >= longRun ? 60_000 : 15_000,
  smallDisk: values["small-disk"],
};

const say = (line: string) => console.log(line);
say(
  `seed ${schedule.seed}, ${minutes} minutes: at most ${schedule.rounds} rounds, ${schedule.nodes} nodes${schedule.redis ? " with Redis" : ""}`,
);
for (const round of planRounds(schedule)) {
  say(`planned round ${round.number}${round.agreeWithoutRedis ? ", compared without Redis" : ""}`);
  for (const fault of round.faults) say(`  ${sayFault(fault)}`);
}
if (!values.plan) {
  const size = { writers: 8, readers: 4, talkers: 4, voters: 2 };
  const report = await runCampaign({ ...schedule, size, households: 60, time, say });
  await report.close();
  const { findings, agreed, logs, answered: _, judgeAgain: __, close: ___, ...figures } = report;
  const slowestAgreement = Math.round(Math.max(...agreed));
  say(JSON.stringify({ rounds: agreed.length, ...figures, slowestAgreement }, null, 1));
  for (const line of findings.lines()) say(line);
  say(
    findings.none
      ? "Nothing was lost, nothing was seen too early."
      : `Found something wrong; seed ${schedule.seed}.`,
  );
  if (!findings.none) {
    const directory = await mkdtemp(join(tmpdir(), `yuanba-chaos-${schedule.seed}-`));
    for (const { node, text } of logs)
      await writeFile(join(directory, `${node.replace(" ", "-")}.log`), text);
    say(`The nodes' logs are in ${directory}`);
  }
  process.exitCode = findings.none ? 0 : 1;
}
