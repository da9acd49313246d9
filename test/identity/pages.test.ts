import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../server/clock.ts";
import { addHouseholds, createCourtyard } from "../../server/community/places.ts";
import { type App, compose } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import { firstOfficerLink } from "../../server/identity/first-officer.ts";
import { axe, browserForFile } from "../services/browser.ts";
import { makeScratch } from "../services/scratch.ts";

const password = "坝坝头的黄桷树下头喝茶";

describe("the ways in, as people walk them", () => {
  const { comeIn } = browserForFile();
  let app: App;
  let url: string;
  let office: Page;
  let slip: string;

  beforeAll(async () => {
    const directory = await makeScratch("joining");
    app = await compose(toConfig({ PORT: "0", DATA_DIR: directory, LOG_LEVEL: "silent" }));
    ({ url } = await app.start());
    office = await comeIn({ screen: "laptop", baseURL: url });
  });
  afterAll(() => app.close());

  const fits = async (page: Page) => {
    expect(await axe(page)).toEqual([]);
    const { content, screen } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      screen: window.innerWidth,
    }));
    expect(content).toBeLessThanOrEqual(screen);
  };

  it("[ID-12, ID-9] the first link makes the community and its officer", async () => {
    const link = await firstOfficerLink({ storage: app.storage, clock: systemClock }, url);
    await office.goto(link ?? "");
    await office.getByLabel("社区的名字").fill("跳伞塔社区");
    await office.getByLabel("大家怎么叫你").fill("社区小李");
    await office.getByLabel("定一个密码").fill("1234567890");
    await office.getByRole("button", { name: "建好社区" }).click();
    await office.getByText("这个密码一猜就中").waitFor();
    await fits(office);
    await office.getByLabel("定一个密码").fill(password);
    await office.getByRole("button", { name: "建好社区" }).click();
    await office.waitForURL("**/office");
    await app.storage.write(async (tx) => {
      const { id: communityId } = await tx.db
        .selectFrom("communities")
        .select("id")
        .executeTakeFirstOrThrow();
      const place = { communityId, name: "晋院 26 号", boardsAt: "courtyard" as const, openBoards: true };
      const courtyardId = await createCourtyard(tx, place, systemClock.now());
      const doors = ["1", "2"].flatMap((building) =>
        ["101", "102", "201", "202", "301", "302", "401", "402", "501", "502"].map((door) => ({
          building,
          unit: "1",
          door,
          area: null,
          contact: null,
        })),
      );
      await addHouseholds(tx, courtyardId, doors, systemClock.now());
    });
  });

  it("[ID-4] slips for a building come out of the printer, eight on a sheet of A4", async () => {
    await office.goto("/people");
    await office.getByText("条子", { exact: true }).click();
    await fits(office);
    await office.getByRole("button", { name: "做条子" }).click();
    await office.getByRole("button", { name: "打印" }).waitFor();
    await fits(office);
    const slips = office.getByRole("article");
    expect(await slips.count()).toBe(10);
    slip = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(await slips.first().innerText())?.[0] ?? "";
    const pdf = (await office.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect(/\/Count (\d+)/.exec(pdf)?.[1]).toBe("2");
    expect(pdf).toMatch(/\/MediaBox ?\[0 0 59[45]\.\d+ 84[12]/);
    await office.emulateMedia({ media: "print" });
    expect(await office.getByRole("button", { name: "打印" }).isVisible()).toBe(false);
    expect(await slips.first().isVisible()).toBe(true);
    await office.emulateMedia({ media: "screen" });
    await office.getByRole("button", { name: "印好了，收起来" }).click();
    await office.getByRole("button", { name: "做条子" }).click();
    await office.getByText("这 10 家的条子都还能用").waitFor();
  });

  it("[ID-1, ID-5] a neighbour types the code, gives a name and is at home", async () => {
    const phone = await comeIn({ screen: "phone", baseURL: url });
    await phone.goto("/j");
    await phone.getByLabel("条子上的码").fill("00000-00000");
    await phone.getByRole("button", { name: "打开" }).click();
    await phone.getByText("没有这个码").waitFor();
    await fits(phone);
    await phone.getByLabel("条子上的码").fill(slip.toLowerCase());
    await phone.getByRole("button", { name: "打开" }).click();
    await phone.getByRole("heading", { name: "怎么称呼你" }).waitFor();
    await fits(phone);
    await phone.getByRole("button", { name: "进院坝" }).click();
    await phone.getByText("先写个称呼").waitFor();
    await phone.getByLabel("邻居怎么叫你").fill("小雨妈妈");
    await phone.getByRole("button", { name: "进院坝" }).click();
    await phone.waitForURL((address) => !address.pathname.startsWith("/j"));
    await phone.goto("/home");
    await phone.getByText("就是这台").waitFor();
    await fits(phone);
    await phone.getByRole("button", { name: "改个称呼" }).click();
    await phone.getByLabel("邻居怎么叫你").fill("小雨外婆");
    await phone.getByRole("button", { name: "就叫这个" }).click();
    await phone.getByRole("heading", { name: "小雨外婆", level: 2 }).waitFor();
    await phone.getByText("长辈版大字").click();
    await fits(phone);
  });

  it("[ID-16, ID-15] a second phone comes in by the QR's link and is signed out from the first", async () => {
    const first = await comeIn({ screen: "phone", baseURL: url });
    await first.goto(`/j/${slip}`);
    await first.getByLabel("邻居怎么叫你").fill("修收音机的");
    await first.getByRole("button", { name: "进院坝" }).click();
    await first.waitForURL((address) => !address.pathname.startsWith("/j"));
    await first.goto("/home");
    await first.getByText("小雨外婆").waitFor();
    await first.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    await first.getByRole("button", { name: "再加一台我的手机" }).click();
    await first.getByRole("button", { name: "拷贝链接" }).click();
    await first.getByText("链接拷好了").waitFor();
    await fits(first);
    const link = await first.evaluate(() => navigator.clipboard.readText());
    await first.getByRole("button", { name: "关上" }).first().click();
    const second = await comeIn({ screen: "phone", baseURL: url });
    await second.goto(link);
    await second.getByRole("button", { name: "进院坝" }).click();
    await second.waitForURL((address) => !address.pathname.startsWith("/in"));
    await second.goto("/home");
    await second.getByText("就是这台").waitFor();
    await first.getByRole("button", { name: "只留这台，别的都退出" }).click();
    await second.getByText("就是这台").waitFor({ state: "detached" });
    await second.goto(link);
    await second.getByText("这个码的人数用满了").waitFor();
  });

  it("[ID-18, ID-19, ID-20] the office sees who came, knows them, and can ask them to leave", async () => {
    const phone = await comeIn({ screen: "phone", baseURL: url });
    await phone.goto(`/j/${slip}`);
    await phone.getByLabel("邻居怎么叫你").fill("走错门的");
    await phone.getByRole("button", { name: "进院坝" }).click();
    await phone.waitForURL((address) => !address.pathname.startsWith("/j"));
    await phone.goto("/home");
    await phone.getByText("等楼栋长认一认").waitFor();
    await office.getByText("邻居", { exact: true }).click();
    await office.getByRole("button", { name: "我认得走错门的" }).click();
    await phone.getByText("楼栋长认得你").waitFor();
    await fits(office);
    await office.getByRole("button", { name: "把走错门的请出去" }).click();
    await office.getByRole("dialog").getByRole("button", { name: "请出去", exact: true }).click();
    await office.getByRole("heading", { name: "走错门的", exact: true }).waitFor({ state: "detached" });
    await phone.getByText("楼栋长认得你").waitFor({ state: "detached" });
    await phone.goto(`/j/${slip}`);
    await phone.getByText("这个码已经作废").waitFor();
  });

  it("[ID-25, ID-8] a neighbour is asked to help and their open page learns it, then wants a password", async () => {
    await office.getByText("条子", { exact: true }).click();
    await office.getByRole("radio", { name: "一家" }).check({ force: true });
    await office.getByLabel("哪一家").selectOption("1-1-502");
    await office.getByText("也换新的").click();
    await office.getByRole("button", { name: "做条子" }).click();
    const code = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(await office.getByRole("article").innerText())?.[0] ?? "";
    await office.getByRole("button", { name: "印好了，收起来" }).click();
    const phone = await comeIn({ screen: "phone", baseURL: url });
    await phone.goto(`/j/${code}`);
    await phone.getByLabel("邻居怎么叫你").fill("热心的");
    await phone.getByRole("button", { name: "进院坝" }).click();
    await phone.waitForURL((address) => !address.pathname.startsWith("/j"));
    await phone.goto("/home");
    await phone.getByText("就是这台").waitFor();
    await office.getByText("邻居", { exact: true }).click();
    await office.getByRole("button", { name: "请来帮忙：热心的" }).click();
    await office.getByLabel("做哪样").selectOption("facilitator");
    await fits(office);
    await office.getByRole("button", { name: "就请他做这个" }).click();
    await office.getByText("热心的现在是主持人了").waitFor();
    await phone.getByText("先定一个密码才能用").waitFor();
    await phone.getByRole("button", { name: "定一个密码" }).click();
    await phone.getByLabel("定一个密码").last().fill(password);
    await phone.getByRole("button", { name: "定好了" }).click();
    await phone.getByRole("link", { name: "主持表决" }).waitFor();
    await fits(phone);
  });

  it("[ID-7, ID-8] a facilitator is invited, chooses a password and has their page", async () => {
    await office.getByText("帮手", { exact: true }).click();
    await office.getByLabel("大家怎么叫他").fill("主持的老周");
    await office.getByLabel("做哪样").selectOption("facilitator");
    await fits(office);
    await office.getByRole("button", { name: "做一个链接" }).click();
    const link = await office.getByText(/\/in\//).innerText();
    await fits(office);
    await office.getByRole("dialog").getByRole("button", { name: "关上" }).first().click();
    const guest = await comeIn({ screen: "phone", baseURL: url });
    await guest.goto(link.trim());
    await guest.getByLabel("定一个密码").fill(password);
    await fits(guest);
    await guest.getByRole("button", { name: "进院坝" }).click();
    await guest.waitForURL((address) => !address.pathname.startsWith("/in"));
    await guest.goto("/home");
    await guest.getByRole("link", { name: "主持表决" }).waitFor();
    await guest.getByText("English").click();
    await guest.getByRole("link", { name: "Lead votes" }).waitFor();
    await guest.setViewportSize({ width: 320, height: 640 });
    await fits(guest);
  });
});
