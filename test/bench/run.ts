import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { readOptions } from "./options.ts";
import { pageText, writePage } from "./page.ts";
import { peerOf } from "./peers/all.ts";
import { canPin } from "./pin.ts";
import { drawAll } from "./plots/draw-all.ts";
import { readResults, summarise, type WorkloadResult, writeResults } from "./results.ts";
import { runCell } from "./run-cell.ts";
import { workloadTable } from "./table.ts";
import { targets } from "./targets.ts";
import { allWorkloads } from "./workloads/all.ts";
import type { Outcome, Workload } from "./workloads/workload.ts";

/**
 * `npm run bench`: this server and its peers in turn under the same loads; medians and their ratios are the result,
 * in docs/performance.md and docs/pictures/bench/. No timing fails it.
 *
 *   node test/bench/run.ts                     everything, three rounds, and the page
 *     --only A,B       these workloads; the page keeps the results of the others
 *     --rounds 5       so many rounds
 *     --peers ours,hocuspocus   only these servers (ids: peers/all.ts)
 *     --quick          shorter, one round, and no page
 *     --write          the page all the same
 *     --kills 20       how often the durability workload kills each server
 *     --render         measure nothing: write the page and plots from the results there are
 */
const DOCS = join(import.meta.dirname, "../../docs");
const PICTURES = "pictures/bench";
const RESULTS = join(DOCS, PICTURES, "results.json");

const options = readOptions(process.argv.slice(2));
const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`;
if (!canPin())
  console.log("This machine cannot keep a process on one core: servers and load share them all.");

const results = readResults(RESULTS);
for (const workload of options.render ? [] : options.workloads) {
  const result = await measure(workload);
  if (!result) continue;
  console.log(`\n${workloadTable(workload, result, targets)}\n`);
  results[workload.id] = result;
  if (options.write) writeResults(RESULTS, results);
}
if (options.write || options.render) {
  drawAll(join(DOCS, PICTURES), allWorkloads, results);
  writePage(join(DOCS, "performance.md"), pageText(allWorkloads, results, PICTURES));
}

/** All rounds of one workload; servers take turns, and each is first in turn. */
async function measure(workload: Workload): Promise<WorkloadResult | null> {
  const taking = workload.peers.filter((id) => options.peers.includes(id));
  if (taking.length === 0) return null;
  console.log(`\n${workload.id}. ${workload.title}. ${workload.describe(options.scale)}`);
  const outcomes = new Map(taking.map((id): [string, Outcome[]] => [id, []]));
  const failures = new Map(taking.map((id): [string, string[]] => [id, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const id of [...taking.slice(round % taking.length), ...taking.slice(0, round % taking.length)]) {
      const label = `${workload.id} round ${round + 1}, ${peerOf(id).name}`;
      try {
        const settings = options.kills === null ? {} : { kills: options.kills };
        const outcome = await runCell({ workload: workload.id, peer: id, scale: options.scale, settings });
        outcomes.get(id)?.push(outcome);
        console.log(`${label}: ${told(workload, outcome)}`);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures.get(id)?.push(message);
        console.log(`${label}: failed: ${message}`);
      }
    }
  }
  const rounds = options.rounds === 1 ? "one round" : `medians of ${options.rounds} rounds`;
  return {
    measured: `${new Date().toISOString().slice(0, 10)}, ${rounds}, on ${machine}`,
    description: workload.describe(options.scale),
    peers: Object.fromEntries(
      taking.map((id) => [id, summarise(outcomes.get(id) ?? [], failures.get(id) ?? [])]),
    ),
  };
}

function told(workload: Workload, { values, notes = [] }: Outcome): string {
  const parts = workload.measures.flatMap(({ key, unit }) => {
    const value = values[key];
    return value === undefined ? [] : `${key} ${value.toPrecision(3)} ${unit}`.trim();
  });
  return [...parts, ...notes].join(", ");
}
