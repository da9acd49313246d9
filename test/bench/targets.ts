/** What we want to reach: the ratio of ours to the best of the others, or a bare number of ours. */
export interface Target {
  workload: string;
  measure: string;
  kind: "at most" | "at least" | "exactly";
  value: number;
  /** A ratio to the best peer unless it is ours alone that counts. */
  of: "ratio" | "ours";
}

const atMost = (workload: string, measure: string, value: number): Target => ({
  workload,
  measure,
  kind: "at most",
  value,
  of: "ratio",
});
const none = (workload: string, measure: string): Target => ({
  workload,
  measure,
  kind: "exactly",
  value: 0,
  of: "ours",
});

/** No worse than in proportion; the rest is what a fit through a few points cannot tell. */
const linear = (workload: string, measure: string): Target => ({
  workload,
  measure,
  kind: "at most",
  value: 1.1,
  of: "ours",
});

export const targets: readonly Target[] = [
  atMost("A", "cpu", 0.8),
  atMost("A", "p99", 4),
  none("A", "lost"),
  atMost("B", "cpu", 0.45),
  none("B", "lost"),
  atMost("C", "cpu", 1),
  atMost("C", "pss", 0.7),
  none("C", "lost"),
  ...["fresh", "returning", "freshOld", "returningOld"].flatMap((join) => [
    atMost("D", `${join}.cpu`, 0.12),
    atMost("D", `${join}.last`, 0.25),
    atMost("D", `${join}.other`, 0.1),
  ]),
  atMost("E", "one", 0.4),
  atMost("E", "all", 0.4),
  { workload: "F", measure: "rate", kind: "at least", value: 1.5, of: "ratio" },
  atMost("G", "fresh.cpu", 0.8),
  atMost("G", "fresh.p99", 3),
  atMost("G", "fresh.redis", 0.25),
  none("G", "fresh.lost"),
  atMost("G", "old.cpu", 0.15),
  atMost("G", "old.p99", 0.4),
  atMost("G", "old.redis", 0.25),
  none("G", "old.lost"),
  atMost("H", "cpu", 0.2),
  none("H", "lost"),
  none("kills", "lost"),
  ...["clients", "boards", "items", "sessions"].flatMap((series) =>
    ["editCpu", "p99", "pss", "join"].map((measure) => linear(series, `${measure}.power`)),
  ),
];

export interface Compared {
  ours: number | null;
  /** The best of the others. */
  best: number | null;
  bestPeer: string | null;
  ratio: number | null;
}

/** Compares our value with the best of the others'. */
export function compare(
  ours: number | null,
  others: readonly { peer: string; value: number | null }[],
  better: "lower" | "higher" | null,
): Compared {
  let best: number | null = null;
  let bestPeer: string | null = null;
  for (const { peer, value } of others) {
    if (value === null || (best !== null && (better === "higher" ? value <= best : value >= best))) continue;
    best = value;
    bestPeer = peer;
  }
  return { ours, best, bestPeer, ratio: ours === null || !best ? null : ours / best };
}

/** Whether a target is reached; null when it could not be measured. */
export function isReached(target: Target, { ours, ratio }: Compared): boolean | null {
  const value = target.of === "ours" ? ours : ratio;
  if (value === null) return null;
  if (target.kind === "at most") return value <= target.value;
  return target.kind === "at least" ? value >= target.value : value === target.value;
}
