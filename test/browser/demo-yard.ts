import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { build } from "vite";
import type { Clock } from "../../server/clock.ts";
import { compose } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import { applyDemo } from "../../server/demo/apply.ts";
import { planDemo } from "../../server/demo/plan.ts";
import type { DemoSize } from "../../server/demo/plan-types.ts";
import { tourLinks } from "../../server/demo/tour.ts";
import { revokeSlips, writeSlips } from "../../server/identity/invitations.ts";
import { sessionCookie } from "../../server/identity/sessions.ts";
import { addPairedScreen, claimPairing } from "../../server/kiosk/pairings.ts";
import { deviceLabel } from "../../shared/identity/device.ts";
import { makeScratch } from "../services/scratch.ts";

/** The seed people know from `npm run demo`. */
const seed = 26;
/** Most people come from a link opened in WeChat. */
const wechat = deviceLabel({ app: "wechat", system: "android" });
const systemClock: Clock = { now: () => Date.now() };

export type DemoYard = Awaited<ReturnType<typeof openDemoYard>>;

/** The client as it is in the sources now; whoever builds it elsewhere meanwhile does not disturb. */
export async function buildClient(clientDir: string): Promise<void> {
  const { NODE_ENV } = process.env;
  // Under vitest this says "test", and people would be given React's development build, a third larger.
  process.env.NODE_ENV = "production";
  try {
    await build({ logLevel: "error", build: { outDir: clientDir, emptyOutDir: true } });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

/** The demo as `npm run demo` seeds it, served on a free port, with a way to be anyone in it. */
export async function openDemoYard({
  clientDir,
  clock = systemClock,
  size = "courtyard" as DemoSize,
}: {
  clientDir: string;
  clock?: Clock;
  size?: DemoSize;
}) {
  const dataDir = await makeScratch("demo");
  const plan = planDemo(seed, size, clock.now());
  const config = toConfig({ PORT: "0", DATA_DIR: join(dataDir, "data"), LOG_LEVEL: "silent" });
  const app = await compose(config, { clientDir, clock });
  await applyDemo(app.storage, plan);
  const { port } = await app.start();
  const url = `http://127.0.0.1:${port}`;
  const communityId = plan.community.id;

  const residentOf = (householdId: string): string => {
    const found = plan.residents.find(
      (resident) => resident.householdId === householdId && resident.status === "confirmed",
    );
    if (!found) throw new Error(`nobody has come in from the household ${householdId}`);
    return found.id;
  };

  return {
    app,
    plan,
    url,
    residentOf,
    /** Signs a browser in as this resident, password given. */
    signIn: async (context: BrowserContext, residentId: string): Promise<void> => {
      const { token } = await app.storage.write((tx) =>
        app.sessions.start(tx, { communityId, residentId, strong: true, device: wechat }),
      );
      await context.addCookies([{ name: sessionCookie, value: token, url }]);
    },
    /** Hangs this browser up as the courtyard's screen. */
    hangUp: async (context: BrowserContext): Promise<void> => {
      const { token } = await app.storage.write(async (tx) => {
        const screen = {
          communityId,
          courtyardId: plan.courtyards[0]?.id ?? "",
          name: "门口大屏",
          by: plan.tour.facilitatorId,
        };
        const { secret } = await addPairedScreen(tx, screen, clock.now(), 3_600_000);
        const claim = await claimPairing(tx, secret, clock.now());
        if (claim.state !== "paired") throw new Error("the screen was not paired");
        return app.sessions.start(tx, { communityId, kioskId: claim.kioskId, device: "screen" });
      });
      await context.addCookies([{ name: sessionCookie, value: token, url }]);
    },
    /** Links as `npm run demo` prints them; new ones each time, and only the newest open. */
    links: () => tourLinks(app, plan, url),
    /** A new slip's code for this resident's household. */
    slipOf: async (householdId: string): Promise<string> => {
      const slips = { communityId, householdIds: [householdId], by: plan.tour.officerId };
      const { codes } = await app.storage.write(async ({ db }) => {
        await revokeSlips(db, slips.householdIds, clock.now());
        return writeSlips(db, slips, clock.now());
      });
      return codes.get(householdId) ?? "";
    },
    close: async (): Promise<void> => {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
