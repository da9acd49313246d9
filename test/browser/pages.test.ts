import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axe } from "../services/browser.ts";
import { demoForFile, sideways } from "./neighbours.ts";

const { yard, come, stranger, wall, householdOf } = demoForFile();

/** Bytes, compressed: as UI-11 says. */
const firstLoadBudget = 250_000;

const resident = () => yard().plan.tour.residentId;
const vote = (state: "open" | "revealed") => yard().plan.proposals.find((one) => one.state === state)?.id;
const residentPages = (): string[] => [
  "/board",
  `/board/cell/${householdOf(resident())}`,
  `/board/lists/${yard().plan.boards[0]?.id}`,
  "/votes",
  `/votes/${vote("open")}`,
  `/votes/${vote("revealed")}`,
  "/chat",
  "/home",
  "/nowhere",
];

/** Drawn, and nothing on its way any more. */
const settled = (page: Page) =>
  page.waitForFunction(
    () =>
      document.querySelector("main") !== null &&
      !/正在(打开|取|连|看|翻)|Opening|Loading/.test(document.body.innerText),
  );

describe("every page", { timeout: 120_000 }, () => {
  test("[UI-25] keeps no resident out, on a phone of 320 px and with text half as large again", async () => {
    const page = await come(resident(), "phone", "/board");
    for (const path of residentPages()) {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(path);
      await settled(page);
      expect([path, await sideways(page)]).toEqual([path, 0]);
      await page.evaluate(() => document.documentElement.style.setProperty("font-size", "150%"));
      expect([path, "1.5×", await sideways(page)]).toEqual([path, "1.5×", 0]);
      expect([path, await axe(page)]).toEqual([path, []]);
    }
  });

  test("[UI-25] keeps none of those out who work for the yard", async () => {
    const { stewardId, facilitatorId, officerId } = yard().plan.tour;
    const officer = [
      "/office",
      "/office/tables",
      "/office/slips",
      "/office/helpers",
      "/office/screens",
      "/office/courtyard",
    ];
    for (const [who, paths] of [
      [stewardId, ["/board", "/people", "/home"]],
      [facilitatorId, ["/facilitate", "/screens", "/home"]],
      [officerId, officer],
    ] as const) {
      const page = await come(who, "laptop", "/home");
      for (const path of paths) {
        await page.goto(path);
        await settled(page);
        expect([path, await axe(page)]).toEqual([path, []]);
        expect([path, await sideways(page)]).toEqual([path, 0]);
      }
    }
  });

  test("[UI-25] keeps no stranger out, and can be read on the wall", async () => {
    const page = await stranger("phone");
    for (const path of ["/", "/j", "/kiosk"]) {
      await page.goto(path);
      await settled(page);
      expect([path, await axe(page)]).toEqual([path, []]);
    }
    const screen = await wall();
    expect(await axe(screen)).toEqual([]);
  });

  test("[UI-32] shows a stranger the way in, and never first that there is no connection", async () => {
    const page = await stranger("phone");
    await page.addInitScript(() => {
      new MutationObserver(() => {
        if (/没连上|还没连/.test(document.body?.textContent ?? "")) sessionStorage.setItem("offline", "said");
      }).observe(document, { childList: true, subtree: true, characterData: true });
    });
    // A slow line, so that there is time to say the wrong thing.
    await page.route("**/api/v1/session", async (route) => {
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null))));
      await route.continue();
    });
    await page.goto("/");
    await page.getByRole("heading", { name: "院子里的公示板" }).waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem("offline"))).toBeNull();
  });

  test("[UI-26] speaks English once that is chosen, on every page and after a reload, and Chinese again", async () => {
    const page = await come(resident(), "phone", "/home");
    await page.getByText("English").click();
    await page.getByText("Connected", { exact: true }).waitFor();
    const words = /[\u4e00-\u9fff]/;
    for (const path of ["/home", "/votes", "/board"]) {
      await page.goto(path);
      await settled(page);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
      const labels = await page.getByRole("navigation").or(page.getByRole("button")).allInnerTexts();
      const own = labels.join(" ").replaceAll("中文", "");
      if (path !== "/board") expect([path, words.exec(own)?.[0]]).toEqual([path, undefined]);
      expect(await axe(page)).toEqual([]);
      expect([path, await sideways(page)]).toEqual([path, 0]);
    }
    await page.goto("/home");
    await page.getByText("中文").click();
    await page.getByText("已连上", { exact: true }).waitFor();
  });
});

describe("the first visit", { timeout: 120_000 }, () => {
  test("[UI-11, UI-27] to the board brings at most 250 kB of JavaScript, and comes compressed", async () => {
    const page = await stranger("phone");
    await yard().signIn(page.context(), resident());
    const scripts = new Map<string, Promise<{ encoding: string | undefined; zipped: number }>>();
    page.on("response", (response) => {
      const path = new URL(response.url()).pathname;
      if (!/\.js$/.test(path) || scripts.has(path)) return;
      scripts.set(
        path,
        Promise.all([response.headerValue("content-encoding"), response.body()]).then(([encoding, body]) => ({
          encoding: encoding ?? undefined,
          zipped: gzipSync(body, { level: 9 }).length,
        })),
      );
    });
    await page.goto("/board");
    await page.getByText("已连上", { exact: true }).waitFor();
    await page.locator(`article[data-household="${householdOf(resident())}"]`).waitFor();
    const loaded = await Promise.all([...scripts.values()]);
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.reduce((sum, { zipped }) => sum + zipped, 0)).toBeLessThanOrEqual(firstLoadBudget);
    const large = loaded.filter(({ zipped }) => zipped > 1_000);
    expect(large.filter(({ encoding }) => encoding !== "br" && encoding !== "gzip")).toEqual([]);
  });
});
