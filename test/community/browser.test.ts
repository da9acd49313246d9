import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstOfficerLink } from "../../server/identity/first-officer.ts";
import { sessionCookie } from "../../server/identity/sessions.ts";
import { openYard, type Yard } from "../server/yard.ts";
import { axe, browserForFile, type Visitor } from "../services/browser.ts";
import { makeScratch } from "../services/scratch.ts";

const browser = browserForFile();
const csv = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

describe("the office in the browser", () => {
  let yard: Yard;
  let clientDir: string;
  beforeAll(async () => {
    clientDir = await makeScratch("client");
    await build({ logLevel: "silent", build: { outDir: clientDir, emptyOutDir: true } });
    yard = await openYard({ overrides: { clientDir } });
  }, 120_000);
  afterAll(async () => {
    await yard.close();
    await rm(clientDir, { recursive: true, force: true });
  });

  const come = async (token: string, screen: Visitor["screen"], path: string): Promise<Page> => {
    const page = await browser.comeIn({ screen, baseURL: yard.url });
    await page.context().addCookies([{ name: sessionCookie, value: token, url: yard.url }]);
    await page.goto(path);
    return page;
  };
  const choose = (page: Page, file: Parameters<ReturnType<Page["locator"]>["setInputFiles"]>[0]) =>
    page.getByLabel("选一个文件").setInputFiles(file);

  test("[LN-36] [LN-28] from the first link to households, slips and the table of buildings", async () => {
    const { storage, clock } = yard.app;
    const link = await firstOfficerLink({ storage, clock }, yard.url);
    const page = await browser.comeIn({ screen: "laptop", baseURL: yard.url });
    await page.goto(link ?? "");
    await page.getByLabel("社区的名字").fill("跳伞塔社区");
    await page.getByLabel("大家怎么叫你").fill("社区小李");
    await page.getByLabel("定一个密码").fill("坝坝头的黄桷树下头喝茶");
    await page.getByRole("button", { name: "建好社区" }).click();
    // This installation has a courtyard already; the officer adds another and looks at it.
    await page.getByRole("heading", { name: "四步把院坝支起来" }).waitFor();
    await page.getByRole("link", { name: "院落", exact: true }).click();
    await page.getByLabel("院落叫什么").last().fill("锦绣里");
    await page.getByRole("button", { name: "建院落" }).click();
    await page.getByRole("link", { name: "总览" }).click();
    await page.getByRole("link", { name: "导入住户" }).click();
    await choose(page, csv("住户.csv", "门牌,面积\n1-1-101,89.5\n1-1-楼上,70\n2-1-101,70\n"));
    await page.getByText("房号认不出来").waitFor();
    expect(await page.getByRole("button", { name: "确认导入" }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("第 3 行不导").check();
    await page.getByRole("button", { name: "确认导入" }).click();
    await page.getByText("2 户住进院坝了。").waitFor();
    await page.getByRole("link", { name: "去做条子" }).click();
    await page.getByText("整个院子").click();
    await page.getByRole("button", { name: "做条子" }).click();
    await page.getByText("2 张条子做好了").waitFor();
    await page.getByRole("button", { name: "印好了" }).click();
    await page.getByRole("link", { name: "总览" }).click();
    await page.getByText("发了 2 / 2 户").waitFor();
    const row = page.getByRole("row", { name: /^2 栋/ });
    expect(await row.getByRole("cell").allInnerTexts()).toEqual(["1", "1", "0", "0"]);
    expect(await axe(page)).toEqual([]);
  });

  test("[LN-32] [LN-12] items imported on the laptop stand on a neighbour's phone at once", async () => {
    const officer = (await yard.resident(null, ["officer"])).token;
    const phone = await come((await yard.resident("1-1-101")).token, "phone", "/board");
    await phone.getByText("101").first().waitFor();
    const laptop = await come(officer, "laptop", "/office/tables");
    await laptop.getByText("物品", { exact: true }).first().click();
    const file = csv("物品.csv", "门牌,物品,类别\n1-1-201,竹梯,工具\n1-1-201,麻将机,娱乐\n");
    await choose(laptop, file);
    await laptop.getByText("没有“娱乐”这一类").waitFor();
    await laptop.getByRole("button", { name: "确认导入" }).click();
    await laptop.getByText("2 样东西放上去了。").waitFor();
    await phone.getByText("竹梯").first().waitFor();
    await laptop.getByRole("button", { name: "再导一张表" }).click();
    await choose(laptop, file);
    await laptop.getByText("表里说的院坝里都有了，不用导。").waitFor();
    expect(await laptop.getByRole("button", { name: "确认导入" }).count()).toBe(0);
  });

  test("[LN-34] a file that is no table says so; the page speaks English too, and turns away who has no business here", async () => {
    const officer = (await yard.resident(null, ["officer"])).token;
    const page = await come(officer, "phone", "/office/tables");
    await choose(page, {
      name: "相片.png",
      mimeType: "image/png",
      buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47]),
    });
    await page.getByText("这不是表格。").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.evaluate(() => localStorage.setItem("yuanba.language", "en"));
    await page.reload();
    const sample = new URL("samples/households-merged.xlsx", import.meta.url);
    const buffer = readFileSync(sample);
    await page
      .getByLabel("Choose a file")
      .setInputFiles({ name: "households.xlsx", mimeType: "application/octet-stream", buffer });
    await page.getByText("turned the door into a date").waitFor();
    expect(await axe(page)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(360);
    const stranger = await come((await yard.resident("1-1-301")).token, "phone", "/office");
    await stranger.getByText("这里归社区工作人员管").waitFor();
  });
});
