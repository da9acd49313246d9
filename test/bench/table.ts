import type { Result } from "./generator.ts";
import { median } from "./measure.ts";

interface Row {
  name: string;
  unit: string;
  /** Which way is better, for the reader of a ratio. */
  better: "lower" | "higher";
  value(result: Result): number | null;
}

const rows: Row[] = [
  { name: "edit to peer, median", unit: "ms", better: "lower", value: ({ paced }) => paced.p50 },
  { name: "edit to peer, 99th percentile", unit: "ms", better: "lower", value: ({ paced }) => paced.p99 },
  {
    name: "server CPU for one delivered edit",
    unit: "µs",
    better: "lower",
    value: ({ paced }) => paced.cpuPerDelivery,
  },
  {
    name: "edits delivered to all",
    unit: "/s",
    better: "higher",
    value: ({ saturated }) => saturated.editsPerSecond,
  },
  { name: "join, median client", unit: "ms", better: "lower", value: ({ join }) => join.p50 },
  { name: "join, last client", unit: "ms", better: "lower", value: ({ join }) => join.last },
];

/** The results of one peer over all rounds. */
export interface Column {
  name: string;
  results: Result[];
}

/** A Markdown table of medians; with two columns, their ratio (first to second). */
export function resultTable(columns: Column[]): string {
  const ratio = columns.length === 2;
  const head = ["", ...columns.map(({ name }) => name), ...(ratio ? ["ratio", "better is"] : [])];
  const lines = rows.map((row) => {
    const values = columns.map(({ results }) => medianOf(results, row));
    const cells = values.map((value) => (value === null ? "–" : `${digits(value)} ${row.unit}`));
    const [ours, theirs] = values;
    const compared = ours != null && theirs != null ? `${digits(ours / theirs)} ×` : "–";
    return [row.name, ...cells, ...(ratio ? [compared, row.better] : [])];
  });
  const align = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [head, align, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function medianOf(results: Result[], row: Row): number | null {
  const values = results.map(row.value).filter((value) => value !== null);
  return values.length === 0 ? null : median(values);
}

/** Two digits say all that a run on a busy machine knows. */
function digits(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}
