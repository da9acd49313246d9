import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restoreLimits } from "../../shared/board/limits.ts";
import { buildClient, type DemoYard, openDemoYard } from "../browser/demo-yard.ts";
import { openSocket } from "../server/socket-client.ts";
import { axe, browserForFile } from "../services/browser.ts";
import { makeScratch } from "../services/scratch.ts";

describe("the board in real browsers", () => {
  const browser = browserForFile();
  let yard: DemoYard;
  beforeAll(async () => {
    const clientDir = await makeScratch("board-client");
    await buildClient(clientDir);
    yard = await openDemoYard({ clientDir });
  }, 180_000);
  afterAll(() => yard?.close());

  const comeIn = async (residentId: string, screen: "phone" | "laptop", path = "/board"): Promise<Page> => {
    const page = await browser.comeIn({ screen, baseURL: yard.url });
    await yard.signIn(page.context(), residentId);
    await page.goto(path);
    await page.getByText("已连上").waitFor();
    return page;
  };
  const home = () =>
    yard.plan.residents.find(({ id }) => id === yard.plan.tour.residentId)?.householdId ?? "";
  const put = async (page: Page, title: string) => {
    await page.getByLabel("是什么").last().fill(title);
    await page.getByRole("button", { name: "放上去" }).click();
    await page.getByText(`${title}放上去了`).waitFor();
  };
  const saved = (page: Page) => page.getByText(/^已存好/).waitFor();
  const cell = (page: Page) => page.locator(`article[data-household="${home()}"]`);

  test("[BD-70, BD-74] what one puts up is saved, and a neighbour sees it come and sees one write", async () => {
    const mine = await comeIn(yard.plan.tour.residentId, "phone", `/board/cell/${home()}`);
    const neighbour = await comeIn(yard.plan.tour.stewardId, "laptop");
    await mine.getByLabel("是什么").fill("八磅大锤");
    await cell(neighbour).getByText("正在写…").waitFor();
    await mine.getByRole("button", { name: "放上去" }).click();
    await saved(mine);
    await cell(neighbour).getByText("八磅大锤").waitFor();
    await neighbour.getByRole("searchbox").fill("bbdc");
    await neighbour.getByRole("button", { name: /八磅大锤/ }).click();
    await neighbour.getByText("八磅大锤").first().waitFor();
  });

  test("[BD-71] what is written without a connection is kept over the closing of the tab and arrives", async () => {
    const page = await comeIn(yard.plan.tour.residentId, "phone", `/board/cell/${home()}`);
    await saved(page);
    await page.context().setOffline(true);
    await page.getByText("没连上", { exact: true }).waitFor();
    await put(page, "露营灯");
    await page.getByText(/写的都留在这台机子上，连上就存/).waitFor();
    await page.close();
    const again = await page.context().newPage();
    await page.context().setOffline(false);
    await again.goto(`/board/cell/${home()}`);
    await again.getByText("露营灯").first().waitFor();
    await saved(again);
    const { view } = await yard.app.rooms.readBoard(await boardId());
    expect(view.cells[home()]?.map((item) => item.title)).toContain("露营灯");
  });

  test("[BD-81] two phones of a home write at once: neither disturbs the other's half-filled form", async () => {
    const one = await comeIn(yard.plan.tour.residentId, "phone", `/board/cell/${home()}`);
    const other = await comeIn(yard.plan.tour.secondResidentId, "phone", `/board/cell/${home()}`);
    await put(one, "折叠梯");
    await other
      .getByRole("button", { name: /折叠梯/ })
      .first()
      .click();
    await other.getByLabel("备注").first().fill("在二楼过道");
    await one
      .getByRole("button", { name: /折叠梯/ })
      .first()
      .click();
    await one.getByLabel("是什么").first().fill("折叠梯（三米）");
    await one.getByRole("button", { name: "存好" }).click();
    await saved(one);
    expect(await other.getByLabel("备注").first().inputValue()).toBe("在二楼过道");
    await other.getByRole("button", { name: "存好" }).click();
    await other.getByText("折叠梯（三米）").first().waitFor();
    await one.getByText("在二楼过道").waitFor();
    await one
      .getByRole("button", { name: /折叠梯（三米）/ })
      .first()
      .click();
    await one.getByRole("button", { name: "拿下来" }).click();
    await other.getByText("折叠梯（三米）").first().waitFor({ state: "detached" });
    await one.getByRole("button", { name: "放回去" }).click();
    await other.getByText("折叠梯（三米）").first().waitFor();
  });

  test("[BD-40] what comes while one looks carries a mark until its cell has been looked at", async () => {
    const neighbour = await comeIn(yard.plan.tour.stewardId, "laptop");
    const mine = await comeIn(yard.plan.tour.residentId, "phone", `/board/cell/${home()}`);
    await put(mine, "蒸笼三层");
    const plate = cell(neighbour).getByRole("button", { name: /新添 1 样/ });
    await plate.click();
    await neighbour.getByText(/蒸笼三层 · 新/).waitFor();
    await neighbour.keyboard.press("Escape");
    await plate.waitFor({ state: "detached" });
  });

  test("[BD-50] a steward writes for a household, which sees in the history that it was done for it", async () => {
    const steward = await comeIn(yard.plan.tour.stewardId, "laptop", `/board/cell/${home()}`);
    await steward.getByText(/^代 .* 写/).waitFor();
    await put(steward, "轮椅一台");
    await saved(steward);
    const mine = await comeIn(yard.plan.tour.residentId, "phone", `/board/cell/${home()}`);
    await mine.getByRole("button", { name: "谁改过什么" }).click();
    await mine.getByText(/放上了“轮椅一台”/).waitFor();
    await mine.getByText(/代写/).first().waitFor();
  });

  test("[BD-56] who brings back too much at once reads how many seconds to wait", async () => {
    const page = await comeIn(yard.plan.tour.secondResidentId, "phone", `/board/cell/${home()}`);
    await put(page, "炒货机");
    await page
      .getByRole("button", { name: /炒货机/ })
      .first()
      .click();
    await page.getByRole("button", { name: "拿下来" }).click();
    await saved(page);
    await page.reload();
    await page.getByRole("button", { name: "谁改过什么" }).click();
    const whole = page.getByRole("button", { name: "整格回到这之前" }).first();
    await whole.waitFor();
    const [cookie] = await page.context().cookies();
    const elsewhere = await openSocket(yard.url, cookie?.value ?? "");
    const { every, burst } = restoreLimits.commands;
    for (let n = 0; n < 2 * burst; n++)
      await elsewhere.send("board.restore", { historyId: "no-such-change" });
    await whole.click();
    const said = await page.getByText(/^一下子恢复得太多了，歇 \d+ 秒再点。$/).innerText();
    expect(Number(/\d+/.exec(said)?.[0])).toBeLessThanOrEqual(every / 1_000);
    elsewhere.close();
  });

  test("[BD-25] letters are looked for while their dictionary is on its way", async () => {
    let letThrough: () => void = () => undefined;
    const mayPass = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const page = await comeInAskingFor("**/assets/readings-*.js", async (route) => {
      await mayPass;
      await route.continue();
    });
    await page.getByRole("searchbox").fill("lsd");
    await page.getByText("正在找…").waitFor();
    expect(await page.getByText(/没有找到|找到 0 样/).count()).toBe(0);
    letThrough();
    await page.getByText(/^找到 [1-9]\d* 样/).waitFor();
  });

  test("[BD-25] where the dictionary cannot be had it says so, and characters still find", async () => {
    // With a connection a part that is missing means a new version, and the page is opened anew.
    const page = await comeInAskingFor("**/assets/readings-*.js", (route) => route.abort());
    await page.getByRole("searchbox").fill("螺丝刀");
    await page.getByText(/^找到 [1-9]\d* 样/).waitFor();
    await page.context().setOffline(true);
    await page.getByText("没连上", { exact: true }).waitFor();
    await page.getByRole("searchbox").fill("lsd");
    await page.getByText("拼音这会儿查不了，写汉字试试。").waitFor();
    expect(await page.getByText(/没有找到|找到 0 样/).count()).toBe(0);
    await page.getByRole("searchbox").fill("螺丝刀");
    await page.getByText(/^找到 [1-9]\d* 样/).waitFor();
  });

  test.each(["/board", "cell", "lists"])(
    "[BD-82] %s fits 320 px and large text, and keeps nobody out",
    async (name) => {
      const path =
        name === "cell"
          ? `/board/cell/${home()}`
          : name === "lists"
            ? `/board/lists/${await boardId()}`
            : name;
      const page = await comeIn(yard.plan.tour.residentId, "phone", path);
      await page.setViewportSize({ width: 320, height: 640 });
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "150%";
      });
      expect(await overflow()).toBeLessThanOrEqual(0);
      expect(await axe(page)).toEqual([]);
    },
  );

  /** A resident at the board, whose requests for some files the test answers: none of them by a service worker. */
  async function comeInAskingFor(files: string, answer: (route: Route) => Promise<void>) {
    const page = await browser.comeIn({ screen: "phone", baseURL: yard.url });
    await yard.signIn(page.context(), yard.plan.tour.residentId);
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
    await page.route(files, answer);
    await page.goto("/board");
    await page.getByText("已连上").waitFor();
    return page;
  }

  async function boardId(): Promise<string> {
    const courtyardId = yard.plan.courtyards[0]?.id ?? "";
    return (await yard.app.boards.ofCourtyard(courtyardId))[0]?.id ?? "";
  }
});
