import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { browserForFile, type Visitor } from "../services/browser.ts";
import { makeScratch } from "../services/scratch.ts";
import { buildClient, type DemoYard, openDemoYard } from "./demo-yard.ts";

/** The demo with people in it, for the test file that calls this at its top level. */
export function demoForFile() {
  const browser = browserForFile();
  let opened: DemoYard | undefined;
  const yard = (): DemoYard => {
    if (!opened) throw new Error("the demo opens in beforeAll");
    return opened;
  };
  beforeAll(async () => {
    const clientDir = await makeScratch("client");
    await buildClient(clientDir);
    opened = await openDemoYard({ clientDir });
  }, 120_000);
  afterAll(() => opened?.close());

  const householdOf = (residentId: string): string => {
    const found = yard().plan.residents.find(({ id }) => id === residentId)?.householdId;
    if (!found) throw new Error(`${residentId} lives in no household`);
    return found;
  };

  return {
    yard,
    householdOf,
    /** Somebody from another household than the tour's resident and steward, who has not voted yet. */
    neighbour: (): string => {
      const { plan } = yard();
      const { residentId, stewardId } = plan.tour;
      const voted = plan.proposals.flatMap(({ state, ballots }) =>
        state === "open" ? ballots.map(({ householdId }) => householdId) : [],
      );
      const known = [householdOf(residentId), householdOf(stewardId), ...voted];
      const found = plan.residents.find(
        ({ householdId, status }) =>
          householdId !== null && status === "confirmed" && !known.includes(householdId),
      );
      if (!found) throw new Error("everybody has voted");
      return found.id;
    },
    /** A resident at their own device, on a page whose line stands. */
    come: async (residentId: string, screen: Visitor["screen"], path: string): Promise<Page> => {
      const page = await browser.comeIn({ screen, baseURL: yard().url });
      await yard().signIn(page.context(), residentId);
      await page.goto(path);
      await page.getByText("已连上", { exact: true }).waitFor();
      return page;
    },
    stranger: (screen: Visitor["screen"]): Promise<Page> => browser.comeIn({ screen, baseURL: yard().url }),
    /** The screen at the gate. Its clock is the test's to move. */
    wall: async (): Promise<Page> => {
      const page = await browser.comeIn({ screen: "wall", baseURL: yard().url });
      await yard().hangUp(page.context());
      await page.clock.install();
      await page.goto("/kiosk");
      await page.getByText("晋院 26 号").first().waitFor();
      return page;
    },
  };
}

/** Presses one of the buttons that want to be held, until it gives way to what it did. */
export async function hold(page: Page, name: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true });
  await button.hover();
  await page.mouse.down();
  await button.waitFor({ state: "detached" });
  await page.mouse.up();
}

/** How many pixels of the page lie beyond the edge of the screen. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
