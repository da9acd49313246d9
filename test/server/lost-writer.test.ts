import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { seedCourtyard, serverProcess } from "./seeded.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await makeScratch("lost-writer");
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it("[HT-22] a node whose writing thread has ended says so, ends in order with exit code 1, and its data is whole", async () => {
  await seedCourtyard({ dataDir }, 1);
  const blow = join(dataDir, "blow");
  // Runs first in every thread; in the one that writes it waits for the blow.
  const preload = `
    import { existsSync } from "node:fs";
    import { isMainThread, workerData } from "node:worker_threads";
    if (!isMainThread && workerData?.file)
      setInterval(() => { if (existsSync(${JSON.stringify(blow)})) throw new Error("struck down"); }, 20).unref();`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(preload)}`;
  const server = await serverProcess({ dataDir }, { NODE_OPTIONS });
  const service = await server.start();
  await writeFile(blow, "");
  await until("the process has ended", () => !service.isRunning());
  expect(service.exitCode()).toBe(1);
  expect(service.output()).toMatch(/struck down.*nothing can be stored any more/s);
  expect(service.output()).not.toContain("the stop took too long");
  await rm(blow);
  const again = await (await serverProcess({ dataDir })).start();
  await again.stop();
  expect(again.exitCode()).toBe(0);
});
