import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { planRounds, type ScheduleOptions, sayFault } from "./schedule.ts";

/**
 * `npm run test:chaos`: real nodes on a real PostgreSQL and a real Redis, and somebody who breaks them.
 * Options: --minutes 5, --seed N (the same seed gives the same schedule), --nodes 3, --no-redis, --plan (only say it).
 */
const roundLasts = 20_000;
/** Healing and comparing after each round, milliseconds, for the number of rounds that fit. */
const comparing = 5_000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    nodes: { type: "string", default: "3" },
    "no-redis": { type: "boolean", default: false },
    plan: { type: "boolean", default: false },
  },
});

const minutes = Number(values.minutes);
const schedule: ScheduleOptions = {
  seed: Number(values.seed),
  rounds: Math.max(1, Math.round((minutes * 60_000) / (roundLasts + comparing))),
  roundLasts,
  nodes: Number(values.nodes),
  redis: !values["no-redis"],
  longest: minutes >= 10 ? 60_000 : 15_000,
};

const say = (line: string) => console.log(line);
say(
  `seed ${schedule.seed}, ${schedule.rounds} rounds, ${schedule.nodes} nodes${schedule.redis ? " with Redis" : ""}`,
);
for (const round of planRounds(schedule)) {
  say(`planned round ${round.number}${round.agreeWithoutRedis ? ", compared without Redis" : ""}`);
  for (const fault of round.faults) say(`  ${sayFault(fault)}`);
}
if (!values.plan) {
  const size = { writers: 8, readers: 4, talkers: 4, voters: 2 };
  const report = await runCampaign({ ...schedule, size, households: 60, say });
  await report.close();
  const { findings, agreed, logs, judgeAgain: _, close: __, ...figures } = report;
  say(JSON.stringify({ ...figures, slowestAgreement: Math.round(Math.max(...agreed)) }, null, 1));
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
