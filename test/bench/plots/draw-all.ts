import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allPeers, peerOf } from "../peers/all.ts";
import type { Results, WorkloadResult } from "../results.ts";
import type { LinePlot, Measure, Workload } from "../workloads/workload.ts";
import { chart, type Panel } from "./chart.ts";

/** Writes a picture for each workload that has results. */
export function drawAll(folder: string, workloads: readonly Workload[], results: Results): void {
  mkdirSync(folder, { recursive: true });
  for (const workload of workloads) {
    const result = results[workload.id];
    if (result) writeFileSync(join(folder, `${workload.id}.svg`), draw(workload, result));
  }
}

/** The picture of one workload. */
export function draw(workload: Workload, result: WorkloadResult): string {
  const { plot, measures } = workload;
  const ids = workload.peers.filter((id) => result.peers[id]);
  const panels =
    "bars" in plot
      ? plot.bars.flatMap((key) => {
          const measure = measures.find((each) => each.key === key);
          return measure ? [barPanel(result, ids, measure)] : [];
        })
      : plot.lines.map((measure) => linePanel(result, ids, plot, measure));
  return chart(
    `${workload.id}. ${workload.title}`,
    ids.map((id) => ({ name: peerOf(id).name, colour: colourOf(id) })),
    panels,
  );
}

/** Distinguishable also for those who see no red or green (Okabe and Ito); a server has one in all pictures. */
const COLOURS = ["#d55e00", "#d55e00", "#0072b2", "#56b4e9", "#009e73", "#cc79a7", "#999999"];
const colourOf = (id: string) => COLOURS[allPeers.findIndex((peer) => peer.id === id)] ?? "#000000";

const titleOf = ({ name, unit }: Measure) => (unit === "" ? name : `${name}, ${unit}`);

function barPanel(result: WorkloadResult, ids: readonly string[], measure: Measure): Panel {
  const bars = ids.map((id): [string, number | null] => [
    peerOf(id).name,
    result.peers[id]?.values[measure.key] ?? null,
  ]);
  return { title: titleOf(measure), bars: Object.fromEntries(bars) };
}

function linePanel(
  result: WorkloadResult,
  ids: readonly string[],
  { x, xName, log }: LinePlot,
  measure: Measure,
): Panel {
  const lines = ids.map((id): [string, [number, number][]] => {
    const points = (result.peers[id]?.curve ?? []).flatMap((point): [number, number][] => {
      const [across, up] = [point[x] ?? null, point[measure.key] ?? null];
      // Logarithmic axes have no zero; such a point stands where one of anything would.
      return across === null || up === null ? [] : [[log ? Math.max(1, across) : across, up]];
    });
    return [peerOf(id).name, points];
  });
  return { title: titleOf(measure), xName, log, lines: Object.fromEntries(lines) };
}
