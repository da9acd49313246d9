import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { median } from "./measure.ts";
import type { Outcome } from "./workloads/workload.ts";

/** JSON has no NaN; what could not be measured is null there. */
const number = z.number().nullable();
const values = z.record(z.string(), number);

const peerResult = z.object({
  /** Medians over the rounds. */
  values,
  /** Each round's values, for whoever doubts a median. */
  rounds: z.array(values),
  curve: z.array(values),
  notes: z.array(z.string()),
  /** Why it could not be measured, when it could not. */
  failure: z.string().nullable(),
});
const workloadResult = z.object({
  /** Day of the run, and the machine. */
  measured: z.string(),
  description: z.string(),
  peers: z.record(z.string(), peerResult),
});
const allResults = z.record(z.string(), workloadResult);

export type PeerResult = z.infer<typeof peerResult>;
export type WorkloadResult = z.infer<typeof workloadResult>;
/** By the id of the workload. */
export type Results = z.infer<typeof allResults>;

/** The medians of one server's rounds; a failure counts only when no round was measured. */
export function summarise(outcomes: readonly Outcome[], failures: readonly string[]): PeerResult {
  return {
    values: mediansOf(outcomes.map((outcome) => outcome.values)),
    rounds: outcomes.map((outcome) => asJson(outcome.values)),
    curve: medianCurve(outcomes),
    notes: [...new Set(outcomes.flatMap(({ notes = [] }) => notes))],
    failure: outcomes.length === 0 ? (failures[0] ?? "not run") : null,
  };
}

function mediansOf(rounds: readonly Record<string, number>[]): Record<string, number | null> {
  const keys = new Set(rounds.flatMap((round) => Object.keys(round)));
  const entries = [...keys].map((key): [string, number | null] => {
    const measured = rounds.map((round) => round[key] ?? Number.NaN).filter(Number.isFinite);
    return [key, measured.length === 0 ? null : median(measured)];
  });
  return Object.fromEntries(entries);
}

/** Points are matched by their place; a round that ended earlier has fewer. */
function medianCurve(outcomes: readonly Outcome[]): PeerResult["curve"] {
  const longest = Math.max(0, ...outcomes.map(({ curve = [] }) => curve.length));
  return Array.from({ length: longest }, (_, index) =>
    mediansOf(outcomes.map(({ curve = [] }) => curve[index] ?? {})),
  );
}

function asJson(measured: Record<string, number>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(measured).map(([key, value]) => [key, Number.isFinite(value) ? value : null]),
  );
}

/** What earlier runs have measured; a run of some workloads keeps the others. @throws when it is no results file */
export function readResults(file: string): Results {
  return existsSync(file) ? allResults.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}

export function writeResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}
