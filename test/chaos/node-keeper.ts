import { setTimeout as pause } from "node:timers/promises";
import { asStarted } from "../services/as-started.ts";
import { type Service, startProcess } from "../services/process.ts";
import type { TcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";
import type { Findings } from "./findings.ts";

const program = new URL("../../server/cli/index.ts", import.meta.url).pathname;
const greeting = /— http:\/\/[\w.]+:(\d+)/;
/** What Node prints last when an error was caught by nobody. */
const uncaught = /\nNode\.js v\d/;
/** A node that ends in order this soon after its greeting could not start, milliseconds: the database is away. */
const failedStart = 5_000;
/** Between two tries to start, milliseconds; a supervisor does the same. */
const betweenTries = 250;
/** An ordered stop may take this much longer than the deadline it is told, milliseconds. */
const stopSlack = 3_000;

/** One node in all its lives: starts it again until it stays up, as systemd would, and notes when it ends by itself. */
export class NodeKeeper {
  readonly name: string;
  /** Clients reach the node through this proxy. */
  readonly door: TcpProxy;
  readonly lives: Service[] = [];
  /** Set once this life has greeted. */
  url: string | null = null;
  slowestStop = 0;
  readonly #env: Record<string, string>;
  readonly #stopSeconds: number;
  readonly #findings: Findings;
  /** Of the present stretch of being up; a new start is a new stretch. */
  #stretch = { wanted: false };
  #running: Promise<void> = Promise.resolve();

  constructor(
    name: string,
    door: TcpProxy,
    env: Record<string, string>,
    stopSeconds: number,
    findings: Findings,
  ) {
    this.name = name;
    this.door = door;
    this.#env = { ...asStarted, ...env, SHUTDOWN_SECONDS: String(stopSeconds) };
    this.#stopSeconds = stopSeconds;
    this.#findings = findings;
  }

  get service(): Service | null {
    return this.lives.at(-1) ?? null;
  }

  get #alive(): Service | null {
    const { service } = this;
    return service?.isRunning() ? service : null;
  }

  /** Wants it up from now on; does not wait for it. */
  start(): void {
    if (this.#stretch.wanted) return;
    const stretch = { wanted: true };
    this.#stretch = stretch;
    this.#running = this.#running.then(() => this.#keepUp(stretch));
  }

  /** Whether it says that it can serve. */
  async ready(): Promise<boolean> {
    if (this.url === null || !this.#alive) return false;
    const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok;
  }

  async kill(): Promise<void> {
    this.#stretch.wanted = false;
    this.#alive?.signal("SIGKILL");
    await this.#running;
  }

  /** Asks it to stop in order and waits; longer than its own deadline is a finding. */
  async stop(): Promise<void> {
    this.#stretch.wanted = false;
    const service = this.#alive;
    const began = performance.now();
    if (service) await service.stop("SIGTERM", this.#stopSeconds * 1_000 + stopSlack);
    const took = performance.now() - began;
    this.slowestStop = Math.max(this.slowestStop, took);
    if (took > this.#stopSeconds * 1_000 + stopSlack - 50)
      this.#findings.add("stuck", `${this.name} did not stop within ${this.#stopSeconds} s and was killed`);
    await this.#running;
  }

  freeze(): void {
    this.#alive?.signal("SIGSTOP");
  }

  thaw(): void {
    this.#alive?.signal("SIGCONT");
  }

  async #keepUp(stretch: { wanted: boolean }): Promise<void> {
    while (stretch.wanted) {
      this.url = null;
      const service = await startProcess(process.execPath, [program, "serve"], { env: this.#env });
      this.lives.push(service);
      // It was told to end while it was being born.
      if (!stretch.wanted) service.signal("SIGKILL");
      const port = await until(
        `${this.name} greets or ends`,
        () => (service.isRunning() ? greeting.exec(service.output())?.[1] : "none"),
        120_000,
      );
      if (port !== "none") {
        this.url = `http://127.0.0.1:${port}`;
        this.door.aim(Number(port));
        const greeted = performance.now();
        await service.ended;
        this.url = null;
        const lived = performance.now() - greeted;
        if (stretch.wanted && (lived > failedStart || uncaught.test(service.output())))
          this.#findings.add("crash", `${this.name} ended by itself: ${service.output().slice(-600)}`);
      }
      // It could not start: the database may be away.
      if (stretch.wanted) await pause(betweenTries);
    }
  }
}
