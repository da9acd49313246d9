import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps each version of PostgreSQL here, outside of PATH. */
const DEBIAN_POSTGRES = "/usr/lib/postgresql";
const OLDEST_POSTGRES = 13;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The full path of a program of PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return directories.map((directory) => join(directory, name)).find(isProgram);
}

/** The full path of one of PostgreSQL's programs, from the newest version that is installed. */
export function findPostgresProgram(name: string): string | undefined {
  let versions: string[] = [];
  try {
    versions = readdirSync(DEBIAN_POSTGRES);
  } catch {
    // Not Debian: the programs are in PATH.
  }
  const newestFirst = versions
    .filter((version) => Number(version) >= OLDEST_POSTGRES)
    .sort((a, b) => Number(b) - Number(a));
  const packaged = newestFirst.map((version) => join(DEBIAN_POSTGRES, version, "bin", name)).find(isProgram);
  return packaged ?? findProgram(name);
}

/** @throws when it is not installed */
export function postgresProgram(name: "initdb" | "postgres"): string {
  const path = findPostgresProgram(name);
  if (path === undefined) throw new Error(`PostgreSQL's ${name} is not installed: npm run services`);
  return path;
}

/** The system's Chromium, under any of the names it is packaged with. */
export function findChromium(): string | undefined {
  return ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
    .map(findProgram)
    .find(Boolean);
}

/** nginx, which Debian puts where only root's PATH looks. */
export function findNginx(): string | undefined {
  return findProgram("nginx") ?? ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].find(isProgram);
}

/** @throws when it is not installed */
export function nginxProgram(): string {
  const path = findNginx();
  if (path === undefined) throw new Error("nginx is not installed: npm run services");
  return path;
}
