import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { compose } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import type { DemoSize } from "../../server/demo/plan-types.ts";
import { firstOfficerLink } from "../../server/identity/first-officer.ts";
import { buildClient, type DemoYard, openDemoYard } from "../browser/demo-yard.ts";
import { launchChromium, openContext, type screens } from "../services/browser.ts";
import { makeScratch } from "../services/scratch.ts";
import { type Language, type Words, wordsOf } from "./words.ts";

export type Screen = keyof typeof screens;

/** Through whose eyes a page is looked at; each has a browser of their own. */
export type Who =
  | "stranger"
  | "resident"
  | "voter"
  | "steward"
  | "facilitator"
  | "officer"
  | "kiosk"
  | "unpaired";

/** One person at one screen in one language. */
export interface Look {
  page: Page;
  words: Words;
  yard: DemoYard;
  /** A server nobody has set up yet. */
  empty: { url: string; firstLink: string };
  screen: Screen;
  language: Language;
  /** Lets the server's time run ahead, milliseconds. */
  skip: (time: number) => void;
  /** Another person, at a laptop. */
  beside: (who: Who) => Promise<Look>;
}

export type Studio = Awaited<ReturnType<typeof openStudio>>;

/** A Saturday in spring, ten in the morning: the pictures of two days differ only where the pages do. */
const morning = Date.parse("2026-03-21T10:00:00+08:00");

/** The servers and the browser behind all pictures. */
export async function openStudio(size: DemoSize) {
  const directory = await makeScratch("shots");
  const clientDir = join(directory, "client");
  await buildClient(clientDir);
  const began = Date.now();
  let skipped = 0;
  const clock = { now: () => morning + Date.now() - began + skipped };
  const yard = await openDemoYard({ clientDir, clock, size });
  const config = toConfig({ PORT: "0", DATA_DIR: join(directory, "empty"), LOG_LEVEL: "silent" });
  const bare = await compose(config, { clientDir, clock });
  const { port } = await bare.start();
  const url = `http://127.0.0.1:${port}`;
  const firstLink = (await firstOfficerLink(bare, url)) ?? "";
  const browser: Browser = await launchChromium();

  const open = yard.plan.proposals.find(({ state }) => state === "open");
  const voted = new Set(open?.ballots.map(({ householdId }) => householdId));
  const undecided = yard.plan.households
    .filter(({ id }) => !voted.has(id))
    .flatMap(
      ({ id }) =>
        yard.plan.residents.find((one) => one.householdId === id && one.status === "confirmed") ?? [],
    );

  const idOf = (who: Who): string | undefined => {
    const { tour } = yard.plan;
    switch (who) {
      case "resident":
        return tour.residentId;
      case "voter":
        // Each look has a voter who has not been to the box yet.
        return undecided.pop()?.id;
      case "steward":
        return tour.stewardId;
      case "facilitator":
        return tour.facilitatorId;
      case "officer":
        return tour.officerId;
      default:
        return undefined;
    }
  };

  const newContext = async (screen: Screen, language: Language): Promise<BrowserContext> => {
    const context = await openContext(browser, { screen, locale: language, baseURL: yard.url });
    await context.clock.install({ time: clock.now() });
    await context.addInitScript((chosen) => localStorage.setItem("yuanba.language", chosen), language);
    return context;
  };

  const look = async (who: Who, screen: Screen, language: Language): Promise<Look> => {
    const context = await newContext(screen, language);
    const residentId = idOf(who);
    if (who === "kiosk") await yard.hangUp(context);
    else if (residentId) await yard.signIn(context, residentId);
    return {
      page: await context.newPage(),
      words: wordsOf(language),
      yard,
      empty: { url, firstLink },
      screen,
      language,
      skip: (time) => {
        skipped += time;
      },
      beside: (other) => look(other, "laptop", language),
    };
  };

  return {
    yard,
    /** A browser of this person's; the caller closes its context. */
    look,
    close: async (): Promise<void> => {
      await browser.close();
      await yard.close();
      await bare.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
