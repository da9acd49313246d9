import { readFileSync } from "node:fs";

/** What the kernel counts in, µs of CPU; Linux tells user programs hundredths of a second whatever it uses itself. */
const tick = 10_000;

/** CPU time that a process has used, with the children it has waited for, µs. Linux only. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold anything; utime, stime, cutime and cstime are the 12th to 15th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * tick;
}

/** The same of a process and the children it has now. */
export function cpuOfTree(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return children.reduce((sum, child) => sum + (cpuIfThere(Number(child)) ?? 0), cpuOf(pid));
}

function cpuIfThere(pid: number): number | undefined {
  try {
    return cpuOf(pid);
  } catch {
    // It has ended, and its time is its parent's now.
    return undefined;
  }
}
