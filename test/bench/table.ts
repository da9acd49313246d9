import { median } from "./measure.ts";
import { isOurs, peerOf } from "./peers/all.ts";
import type { PeerResult, WorkloadResult } from "./results.ts";
import { type Compared, compare, isReached, type Target } from "./targets.ts";
import type { Measure, Workload } from "./workloads/workload.ts";

/** A Markdown table; all but the first column to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const align = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [head, align, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Medians of one workload, a column for each server; with the ratio of ours to the best of the others, and the target.
 * A ratio is the median of the rounds' ratios: within a round the machine is nearly as fast for one as for the other.
 */
export function workloadTable(
  workload: Workload,
  result: WorkloadResult,
  targets: readonly Target[],
): string {
  const shown = workload.peers.filter((id) => result.peers[id]);
  const compared = shown.some((id) => !isOurs(id));
  const own = targets.filter((target) => target.workload === workload.id);
  const head = [
    "",
    ...shown.map((id) => peerOf(id).name),
    ...(compared ? ["ours / best"] : []),
    ...(own.length > 0 ? ["target"] : []),
  ];
  const rows = workload.measures.map((measure) => {
    const comparison = compareMeasure(workload, result, measure);
    const target = own.find((each) => each.measure === measure.key);
    const ratio =
      comparison.ratio === null || measure.better === null ? "–" : `${digits(comparison.ratio)} ×`;
    return [
      measure.name,
      ...shown.map((id) => withUnit(result.peers[id]?.values[measure.key] ?? null, measure.unit)),
      ...(compared ? [ratio] : []),
      ...(own.length > 0 ? [target ? verdict(target, comparison) : ""] : []),
    ];
  });
  return markdownTable(head, rows);
}

export function compareMeasure(workload: Workload, result: WorkloadResult, measure: Measure): Compared {
  const { key, better } = measure;
  const medianOf = (id: string) => result.peers[id]?.values[key] ?? null;
  const ours = workload.peers.find(isOurs);
  const others = workload.peers.filter((id) => !isOurs(id)).map((id) => ({ peer: id, value: medianOf(id) }));
  const compared = compare(ours ? medianOf(ours) : null, others, better);
  if (!ours || compared.bestPeer === null || compared.ratio === null) return compared;
  const ratios = ratiosOfRounds(result.peers[ours], result.peers[compared.bestPeer], key);
  return ratios === null ? compared : { ...compared, ratio: median(ratios) };
}

/** Ours by theirs in each round; null when a round of either is missing, or of theirs there was nothing. */
function ratiosOfRounds(
  ours: PeerResult | undefined,
  theirs: PeerResult | undefined,
  key: string,
): number[] | null {
  if (!ours || !theirs || ours.rounds.length !== theirs.rounds.length) return null;
  const ratios = ours.rounds.map(
    (round, index) => (round[key] ?? Number.NaN) / (theirs.rounds[index]?.[key] ?? 0),
  );
  return ratios.every(Number.isFinite) ? ratios : null;
}

/** `≤ 0.80 ×: reached` */
export function verdict(target: Target, compared: Compared): string {
  const sign = { "at most": "≤", "at least": "≥", exactly: "=" }[target.kind];
  const wanted = `${sign} ${target.of === "ratio" ? `${digits(target.value)} ×` : target.value}`;
  const reached = isReached(target, compared);
  return `${wanted}: ${reached === null ? "not measured" : reached ? "reached" : "**not reached**"}`;
}

/** `7.4 ms`, or a dash for what was not measured. */
export function withUnit(value: number | null, unit: string): string {
  if (value === null) return "–";
  if (unit === "") return Number.isInteger(value) ? String(value) : value.toPrecision(2);
  return `${digits(value)} ${unit}`;
}

/** Two digits say all that a run on a busy machine knows. */
export function digits(value: number): string {
  return Math.abs(value) >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(2);
}
