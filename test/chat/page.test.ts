import type { Page, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axe, browserForFile } from "../services/browser.ts";
import { until } from "../services/until.ts";
import { openStage, type Stage } from "./stage.ts";

const browser = browserForFile();
const composer = (page: Page) => page.getByRole("textbox", { name: "说给全院听" });
const say = async (page: Page, text: string) => {
  // A sheet that is about to close still keeps the keys from what is behind it.
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await composer(page).fill(text);
  await page.getByRole("button", { name: "发出去" }).click();
};
const words = (page: Page, text: string) => page.getByRole("article").filter({ hasText: text });
const shot = (page: Page, name: string) =>
  process.env.SHOTS ? page.screenshot({ path: `${process.env.SHOTS}/${name}.png` }) : undefined;

/** Chromium's own "offline" leaves WebSockets alone, so the test holds the line itself. */
async function breakableLine(page: Page) {
  const open = new Set<WebSocketRoute>();
  let whole = true;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    if (!whole) return void socket.close();
    socket.connectToServer();
    open.add(socket);
  });
  return {
    cut: () => {
      whole = false;
      for (const socket of open) void socket.close();
      open.clear();
    },
    mend: () => {
      whole = true;
    },
  };
}

describe("the chat in the browser", () => {
  let stage: Stage;
  let fisher: Awaited<ReturnType<Stage["person"]>>;
  let gardener: typeof fisher;
  let steward: typeof fisher;
  beforeAll(async () => {
    stage = await openStage();
    fisher = await stage.person(0, "三楼的钓鱼哥");
    gardener = await stage.person(1, "爱种菜的");
    steward = await stage.person(2, "3 栋的楼栋长", "steward");
    const day = 86_400_000;
    const start = Date.now() - 6 * day;
    await stage.tellHistory(
      Array.from({ length: 160 }, (_, n) => ({
        author: n % 3 ? fisher : gardener,
        text:
          n % 7 ? `第 ${n + 1} 句：坝子头的桂花开了` : `第 ${n + 1} 句：哪家有人字梯？借半天，用完擦干净还。`,
        at: start + n * 3_000_000,
      })),
    );
    await stage.hasSeen(fisher, 20);
    await stage.hasSeen(gardener, 160);
    await stage.hasSeen(steward, 160);
  });
  afterAll(() => stage?.close());

  const enter = async (who: typeof fisher, screen: "phone" | "laptop" = "phone") => {
    const page = await browser.comeIn({ screen });
    await stage.enter(page, who);
    return page;
  };

  it("[CH-5, CH-6] opens where reading stopped, reads on in both directions and moves the mark", async () => {
    const page = await enter(fisher);
    await page.getByText("下面是新的").waitFor();
    await page.locator("[data-seq='11']").waitFor({ state: "attached" });
    await page.getByRole("button", { name: /还有 \d+ 条新的/ }).waitFor();
    await shot(page, "phone-unread");
    await page.getByRole("button", { name: /还有 \d+ 条新的/ }).click();
    await page.getByText("第 160 句").waitFor();
    const channelId = await stage.channel();
    await until("the mark is at the end", async () => {
      const row = stage.app.storage.db
        .selectFrom("channel_marks")
        .select("seen_seq")
        .where("channel_id", "=", channelId)
        .where("resident_id", "=", fisher.residentId);
      return (await row.executeTakeFirst())?.seen_seq === 160;
    });
    // Older words come above without moving what is on the screen.
    const held = Number(await page.locator("[data-seq]").first().getAttribute("data-seq"));
    expect(held).toBeGreaterThan(1);
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator(`[data-seq='${held - 1}']`).waitFor({ state: "attached" });
    const box = await page.locator(`[data-seq='${held}']`).boundingBox();
    const first = box?.y ?? Number.NEGATIVE_INFINITY;
    expect(first).toBeGreaterThan(-200);
    expect(first).toBeLessThan(800);
  });

  it("[CH-16, CH-17, CH-19, CH-21, INV-7] words and typing travel, and what is being written is left alone", async () => {
    const [one, other] = [await enter(fisher), await enter(gardener, "laptop")];
    await other.getByText("第 160 句").waitFor();
    await composer(one).fill("我写到一半");
    await other.getByText("1 栋有邻居正在写…").waitFor();
    await composer(other).fill("水管漏了，https://example.cn/a，哪个会修？");
    await composer(other).press("Enter");
    await words(one, "水管漏了").waitFor();
    await one.getByText("2 个邻居在看").waitFor();
    const link = words(one, "水管漏了").getByRole("link");
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(await link.getAttribute("href")).toBe("https://example.cn/a");
    expect(await words(one, "水管漏了").textContent()).toContain("〔example.cn〕，哪个会修");
    expect(await composer(one).inputValue()).toBe("我写到一半");
    await one.reload();
    await composer(one).waitFor();
    expect(await composer(one).inputValue()).toBe("我写到一半");
    await one.getByRole("button", { name: "发出去" }).click();
    await words(other, "我写到一半").waitFor();
    expect(await composer(one).inputValue()).toBe("");
    await shot(one, "phone-end");
    await shot(other, "laptop-end");
  });

  it("[CH-20, CH-22] what is said without a line waits, goes out once, and nothing missed is missing", async () => {
    const one = await browser.comeIn({ screen: "phone" });
    const line = await breakableLine(one);
    await stage.enter(one, fisher);
    const other = await enter(gardener, "laptop");
    await words(one, "我写到一半").waitFor();
    line.cut();
    await one.getByText("没连上").first().waitFor();
    await say(one, "断网时说的");
    await one.getByText("连上就发").waitFor();
    await shot(one, "phone-offline");
    for (let n = 1; n <= 4; n += 1) await say(other, `你不在时的第 ${n} 句`);
    await words(other, "你不在时的第 4 句").waitFor();
    line.mend();
    // An attempt that began while the line was cut may hang until Socket.IO gives it up after 20 seconds.
    await words(other, "断网时说的").waitFor({ timeout: 40_000 });
    for (let n = 1; n <= 4; n += 1) await words(one, `你不在时的第 ${n} 句`).waitFor();
    await words(one, "断网时说的").waitFor();
    await until("it stands there once", async () => (await words(one, "断网时说的").count()) === 1);
    expect(await words(other, "断网时说的").count()).toBe(1);
  }, 90_000);

  it("[CH-8, CH-9, CH-14] edit, take back, report, decide and a break, each seen by the others at once", async () => {
    const [one, other, third] = [await enter(fisher), await enter(gardener), await enter(steward, "laptop")];
    await say(one, "便宜卖保健品");
    await words(other, "便宜卖保健品").waitFor();
    await words(other, "便宜卖保健品")
      .getByRole("button", { name: /这一条/ })
      .click();
    await other.getByRole("button", { name: "这条不合适" }).click();
    await other.getByText("广告").click();
    await shot(other, "phone-report");
    await other.getByRole("button", { name: "告诉楼栋长" }).click();
    await other.getByText("有邻居标了「广告」，先遮住，等楼栋长看过。").waitFor();
    expect(await other.getByText("便宜卖保健品").count()).toBe(0);
    await one.getByText("别往心里去", { exact: false }).waitFor();
    await third.getByText("有 1 条等你看一看").waitFor();
    await third.getByRole("button", { name: "看一看" }).click();
    const sheet = third.getByRole("dialog");
    await sheet.getByText("便宜卖保健品").waitFor();
    await shot(third, "laptop-waiting");
    await sheet.getByRole("button", { name: "收走" }).click();
    await sheet.getByText("都看过了").waitFor();
    await sheet.locator("header").getByRole("button", { name: "关上" }).click();
    await other.getByText("这一条收走了（广告）。").waitFor();

    await say(one, "明天八点集合");
    await words(one, "明天八点集合")
      .getByRole("button", { name: /这一条/ })
      .click();
    await one.getByRole("button", { name: /改一改/ }).click();
    await one.getByRole("textbox", { name: "改成" }).fill("明天九点集合");
    await one.getByRole("button", { name: "改好了" }).click();
    await words(other, "明天九点集合").getByText("改过").waitFor();
    await words(one, "明天九点集合")
      .getByRole("button", { name: /这一条/ })
      .click();
    await shot(one, "phone-menu");
    await one.getByRole("button", { name: "撤回" }).click();
    await other.getByText("三楼的钓鱼哥 撤回了一条消息").waitFor();

    await say(one, "还要卖");
    await words(third, "还要卖")
      .getByRole("button", { name: /这一条/ })
      .click();
    await third.getByRole("button", { name: "请对方先歇一歇" }).click();
    await third.getByRole("textbox", { name: "原因" }).fill("广告先停一停");
    await third.getByRole("button", { name: "就这样" }).click();
    await one.getByText("楼栋长说：广告先停一停", { exact: false }).waitFor();
    await composer(one).fill("我还想说");
    expect(await one.getByRole("button", { name: "发出去" }).isDisabled()).toBe(true);
    await shot(one, "phone-muted");
  });

  it("[CH-7] who sends too fast is told so, and sends the same words again", async () => {
    const page = await enter(gardener);
    // However slow the machine is: by the server's clock all is said at the same moment.
    stage.stopClock();
    for (let n = 1; n <= 7; n += 1) await say(page, `快 ${n}`);
    await page.getByText("说得有点快", { exact: false }).first().waitFor();
    stage.startClock();
    await shot(page, "phone-failed");
    await until("all are sent", async () => {
      const again = page.getByRole("button", { name: "再发一次" }).first();
      if (await again.isVisible()) await again.click();
      return (await page.getByText("快 7").count()) === 1 && !(await again.isVisible());
    });
    expect(await words(page, "快 6").count()).toBe(1);
  });

  it("[CH-1] has no serious barrier in either language, small or large, and fits 320 px", async () => {
    const page = await enter(steward);
    expect(await axe(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.evaluate(() => localStorage.setItem("yuanba.language", "en"));
    await page.reload();
    await page.getByRole("textbox", { name: "Say to Courtyard" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await shot(page, "phone-en");
  });
});
