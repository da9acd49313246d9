import { applyDemo } from "../../server/demo/apply.ts";
import { planDemo } from "../../server/demo/plan.ts";
import type { DemoSize } from "../../server/demo/plan-types.ts";
import { openSqlite } from "../../server/storage/sqlite.ts";

export const demoMoment = Date.UTC(2026, 4, 20, 4, 0);

/** A closed data folder that holds a demo. */
export async function seedFolder(dataDir: string, size: DemoSize = "courtyard", now = demoMoment) {
  const plan = planDemo(26, size, now);
  const storage = await openSqlite(dataDir);
  await applyDemo(storage, plan);
  await storage.close();
  return plan;
}
