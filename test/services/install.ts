import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findChromium, findNginx, findPostgresProgram, findProgram } from "./find.ts";

/**
 * `npm run services` makes sure that what the tests run against is there; `npm test` and all that runs against real
 * services start with it.
 * As root on Debian or Ubuntu it installs what is missing, elsewhere it names it and exits with 1.
 */
interface Part {
  name: string;
  packages: string[];
  isThere(): boolean;
}

const parts: Part[] = [
  { name: "redis-server", packages: ["redis-server"], isThere: () => Boolean(findProgram("redis-server")) },
  {
    name: "PostgreSQL 13 or newer (initdb, postgres)",
    packages: ["postgresql"],
    isThere: () => Boolean(findPostgresProgram("initdb") && findPostgresProgram("postgres")),
  },
  { name: "Chromium", packages: ["chromium"], isThere: () => Boolean(findChromium()) },
  { name: "a font for Chinese", packages: ["fontconfig", "fonts-noto-cjk"], isThere: hasChineseFont },
  { name: "nginx", packages: ["nginx-light"], isThere: () => Boolean(findNginx()) },
  { name: "openssl", packages: ["openssl"], isThere: () => Boolean(findProgram("openssl")) },
];

function hasChineseFont(): boolean {
  const listed = spawnSync("fc-list", [":lang=zh", "family"], { encoding: "utf8" });
  return listed.status === 0 && listed.stdout.trim() !== "";
}

/** Without this file, installing a package would start its service and take the usual port. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

function installWithApt(packages: string[]): void {
  const run = (...args: string[]) =>
    execFileSync("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", ...args], {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  const ownPolicy = !existsSync(SERVICE_POLICY);
  if (ownPolicy) writeFileSync(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    run("update");
    run("install", "--yes", "--no-install-recommends", ...packages);
  } finally {
    if (ownPolicy) rmSync(SERVICE_POLICY, { force: true });
  }
}

const missingParts = () => parts.filter((part) => !part.isThere());

let missing = missingParts();
if (missing.length > 0 && process.getuid?.() === 0 && findProgram("apt-get")) {
  console.log(`Installing what the tests need: ${missing.map((part) => part.name).join(", ")}`);
  try {
    installWithApt(missing.flatMap((part) => part.packages));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  missing = missingParts();
}
if (missing.length > 0) {
  console.error("The tests need, and do not find:");
  for (const part of missing) console.error(`  - ${part.name}`);
  const packages = missing.flatMap((part) => part.packages).join(" ");
  console.error(`On Debian or Ubuntu: sudo apt-get install ${packages}`);
  console.error("Elsewhere: install them with your system's packages, with their programs in PATH.");
  process.exitCode = 1;
}
