import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { peerOf } from "./peers/all.ts";
import type { Results, WorkloadResult } from "./results.ts";
import { compareMeasure, digits, markdownTable, verdict, withUnit, workloadTable } from "./table.ts";
import { targets } from "./targets.ts";
import type { Workload } from "./workloads/workload.ts";

const BEGIN = "<!-- npm run bench: begin -->";
const END = "<!-- npm run bench: end -->";

/** All results as the generated part of the page. @param pictures where the plots are, as seen from the page */
export function pageText(workloads: readonly Workload[], results: Results, pictures: string): string {
  const measured = workloads.flatMap((workload) => {
    const result = results[workload.id];
    return result ? [{ workload, result }] : [];
  });
  const peers = new Set(measured.flatMap(({ result }) => Object.keys(result.peers)));
  return [
    `## The targets\n\n${targetTable(measured)}`,
    "Ours and the peers take turns. A ratio is the median of the rounds' ratios, not of the medians beside it: between rounds the machine's speed changes.",
    `## Who is compared\n\n${[...peers].map((id) => `- **${peerOf(id).name}**: ${peerOf(id).promise}.`).join("\n")}`,
    ...measured.map(({ workload, result }) => section(workload, result, pictures)),
  ].join("\n\n");
}

interface Measured {
  workload: Workload;
  result: WorkloadResult;
}

/** Every target beside what was measured, over all workloads. */
export function targetTable(measured: readonly Measured[]): string {
  const rows = targets.flatMap((target) => {
    const found = measured.find(({ workload }) => workload.id === target.workload);
    const measure = found?.workload.measures.find(({ key }) => key === target.measure);
    if (!found || !measure) return [];
    const compared = compareMeasure(found.workload, found.result, measure);
    const value = target.of === "ratio" ? compared.ratio : compared.ours;
    const shown = value === null ? "–" : target.of === "ratio" ? `${digits(value)} ×` : String(value);
    return [[`${target.workload}: ${measure.name}`, shown, verdict(target, compared)]];
  });
  return markdownTable(["", "measured", "target"], rows);
}

function section(workload: Workload, result: WorkloadResult, pictures: string): string {
  const notes = Object.entries(result.peers).flatMap(([id, { notes: said, failure }]) => {
    const all = failure === null ? said : [`not measured: ${failure.split("\n")[0]}`];
    return all.map((note) => `- ${peerOf(id).name}: ${note}.`);
  });
  return [
    `## ${workload.id}. ${workload.title}`,
    result.description,
    workloadTable(workload, result, targets),
    ...curveTables(workload, result),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
    `![${workload.title}](${pictures}/${workload.id}.svg)`,
    `Measured ${result.measured}.`,
  ].join("\n\n");
}

/** The points of our own curve, where the workload is about how something grows. */
function curveTables({ plot, peers }: Workload, result: WorkloadResult): string[] {
  const only = peers.length === 1 ? result.peers[peers[0] ?? ""] : undefined;
  if ("bars" in plot || !only || only.curve.length === 0) return [];
  const head = [plot.xName, ...plot.lines.map(({ name }) => name)];
  const rows = only.curve.map((point) => [
    String(point[plot.x] ?? "–"),
    ...plot.lines.map(({ key, unit }) => withUnit(point[key] ?? null, unit)),
  ]);
  return [markdownTable(head, rows)];
}

/** Replaces what the last run wrote; the page around it is written by people. @throws when its marks are gone */
export function writePage(file: string, text: string): void {
  const page = existsSync(file) ? readFileSync(file, "utf8") : `# Performance\n\n${BEGIN}\n${END}\n`;
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${file} has lost the lines "${BEGIN}" and "${END}"`);
  writeFileSync(file, `${page.slice(0, begin + BEGIN.length)}\n${text}\n${page.slice(end)}`);
}
