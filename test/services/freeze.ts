import { readFileSync } from "node:fs";

/**
 * Stops a process and its children where they stand, as on a machine that hangs: PostgreSQL answers through children.
 * @returns what lets them go on
 */
export function freezeTree(pid: number): () => void {
  const stopped: number[] = [];
  const stop = (each: number): void => {
    if (tell(each, "SIGSTOP")) stopped.push(each);
  };
  // The parent first: then no child can be born that is missed.
  stop(pid);
  for (const child of childrenOf(pid)) stop(child);
  return () => {
    for (const each of stopped.splice(0).reverse()) tell(each, "SIGCONT");
  };
}

/** False when it has ended meanwhile. */
function tell(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return list.split(" ").filter(Boolean).map(Number);
}
