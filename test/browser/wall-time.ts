import type { Page } from "playwright-core";

/** Lets the wall's own time run until a text hangs; its turns take minutes otherwise. The page's clock is installed. */
export async function waitForScene(page: Page, text: string): Promise<void> {
  const hangs = page.getByText(text).first();
  for (let turn = 0; turn < 120; turn++) {
    if (await hangs.isVisible()) return;
    await page.clock.fastForward(5_000);
    // What the next scene shows is read from the server while this one hangs.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }
  throw new Error(`the wall never showed ${text}`);
}
