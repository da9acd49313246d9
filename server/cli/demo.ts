import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type App, compose } from "../compose.ts";
import { temporaryRoot, toConfig } from "../config/config.ts";
import { applyDemo } from "../demo/apply.ts";
import { planDemo } from "../demo/plan.ts";
import type { DemoPlan } from "../demo/plan-types.ts";
import { demoPassword, tourLinks } from "../demo/tour.ts";
import { createLogger } from "../observe/log.ts";
import { type Command, type Env, readArguments, say, UsageError, wholeNumber } from "./command.ts";
import { runUntilStopped, stopSignal } from "./serve.ts";

const usualSeed = 26;

export const demoCommand: Command = {
  usage: `yuanba demo [--large] [--seed n] [--port n] [--keep dir]
Shows a courtyard of 148 households with 800 items, chat and two votes; prints a link for each kind of visitor.
Needs no service. Its data is in a temporary folder that goes when the demo ends.

  --large     a compound of 42 buildings, 1,260 households and 9,000 items
  --seed n    another courtyard of the same kind (usually ${usualSeed})
  --port n    port to listen on (usually PORT or 3000; 0 takes a free one)
  --keep dir  keep the data in this folder, and go on with it the next time`,
  run: async (args, env) => {
    const { values } = readArguments(args, {
      large: { type: "boolean", default: false },
      seed: { type: "string" },
      port: { type: "string" },
      keep: { type: "string" },
    });
    const seed = wholeNumber(values.seed, "--seed", 2 ** 31) ?? usualSeed;
    const port = wholeNumber(values.port, "--port", 65_535);
    const stopped = stopSignal();
    const dataDir = values.keep ? resolve(values.keep) : await mkdtemp(join(temporaryRoot(), "yuanba-demo-"));
    try {
      const plan = planDemo(seed, values.large ? "compound" : "courtyard", Date.now());
      return await show(plan, demoEnv(env, dataDir, port), stopped);
    } finally {
      if (!values.keep) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** A demo must never be written into a database that somebody uses, and needs no service. */
const demoEnv = ({ DATABASE_URL: _, REDIS_URL: __, ...env }: Env, dataDir: string, port?: number): Env => ({
  LOG_LEVEL: "warn",
  ...env,
  DATA_DIR: dataDir,
  ...(port === undefined ? {} : { PORT: String(port) }),
});

async function show(plan: DemoPlan, env: Env, stopped: Promise<string>): Promise<number> {
  const config = toConfig(env);
  const logger = createLogger(config.logLevel);
  const app = await compose(config, { logger });
  try {
    await seedOnce(app, plan);
  } catch (error) {
    await app.close();
    throw error;
  }
  return runUntilStopped(app, logger, stopped, (url) => greet(app, plan, url));
}

/** Stores the plan unless this folder holds it already. @throws UsageError when it holds something else */
async function seedOnce({ storage, config }: App, plan: DemoPlan): Promise<void> {
  const [first] = await storage.db.selectFrom("communities").select("id").execute();
  if (!first) return applyDemo(storage, plan);
  if (first.id === plan.community.id) return;
  throw new UsageError(`The folder ${config.dataDir} holds something else than this demo.`);
}

async function greet(app: App, plan: DemoPlan, url: string): Promise<void> {
  const links = await tourLinks(app, plan, url);
  const [courtyard] = plan.courtyards;
  const counts = [
    `${plan.households.length} households`,
    `${plan.items.length} items`,
    `${new Set(plan.items.map(({ householdId }) => householdId)).size} lending`,
  ];
  const rows: [string, string][] = [
    ["居民 resident", links.resident],
    ["一家人 same household", links.neighbour],
    ["楼栋长 steward", links.steward],
    ["主持人 facilitator", links.facilitator],
    ["社区干部 officer", links.officer],
    ["大屏 kiosk", links.kiosk],
  ];
  say(`院坝 · Yuanba demo — ${courtyard?.name}, ${counts.join(", ")}\n${url}\n`);
  for (const [who, link] of rows) say(`${who}\n  ${link}`);
  say(`\nFacilitator and officer sign in with the password ${demoPassword}`);
  say("A browser is one person at a time: open a second link in a private window.");
  say(`courtyard ${courtyard?.id}, data in ${app.config.dataDir}\nCtrl-C ends the demo.`);
}
