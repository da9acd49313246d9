import type { Peer } from "../peers/peer.ts";

/** How large a run is: the real one, a short one while developing, one that only proves the code. */
export type Scale = "full" | "quick" | "tiny";

export interface Measure {
  key: string;
  name: string;
  unit: string;
  /** Which way is better; null for what is only told. */
  better: "lower" | "higher" | null;
}

/** Measured values by the key of their measure. A run may leave some out. */
export type Values = Record<string, number>;

/** One point of a curve. */
export type Point = Values;

export interface Outcome {
  values: Values;
  /** Steps on the way, for a plot; the same x in each round. */
  curve?: Point[];
  /** What a reader of the numbers must know, such as a load generator at its limit. */
  notes?: string[];
}

/** How to draw it: a bar for each server of some measures, or lines through the points of the curves. */
export type Plot = { bars: readonly string[] } | LinePlot;

export interface LinePlot {
  /** The key of the points' x. */
  x: string;
  xName: string;
  /** What is drawn against it, each on axes of its own; keys of the points. */
  lines: readonly Measure[];
  /** Whether both axes are logarithmic. */
  log: boolean;
}

export interface Workload {
  /** For the command line: A, B, … */
  id: string;
  title: string;
  /** What is done, in a sentence or two. */
  describe(scale: Scale): string;
  /** Ids of the servers that take part; ours first. */
  peers: readonly string[];
  measures: readonly Measure[];
  plot: Plot;
  run(peer: Peer, scale: Scale, settings?: Settings): Promise<Outcome>;
}

/** What the command line may change about a run. */
export interface Settings {
  /** How often a server is killed by the workload that does. */
  kills?: number;
}

export const cpuPerEdit: Measure = {
  key: "cpu",
  name: "server CPU for one delivered edit",
  unit: "µs",
  better: "lower",
};
export const medianLatency: Measure = {
  key: "p50",
  name: "edit to peer, median",
  unit: "ms",
  better: "lower",
};
export const slowLatency: Measure = {
  key: "p99",
  name: "edit to peer, 99th percentile",
  unit: "ms",
  better: "lower",
};
export const lostEdits: Measure = { key: "lost", name: "edits lost", unit: "", better: "lower" };
export const generatorLoad: Measure = {
  key: "generator",
  name: "load generator's core in use",
  unit: "%",
  better: null,
};
