import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { findProgram } from "./find.ts";

/** A program that a test started; it never outlives the process that started it. */
export interface Service {
  readonly pid: number;
  /** Resolves when the program has ended, however it ended. */
  readonly ended: Promise<void>;
  /** What it has written to stdout and stderr so far; the last 64 kB. */
  output(): string;
  isRunning(): boolean;
  /** Null while it runs, and when a signal ended it. */
  exitCode(): number | null;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and waits for the end; after `deadline` ms it is killed. */
  stop(signal?: NodeJS.Signals, deadline?: number): Promise<void>;
}

export interface ServiceOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Sent when this process ends first. PostgreSQL needs SIGQUIT to take its children along. */
  lastSignal?: NodeJS.Signals;
  /** A temporary directory that must not stay behind when this process ends first. */
  scratch?: string;
}

const OUTPUT_KEPT = 64 * 1024;
const running = new Map<ChildProcess, { lastSignal: NodeJS.Signals; scratch?: string }>();

function endAll(): void {
  for (const [child, { lastSignal }] of running) {
    child.kill("SIGCONT");
    child.kill(lastSignal);
  }
  for (const { scratch } of running.values()) {
    if (scratch) removeNow(scratch);
  }
  running.clear();
}

/** Removes a directory without waiting on the event loop, which no longer turns; its user may still be ending. */
function removeNow(directory: string): void {
  for (let attempt = 0; attempt < 40; attempt++) {
    try {
      rmSync(directory, { recursive: true, force: true });
      return;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    }
  }
}

let hooked = false;
function hookExitOnce(): void {
  if (hooked) return;
  hooked = true;
  process.once("exit", endAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      endAll();
      // Whoever else listens decides how this process ends; alone, the default must still happen.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

/** Where the kernel can do it, it ends the program even when this process is killed and can do nothing any more. */
function tiedToThisProcess(words: string[], signal: NodeJS.Signals): string[] {
  const setpriv = process.platform === "linux" ? findProgram("setpriv") : undefined;
  return setpriv ? [setpriv, "--pdeathsig", signal, ...words] : words;
}

/** Starts a program. @throws when it cannot be spawned at all */
export function startProcess(
  command: string,
  args: string[],
  options: ServiceOptions = {},
): Promise<Service> {
  hookExitOnce();
  const { lastSignal = "SIGKILL", scratch, ...spawnOptions } = options;
  const [program = command, ...words] = tiedToThisProcess([command, ...args], lastSignal);
  const child = spawn(program, words, { ...spawnOptions, stdio: ["ignore", "pipe", "pipe"] });
  let kept = "";
  const keep = (chunk: Buffer) => {
    kept = (kept + chunk.toString("utf8")).slice(-OUTPUT_KEPT);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      if (child.pid === undefined) return reject(new Error(`${command} has no process id`));
      running.set(child, { lastSignal, ...(scratch && { scratch }) });
      resolve(serviceOf(child, child.pid, () => kept));
    });
  });
}

function serviceOf(child: ChildProcess, pid: number, output: () => string): Service {
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      running.delete(child);
      resolve();
    });
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    ended,
    output,
    isRunning,
    exitCode: () => child.exitCode,
    signal(signal) {
      if (isRunning()) child.kill(signal);
    },
    async stop(signal = "SIGTERM", deadline = 5_000) {
      if (!isRunning()) return;
      // A paused process would keep the signal waiting.
      child.kill("SIGCONT");
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), deadline);
      await ended;
      clearTimeout(timer);
    },
  };
}
