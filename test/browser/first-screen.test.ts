import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demoForFile } from "./neighbours.ts";

const { yard, come } = demoForFile();

/** Things whose labels lie whole between the top of the page and the tabs. */
const inSight = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const tabs = [...document.querySelectorAll("nav")].find(
      (nav) => getComputedStyle(nav).position === "fixed",
    );
    const bottom = tabs?.getBoundingClientRect().top ?? 0;
    return [...document.querySelectorAll("article[data-household] li")].filter((label) => {
      const place = label.getBoundingClientRect();
      return place.top >= 0 && place.bottom <= bottom;
    }).length;
  });

describe("the first screen of the board", { timeout: 120_000 }, () => {
  test.each(["zh-CN", "en"])(
    "[UI-31] shows something that is lent on a phone of 360×800 in large text, whoever looks: %s",
    async (language) => {
      const { residentId, stewardId, officerId } = yard().plan.tour;
      for (const who of [residentId, stewardId, officerId]) {
        const page = await come(who, "phone", "/board");
        await page.evaluate((chosen) => {
          localStorage.setItem("yuanba.language", chosen);
          localStorage.setItem("yuanba.preferences", JSON.stringify({ size: "elder", theme: "day" }));
        }, language);
        await page.reload();
        await page.locator("article[data-household] li").first().waitFor();
        expect(await page.evaluate(() => [innerWidth, innerHeight])).toEqual([360, 800]);
        expect(await page.evaluate(() => document.documentElement.dataset.size)).toBe("elder");
        expect(await inSight(page)).toBeGreaterThan(0);
      }
    },
  );

  test("[UI-31] the notice unfolds where it is pressed, with what may be done to it, and folds again", async () => {
    const page = await come(yard().plan.tour.officerId, "phone", "/board");
    const notice = page.getByRole("region", { name: "通知" });
    const strip = notice.getByRole("button", { name: "看全文" });
    await strip.waitFor();
    expect(await notice.getByRole("button", { name: "改通知" }).count()).toBe(0);
    await strip.press("Enter");
    await notice.getByRole("button", { name: "改通知" }).waitFor();
    const turn = notice.getByRole("button", { name: "收起" });
    expect(await turn.evaluate((button) => button === document.activeElement)).toBe(true);
    await turn.click();
    await strip.waitFor();
  });
});
