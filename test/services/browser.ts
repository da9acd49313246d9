import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axeCore from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { findChromium } from "./find.ts";

const FAILURES = join(import.meta.dirname, "../browser/failures");

/** The three screens of the courtyard: a resident's phone, a facilitator's laptop, the kiosk on the wall. */
export const screens = {
  phone: { viewport: { width: 360, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  laptop: { viewport: { width: 1280, height: 800 } },
  wall: { viewport: { width: 1920, height: 1080 } },
};

export interface Visitor {
  screen: keyof typeof screens;
  locale?: "zh-CN" | "en";
  /** What relative addresses are resolved against, as in `http://127.0.0.1:40001`. */
  baseURL?: string;
  /** Movement is off unless the test is about it, so that a picture shows the end of a change. */
  motion?: "reduce" | "no-preference";
}

/** Starts the system's Chromium. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("Chromium is not installed: npm run services");
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking", "--font-render-hinting=none"],
    handleSIGHUP: true,
  });
}

/** A person of their own: nothing is shared with other contexts of the browser, cookies neither. */
export async function openContext(browser: Browser, visitor: Visitor): Promise<BrowserContext> {
  const { screen, locale = "zh-CN", baseURL, motion = "reduce" } = visitor;
  const context = await browser.newContext({
    ...screens[screen],
    locale,
    timezoneId: "Asia/Shanghai",
    reducedMotion: motion,
    ...(baseURL && { baseURL }),
  });
  context.setDefaultTimeout(10_000);
  return context;
}

/**
 * A browser for the test file that calls this at its top level.
 * People who come in during a test leave with it; those of a `beforeAll` stay for the file.
 * When a test fails, the page of each person is kept as a picture in `test/browser/failures`;
 * an error that a page did not catch fails the test.
 */
export function browserForFile(): { comeIn(visitor: Visitor): Promise<Page> } {
  let browser: Browser | undefined;
  let inTest = false;
  const guests: { context: BrowserContext; untilTestEnds: boolean; screen: string }[] = [];
  const uncaught: Error[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  beforeEach(() => {
    inTest = true;
  });
  afterEach(async ({ task }) => {
    inTest = false;
    const errors = uncaught.splice(0);
    if (task.result?.state === "fail" || errors.length > 0) await keepPictures(task.name);
    for (const guest of guests.filter((one) => one.untilTestEnds)) {
      guests.splice(guests.indexOf(guest), 1);
      await guest.context.close();
    }
    if (errors.length > 0) throw new AggregateError(errors, `a page did not catch: ${errors.join("; ")}`);
  });
  afterAll(() => browser?.close());

  async function keepPictures(testName: string): Promise<void> {
    mkdirSync(FAILURES, { recursive: true });
    const name = testName.replaceAll(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80);
    const pages = guests.flatMap(({ context, screen }) => context.pages().map((page) => ({ page, screen })));
    for (const [index, { page, screen }] of pages.entries()) {
      const path = join(FAILURES, `${name}-${index + 1}-${screen}.png`);
      // A page that is closing cannot be pictured, and the failure itself matters more.
      await page.screenshot({ path, fullPage: true }).catch(() => undefined);
    }
  }

  return {
    async comeIn(visitor) {
      if (!browser) throw new Error("the browser starts in beforeAll: come in there or later");
      const context = await openContext(browser, visitor);
      guests.push({ context, untilTestEnds: inTest, screen: visitor.screen });
      context.on("weberror", (error) => uncaught.push(error.error()));
      return context.newPage();
    },
  };
}

export interface Barrier {
  rule: string;
  impact: "serious" | "critical";
  help: string;
  /** Selectors of the elements it concerns. */
  where: string[];
}

/** What keeps people out of a page, after axe-core: its serious and critical findings. */
export async function axe(page: Page): Promise<Barrier[]> {
  // Evaluated over the debugging protocol, which a strict content security policy lets through.
  await page.evaluate(axeCore.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, impact, help, nodes }) =>
    impact === "serious" || impact === "critical"
      ? [{ rule: id, impact, help, where: nodes.map((node) => node.target.join(" ")) }]
      : [],
  );
}

declare global {
  interface Window {
    /** Put there by `axe()`. */
    axe: typeof axeCore;
  }
}
