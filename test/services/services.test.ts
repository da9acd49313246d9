import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { createClient } from "redis";
import { expect, test } from "vitest";
import { freshDatabase, startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import { makeScratch, sweepScratch } from "./scratch.ts";
import { until } from "./until.ts";

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The kernel's word for what a process is doing: R runs, S sleeps, T is stopped. */
function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
}

test("each suite gets a database of its own, which is gone after drop", async () => {
  const one = await freshDatabase();
  const other = await freshDatabase();
  await query(one.url, "create table note (text text)");
  await expect(query(other.url, "select * from note")).rejects.toThrow(/does not exist/);
  await one.drop();
  await other.drop();
  await expect(query(one.url, "select 1")).rejects.toThrow(/does not exist/);
});

test("a durable cluster that is killed keeps what was committed", async () => {
  const postgres = await startPostgres({ durable: true });
  await query(postgres.url, "create table note (text text)");
  await query(postgres.url, "insert into note values ('螺丝刀')");
  await postgres.kill();
  await expect(query(postgres.url, "select 1")).rejects.toThrow(/ECONNREFUSED/);
  await postgres.revive();
  expect(await query(postgres.url, "select text from note")).toEqual([{ text: "螺丝刀" }]);
  await postgres.stop();
});

test("redis freezes and thaws, dies and comes back empty on the same port", async () => {
  const redis = await startRedis();
  const client = createClient({ url: redis.url });
  client.on("error", () => undefined);
  await client.connect();
  await client.set("note", "锤子");

  redis.pause();
  await until("redis is frozen", () => stateOf(redis.pid) === "T");
  const asked = client.get("note");
  redis.resume();
  expect(await asked).toBe("锤子");

  await redis.kill();
  await redis.revive();
  await until("redis answers again", () => client.ping());
  expect(await client.get("note")).toBeNull();
  client.destroy();
  await redis.stop();
});

test("waiting in vain names what was waited for and why it failed", async () => {
  const failing = until("the kettle boils", () => Promise.reject(new Error("no gas")), 10);
  await expect(failing).rejects.toThrow("until the kettle boils");
  await expect(failing).rejects.toHaveProperty("cause.message", "no gas");
});

test("where nothing can be installed, what the tests lack is named and the run stops", () => {
  const install = join(import.meta.dirname, "install.ts");
  const bare = spawnSync(process.execPath, [install], { encoding: "utf8", env: { PATH: "/nowhere" } });
  expect(bare.status).toBe(1);
  expect(bare.stderr).toMatch(
    /redis-server\n.*Chromium\n.*a font for Chinese\n.*sudo apt-get install redis-server/s,
  );
  const whole = spawnSync(process.execPath, [install], { encoding: "utf8" });
  expect(whole).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test("what a killed run leaves behind is swept up, and what a living one uses is kept", async () => {
  const scratch = new URL("scratch.ts", import.meta.url).href;
  const script = `const { makeScratch } = await import("${scratch}"); console.log(await makeScratch("left"));`;
  const left = spawnSync(process.execPath, ["--eval", script], { encoding: "utf8" }).stdout.trim();
  const used = await makeScratch("used");
  expect(existsSync(left)).toBe(true);
  sweepScratch();
  expect(existsSync(left)).toBe(false);
  expect(existsSync(used)).toBe(true);
  await rm(used, { recursive: true });
});
