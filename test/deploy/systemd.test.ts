import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment } from "../../server/config/config.ts";
import { findProgram } from "../services/find.ts";
import { makeScratch } from "../services/scratch.ts";
import { environmentFile, root, shipped, unitSettings } from "./shipped.ts";

const units = ["yuanba.service", "yuanba@.service"];
const path = (unit: string) => `deploy/systemd/${unit}`;

/** systemd's own exposure level in tenths, above which a unit counts as little protected: 2.0 of 10. */
const mostExposed = 20;

describe.each(units)("the unit %s", (unit) => {
  const settings = unitSettings(path(unit));
  const all = (name: string) => settings.filter(([key]) => key === name).map(([, value]) => value);

  it("starts the program that is there, with settings that the server knows", () => {
    const command = all("ExecStart").join().split(" ");
    const names = command.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split("=")[0] ?? "");
    const given = all("Environment").map((pair) => pair.split("=")[0] ?? "");
    const known = [...Object.keys(environment.shape), "NODE_ENV", "NODE_COMPILE_CACHE", "MALLOC_ARENA_MAX"];
    expect([...names, ...given].filter((name) => !known.includes(name))).toEqual([]);
    expect(command.slice(-3)).toEqual([
      "/opt/yuanba/node_modules/.bin/node",
      "--max-semi-space-size=8",
      "server/main.ts",
    ]);
    expect(existsSync(join(root, "server/main.ts"))).toBe(true);
  });

  it("stops as the server expects it: by SIGTERM, and with more time than it takes", () => {
    const { SHUTDOWN_SECONDS } = environmentFile("deploy/systemd/yuanba.env");
    expect(all("KillSignal")).toEqual(["SIGTERM"]);
    expect(Number(all("TimeoutStopSec"))).toBeGreaterThan(Number(SHUTDOWN_SECONDS));
  });

  it("lets the thread that folds logs step back, though it refuses all else about resources", () => {
    expect(all("SystemCallFilter")).toEqual(["@system-service", "~@privileged @resources", "setpriority"]);
  });

  it("keeps its data in the folder that systemd makes for it", () => {
    const instance = unit.includes("@") ? "/%i" : "";
    expect(all("StateDirectory")).toEqual([`yuanba${instance}`]);
    expect(shipped(path(unit))).toContain(`DATA_DIR=/var/lib/yuanba${instance}`);
  });

  it("keeps compiled code in the folder that systemd makes for that, since its own cannot be written to", () => {
    expect(all("ProtectSystem")).toEqual(["strict"]);
    // Each instance has a user of its own, to whom the folder is given.
    const folder = unit.includes("@") ? "yuanba/%i" : "yuanba";
    expect(all("CacheDirectory")).toEqual([folder]);
    expect(all("Environment")).toContain(`NODE_COMPILE_CACHE=/var/cache/${folder}`);
  });

  it.skipIf(!findProgram("systemd-analyze"))(
    "is taken by systemd without a word, and well protected (where systemd-analyze is installed)",
    async () => {
      const directory = await makeScratch("unit");
      const file = join(directory, unit.replace("@", "@3001"));
      await writeFile(file, shipped(path(unit)).replaceAll("/opt/yuanba/", root));
      const analyze = (...args: string[]) => spawnSync("systemd-analyze", args, { encoding: "utf8" });
      const verified = analyze("verify", "--man=no", file);
      expect([verified.status, verified.stderr]).toEqual([0, ""]);
      const judged = analyze("security", "--offline=true", `--threshold=${mostExposed}`, file);
      expect([judged.status, judged.stdout.split("\n").at(-2)]).toEqual([0, expect.stringContaining("OK")]);
      await rm(directory, { recursive: true });
    },
  );
});

it("the example settings of the units are settings of the server", () => {
  const names = Object.keys(environmentFile("deploy/systemd/yuanba.env", true));
  expect(names).toContain("DATABASE_URL");
  expect(names.filter((name) => !(name in environment.shape))).toEqual([]);
});

it("both units are protected alike", () => {
  const hardening = (unit: string) => shipped(path(unit)).split("# Nothing but its own folder")[1];
  expect(hardening("yuanba@.service")).toBe(hardening("yuanba.service"));
});
