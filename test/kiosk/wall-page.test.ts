import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demoForFile, hold } from "../browser/neighbours.ts";
import { waitForScene } from "../browser/wall-time.ts";

const { yard, come, wall } = demoForFile();

/** Height of a module of the first QR on the page, in pixels. */
const module = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const code = document.querySelector<SVGSVGElement>("main svg[role=img]");
    return code ? code.getBoundingClientRect().height / code.viewBox.baseVal.height : 0;
  });

/** Labels and texts of the scene that reach beyond what holds them. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        "main section, main section ul, main section ul > li, main section li > div",
      ),
    ]
      .filter((box) => box.scrollHeight > box.clientHeight + 1)
      .map((box) => `${box.tagName} ${box.textContent?.slice(0, 40)}`),
  );

const upright = { width: 1080, height: 1920 };

describe("the wall of the demo", { timeout: 120_000 }, () => {
  test("[KI-36] a unit and what is new say which page of how many hangs, and that not everything new is listed", async () => {
    const screen = await wall();
    await waitForScene(screen, "样东西可以借");
    await screen.getByText(/^\d+ 样东西可以借 · 1 \/ 2$/).waitFor();
    await waitForScene(screen, "这周新添");
    await screen.getByText(/^先看最新的 24 样 · [123] \/ 3$/).waitFor();
  });

  test("[KI-37] the QR in its band can be read from five metres, on a screen that lies and on one that stands", async () => {
    const screen = await wall();
    await waitForScene(screen, "样东西可以借");
    expect(await module(screen)).toBeGreaterThanOrEqual(9);
    await screen.setViewportSize(upright);
    expect(await module(screen)).toBeGreaterThanOrEqual(9);
  });

  test("[KI-32] no label of a unit is cut off, on a screen that lies and on one that stands", async () => {
    const screen = await wall();
    await waitForScene(screen, "样东西可以借");
    for (const size of [{ width: 1920, height: 1080 }, upright]) {
      await screen.setViewportSize(size);
      for (let turn = 0; turn < 12; turn++) {
        await screen.clock.fastForward(15_000);
        await screen.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null))));
        expect(await cutOff(screen)).toEqual([]);
      }
    }
  });

  test("[UI-30] the facilitator sees the vote in the very scene the wall shows, until it is put away", async () => {
    const question = "门口要不要添一条长椅";
    const lead = await come(yard().plan.tour.facilitatorId, "laptop", "/facilitate");
    const screen = await wall();
    await lead.getByRole("button", { name: "写个提案" }).click();
    await lead.getByLabel("问大家什么").fill(question);
    await lead.getByRole("button", { name: "放进议程" }).click();
    await lead.getByText("还没开始投，大屏上看不到它。").waitFor();
    await hold(lead, "开始");
    const small = lead.getByRole("img", { name: `大屏上的样子：${question}` });
    await small.waitFor();
    await waitForScene(screen, question);
    const scene = (text: string | null) => (text ?? "").replace(/\d+:\d\d/g, "");
    const shown = async () => ({
      small: scene(await small.locator("section").textContent()),
      wall: scene(await screen.locator("main section").textContent()),
    });
    const open = await shown();
    expect(open.small).toBe(open.wall);
    const frame = await small.boundingBox();
    const inside = await small.locator("section").boundingBox();
    expect(inside?.width).toBeCloseTo(frame?.width ?? 0, 0);

    await lead.getByRole("button", { name: "在场的都投完了" }).click();
    await hold(lead, "收票");
    await small.getByText("等主持人公布结果").waitFor();
    await screen.getByText("等主持人公布结果").waitFor();
    await hold(lead, "公布");
    await screen.getByText("表决结果").waitFor();
    await small.getByText("表决结果").waitFor();
    const told = await shown();
    expect(told.small).toBe(told.wall);
  });
});
