import { screens } from "../services/browser.ts";
import type { Look } from "./studio.ts";

/** Goes to a page of the app and waits until it has settled. */
export async function go(look: Look, path: string): Promise<void> {
  await look.page.goto(path);
  await settle(look);
}

/** Waits until the page is drawn, its line stands and nothing is announced as on its way. */
export async function settle({ page, words }: Look): Promise<void> {
  const waiting = [
    "ui:loading.page",
    "ui:connection.connecting",
    "board:loading",
    "chat:loading",
    "votes:wait",
  ];
  await page.waitForFunction(
    (texts) =>
      document.querySelector("main") !== null &&
      !texts.some((text) => document.body.innerText.includes(text)) &&
      ![...document.querySelectorAll("h1")].some((title) => title.textContent === ""),
    waiting.map((key) => words(key)),
  );
  // Fonts that arrive late move what is below them.
  await page.evaluate(() => document.fonts.ready);
}

/** Makes the window as tall as the page, so that what sticks to its edges sticks to the picture's. */
export async function unroll({ page, screen }: Look): Promise<void> {
  const { width, height } = screens[screen].viewport;
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(Math.max(tall, height), 6_000) });
}

export const rollUp = ({ page, screen }: Look): Promise<void> =>
  page.setViewportSize(screens[screen].viewport);

export const button = ({ page, words }: Look, key: string) =>
  page.getByRole("button", { name: words(key), exact: true });

/** Presses a button that wants to be held, until it gives way to what it did. */
export async function hold(look: Look, key: string): Promise<void> {
  const held = button(look, key);
  await held.hover();
  await look.page.mouse.down();
  await held.waitFor({ state: "detached" });
  await look.page.mouse.up();
}
