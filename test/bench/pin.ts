import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { findProgram } from "../services/find.ts";

/** Servers have one core and the load generator another, so that neither takes the other's time. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Whether this machine can keep a process on one core (Linux with util-linux, two cores or more). */
export function canPin(): boolean {
  return process.platform === "linux" && availableParallelism() > 1 && findProgram("taskset") !== undefined;
}

/** Keeps all threads of a process, and those it starts from now on, on one core. Without effect elsewhere. */
export function pin(pid: number, core: number): void {
  if (!canPin()) return;
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core), String(pid)], {
    stdio: "ignore",
  });
}
