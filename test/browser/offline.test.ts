import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { until } from "../services/until.ts";
import { demoForFile } from "./neighbours.ts";

const { yard, come, neighbour, householdOf } = demoForFile();

/** The page can open without a server from now on: all its parts are on the device. */
const shellKept = (page: Page) =>
  until("the shell is kept", () =>
    page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      const cache = await caches.open((await caches.keys())[0] ?? "");
      const kept = (await cache.keys()).map(({ url }) => url);
      const parts = performance
        .getEntriesByType("resource")
        .map(({ name }) => name)
        .filter((name) => new URL(name).pathname.startsWith("/assets/"));
      return (
        active?.state === "activated" &&
        parts.every((part) => kept.includes(part)) &&
        (await cache.match("/"))
      );
    }),
  );

describe("a phone without a connection", { timeout: 120_000 }, () => {
  test("[UI-23] what is written waits over a reload and the closing of the page, and arrives", async () => {
    const { residentId } = yard().plan.tour;
    const home = householdOf(residentId);
    const mine = await come(residentId, "phone", `/board/cell/${home}`);
    const theirs = await come(neighbour(), "laptop", "/board");
    const there = theirs.locator(`article[data-household="${home}"]`);
    await there.waitFor();
    await shellKept(mine);

    await mine.context().setOffline(true);
    await mine
      .getByText(/写的都留在这台机子上/)
      .first()
      .waitFor();
    await mine.getByLabel("是什么").last().fill("停电用的马灯");
    await mine.getByRole("button", { name: "放上去" }).click();
    await mine.getByText("没连上，写的都留在这台机子上，连上就存").waitFor();

    await mine.reload();
    await mine.getByRole("button", { name: /^停电用的马灯/ }).waitFor();
    await mine.getByText("没连上，写的都留在这台机子上，连上就存").waitFor();

    await mine.close();
    const again = await mine.context().newPage();
    await again.goto(`/board/cell/${home}`);
    await again.getByRole("button", { name: /^停电用的马灯/ }).waitFor();
    await again.getByText("没连上，写的都留在这台机子上，连上就存").waitFor();
    expect(await there.getByText("停电用的马灯").count()).toBe(0);

    await again.context().setOffline(false);
    await again.getByText(/^已存好/).waitFor();
    await there.getByText("停电用的马灯").waitFor();
  });

  test("[UI-24] two phones of a home write without and with a connection, and both are kept", async () => {
    const { residentId, secondResidentId } = yard().plan.tour;
    const cell = `/board/cell/${householdOf(residentId)}`;
    const one = await come(residentId, "phone", cell);
    const other = await come(secondResidentId, "phone", cell);
    const put = async (page: Page, title: string) => {
      await page.getByLabel("是什么").last().fill(title);
      await page.getByRole("button", { name: "放上去" }).click();
    };
    await one.context().setOffline(true);
    await one.getByText("没连上", { exact: true }).waitFor();
    await put(one, "离线写的撮箕");
    await put(other, "在线写的扫把");
    await other.getByText(/^已存好/).waitFor();
    await one.context().setOffline(false);
    for (const page of [one, other]) {
      for (const title of ["离线写的撮箕", "在线写的扫把"]) {
        await page.getByRole("button", { name: new RegExp(`^${title}`) }).waitFor();
      }
      await page.getByText(/^已存好/).waitFor();
    }
  });
});
