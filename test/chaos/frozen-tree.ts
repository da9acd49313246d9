import { readdirSync, readFileSync } from "node:fs";

/**
 * Stops a process and its children where they stand, as a host that hangs does: PostgreSQL answers through
 * children, so stopping the first process alone would change nothing.
 * @returns what lets them go on
 */
export function freezeTree(pid: number): () => void {
  const stopped: number[] = [];
  const stop = (each: number) => {
    try {
      process.kill(each, "SIGSTOP");
      stopped.push(each);
    } catch {
      // It has ended meanwhile.
    }
  };
  // The parent first: then no child can be born that is missed.
  stop(pid);
  for (const child of childrenOf(pid)) stop(child);
  return () => {
    for (const each of stopped.reverse()) {
      try {
        process.kill(each, "SIGCONT");
      } catch {
        // It was killed while it stood still.
      }
    }
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const parent = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1];
      return Number(parent) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
