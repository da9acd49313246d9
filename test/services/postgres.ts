import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { postgresProgram } from "./find.ts";
import { freezeTree } from "./freeze.ts";
import { freePort } from "./ports.ts";
import { type Service, type ServiceOptions, startProcess } from "./process.ts";
import { makeScratch } from "./scratch.ts";
import { until } from "./until.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The maintenance database of the cluster that global-setup.ts started for this run. */
    postgresUrl: string;
  }
}

/** A real PostgreSQL cluster with its own directory and port. */
export interface Postgres {
  /** The maintenance database, as superuser. */
  readonly url: string;
  readonly pid: number;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
  /** Ends it at once, without a checkpoint (SIGQUIT: the children of one that is killed would keep the next from starting); `revive()` starts it again on the same files and port. */
  kill(): Promise<void>;
  /** Ends it as an administrator does: whoever is connected is sent away, and all is written down. */
  shutDown(): Promise<void>;
  revive(): Promise<void>;
  /** Connections stay open and nothing answers, as with a frozen machine. */
  pause(): void;
  resume(): void;
}

export interface PostgresOptions {
  /** Flush commits to disk: as it is where people use it, slower for all others. */
  durable?: boolean;
  /** A folder for it that is not there yet, instead of a temporary one. */
  directory?: string;
  /** Further settings, `name=value`. */
  settings?: readonly string[];
}

/** A database of one suite. */
export interface Database {
  readonly url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

/** Makes a cluster in a temporary directory and starts it on a free port of 127.0.0.1. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const owner = clusterOwner();
  const directory = options.directory ?? (await makeScratch("postgres"));
  if (options.directory !== undefined) await mkdir(directory);
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(directory, owner.uid, owner.gid);
  const data = join(directory, "data");
  const made = await startProcess(
    postgresProgram("initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    { ...owner, cwd: directory },
  );
  await made.ended;
  const launchOn = (port: number) => launch(port, directory, owner, options);
  let port = await freePort();
  let service = await launchOn(port);
  // The free port may have been taken in between.
  for (let attempt = 1; !service.isRunning() && attempt < 3; attempt++) {
    port = await freePort();
    service = await launchOn(port);
  }
  if (!service.isRunning()) {
    throw new Error(`PostgreSQL does not start:\n${made.output()}\n${service.output()}`);
  }
  let thaw = () => {};
  return {
    url: urlOf(port, "postgres"),
    get pid() {
      return service.pid;
    },
    async stop() {
      thaw();
      await service.stop("SIGQUIT");
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
    kill: () => service.stop("SIGQUIT"),
    shutDown: () => service.stop("SIGINT"),
    pause() {
      thaw = freezeTree(service.pid);
    },
    resume: () => thaw(),
    async revive() {
      if (service.isRunning()) return;
      service = await launchOn(port);
      if (!service.isRunning()) throw new Error(`PostgreSQL does not come back:\n${service.output()}`);
    },
  };
}

async function launch(
  port: number,
  directory: string,
  owner: ServiceOptions,
  options: PostgresOptions,
): Promise<Service> {
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${directory}`];
  settings.push(...(options.settings ?? []));
  if (!options.durable) settings.push("fsync=off", "synchronous_commit=off", "full_page_writes=off");
  const service = await startProcess(
    postgresProgram("postgres"),
    ["-D", join(directory, "data"), "-p", `${port}`, ...settings.flatMap((setting) => ["-c", setting])],
    { ...owner, cwd: directory, scratch: directory, lastSignal: "SIGQUIT" },
  );
  await until(
    `PostgreSQL answers on port ${port}`,
    async () => !service.isRunning() || (await ask(urlOf(port, "postgres"), "select 1")),
    30_000,
  );
  return service;
}

/**
 * An empty database in the run's cluster; each suite makes its own and drops it when done.
 * @param url the maintenance database of another cluster than the run's, from `startPostgres()`
 */
export async function freshDatabase(url: string = inject("postgresUrl")): Promise<Database> {
  const name = `suite_${randomBytes(6).toString("hex")}`;
  await ask(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    async drop() {
      await ask(url, `drop database if exists ${name} with (force)`);
    },
  };
}

async function ask(url: string, sql: string): Promise<true> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => client.end());
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
  return true;
}

function urlOf(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

/** PostgreSQL refuses to run as root; its package brings a user for it. */
function clusterOwner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}
