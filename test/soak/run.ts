import { rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { seedCourtyard, serverProcess } from "../server/seeded.ts";
import { freshDatabase, startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import { makeScratch } from "../services/scratch.ts";
import { startLoad } from "./load.ts";
import { readSample, type Sample, slopes, tooSteep } from "./samples.ts";

/**
 * Minutes of mixed load on two real nodes with real services. Every ten seconds it prints what each node holds, at
 * the end whether anything grows. `npm run test:soak -- --minutes 10`
 */
const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 120)) throw new Error("--minutes must be between 0 and 120");
const sampleEvery = 10_000;
/** A node takes memory for some minutes before it has what its work needs. */
const shortest = 4;
/** Whatever hangs, nothing runs longer than this beyond the time asked for. */
const patience = 90_000;

const closings: (() => unknown)[] = [];
const closeAll = async () => {
  for (const close of closings.splice(0).reverse()) await close();
};
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)}`;

async function soak(): Promise<string[]> {
  const dataDir = await makeScratch("soak");
  closings.push(() => rm(dataDir, { recursive: true, force: true }));
  const postgres = await startPostgres();
  closings.push(() => postgres.stop());
  const redis = await startRedis();
  closings.push(() => redis.stop());
  const database = await freshDatabase(postgres.url);
  const seeded = await seedCourtyard({ dataDir, databaseUrl: database.url }, 40);
  const servers = [];
  for (let at = 0; at < 2; at++) {
    const server = await serverProcess({ dataDir, databaseUrl: database.url }, { REDIS_URL: redis.url });
    const service = await server.start();
    closings.push(() => service.stop("SIGTERM", 20_000));
    servers.push({ ...server, service, samples: [] as Sample[] });
  }
  const load = await startLoad(seeded, servers);
  const started = performance.now();
  for (let step = 1; performance.now() - started < minutes * 60_000; step++) {
    await pause(Math.max(0, started + step * sampleEvery - performance.now()));
    for (const [at, { url, samples }] of servers.entries()) {
      const now = performance.now() - started;
      const sample = readSample(await (await fetch(`${url}/metrics`)).text(), now);
      samples.push(sample);
      const { heap, rss, handles, lag } = sample;
      console.log(
        `${Math.round(now / 1000)} s  node ${at}: heap ${megabytes(heap)} MB, RSS ${megabytes(rss)} MB, ${handles} handles, lag p99 ${lag.toFixed(1)} ms`,
      );
    }
  }
  const missing = await load.stop();
  console.log(load.done());
  const grown = servers.flatMap(({ samples }, at) => {
    const { heap, rss, handles } = slopes(samples);
    console.log(
      `node ${at} a minute: heap ${megabytes(heap)} MB, RSS ${megabytes(rss)} MB, ${handles.toFixed(1)} handles`,
    );
    if (minutes < shortest) {
      console.log(`Less than ${shortest} minutes say nothing about growth.`);
      return [];
    }
    return tooSteep(samples).map((what) => `node ${at}: ${what}`);
  });
  const ended = servers.flatMap(({ service }, at) => (service.isRunning() ? [] : [`node ${at} has ended`]));
  return [...new Set(load.faults), ...missing, ...grown, ...ended];
}

const tooLong = setTimeout(
  () => {
    console.error("It hangs.");
    process.exit(1);
  },
  minutes * 60_000 + patience,
).unref();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void closeAll().finally(() => process.exit(130)));
try {
  const wrong = await soak();
  for (const what of wrong) console.error(what);
  console.log(wrong.length === 0 ? "Verdict: sound." : "Verdict: not sound.");
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  clearTimeout(tooLong);
  await closeAll();
}
