import { readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second for every program. */
const TICK_MS = 10;

/** User and system time that processes have used, over all their threads, in ms. Linux only: NaN elsewhere. */
export function cpuTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuTimeOf(pid), 0);
}

function cpuTimeOf(pid: number): number {
  const stat = readProc(pid, "stat");
  // The program's name may contain blanks and brackets; the fields after it are fixed (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory of processes in MiB: resident, and in proportion where pages are shared. Linux only: NaN elsewhere. */
export function memoryOf(pids: readonly number[]): { rss: number; pss: number } {
  const sum = (field: string) =>
    pids.reduce((total, pid) => {
      const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readProc(pid, "smaps_rollup"));
      return total + Number(found?.[1]) / 1024;
    }, 0);
  return { rss: sum("Rss"), pss: sum("Pss") };
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** The value below which a share of the sorted values lies. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

export function median(values: readonly number[]): number {
  return quantile(sorted(values), 0.5);
}

/** Frees what setting up has left behind, where the process was started with `--expose-gc`. */
export function collectGarbage(): void {
  globalThis.gc?.();
}
