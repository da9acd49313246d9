import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addItem } from "../../shared/board/rules.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import type { Result } from "../../shared/wire/result.ts";
import { openSocket, type SocketClient } from "../server/socket-client.ts";
import { openYard, type Yard } from "../server/yard.ts";
import { axe, browserForFile } from "../services/browser.ts";
import { until } from "../services/until.ts";

const { comeIn } = browserForFile();

/** The value of an answer; a refusal fails the test. */
async function agreed<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

describe("a screen in a real browser", () => {
  let yard: Yard;
  let lead: SocketClient;
  let neighbour: SocketClient;
  beforeAll(async () => {
    yard = await openYard();
    lead = await openSocket(yard.url, (await yard.resident(null, ["facilitator"])).token);
    neighbour = await openSocket(yard.url, (await yard.resident("1-1-101")).token);
  });
  afterAll(async () => {
    lead?.close();
    neighbour?.close();
    await yard?.close();
  });

  const list = (title: string, itemId: string) =>
    yard.app.rooms.edit(
      yard.boardId,
      { residentId: "writer-of-things", displayName: "写东西的人", householdId: null, door: null },
      (doc) => {
        const fields = { title, category: "tools", note: "只跟王姐说", quantity: 2 };
        if (addItem(doc, yard.household("1-1-101"), itemId, fields)) throw new Error("refused");
      },
    );

  const shownCode = async (page: Awaited<ReturnType<typeof comeIn>>): Promise<string> => {
    const text = await page.getByText(/配对码 [0-9A-Z]{4} ?[0-9A-Z]{4}/).innerText();
    return text.replace(/配对码|\s/g, "");
  };

  test("[KI-1][KI-8][KI-14][KI-22][KI-23][KI-28][PR-6] it is paired, shows the board, the vote and the result, and goes back to its code", {
    timeout: 120_000,
  }, async () => {
    const page = await comeIn({ screen: "wall", baseURL: yard.url });
    await page.goto("/kiosk");
    const code = await shownCode(page);
    expect(await axe(page)).toEqual([]);
    const { courtyardId } = yard;
    const { kioskId } = await agreed(lead.send("kiosk.pair", { code, courtyardId, name: "大门口" }));
    await page.getByText("家里用得上、别人也用得上的").waitFor();
    expect((await page.context().cookies()).find(({ name }) => name === "yuanba_session")).toMatchObject({
      httpOnly: true,
      sameSite: "Lax",
    });

    await list("螺丝刀", "item-1");
    await page.getByText("这周新添 1 样").waitFor({ timeout: 30_000 });
    await page.reload();
    await page.getByRole("heading", { name: "1 栋 1 单元" }).waitFor({ timeout: 30_000 });
    await page.getByText("螺丝刀").waitFor();
    expect(await page.locator("main").innerText()).not.toContain("王姐");
    await list("梯子", "item-2");
    await page.getByText("梯子").waitFor();
    expect(await axe(page)).toEqual([]);

    const proposalId = "proposal-at-the-gate";
    const draft = { question: "花台边那块空地先弄啥子", body: "", kind: "yes-no-abstain" as const };
    await agreed(lead.send("proposal.write", { proposalId, ...draft, options: [], rule: defaultRule }));
    await agreed(lead.send("proposal.open", { proposalId, ending: { afterSeconds: 120 } }));
    await page.getByRole("heading", { name: draft.question }).waitFor();
    await page.getByText("名册上 12 户").waitFor();
    const ballot = { ballotId: "ballot-1-1-101", proposalId, round: 1, optionId: "yes" };
    await agreed(neighbour.send("ballot.cast", ballot));
    await until("the turnout is shown", async () =>
      (await page.locator("main").innerText()).replace(/\s/g, "").includes("1户已投"),
    );
    await page.getByText("赞同比反对多就通过，弃权不算").waitFor();
    // What can be chosen, and nothing of how often it was.
    const choices = await page.locator("main").getByRole("listitem").allInnerTexts();
    expect(choices).toEqual(["赞同", "反对", "弃权"]);
    expect(await page.locator("main").innerText()).not.toContain("%");
    expect(await axe(page)).toEqual([]);
    await agreed(lead.send("proposal.call-last", { proposalId, round: 1 }));
    await page.getByText("最后提醒").waitFor();
    await agreed(lead.send("proposal.close", { proposalId, round: 1, reason: "都投完了" }));
    await page.getByText("等主持人公布结果").waitFor();
    await agreed(lead.send("proposal.reveal", { proposalId, round: 1 }));
    await page.getByText("通过了：赞同 1 户，反对 0 户").waitFor();
    expect(await axe(page)).toEqual([]);

    await page.context().setOffline(true);
    yard.app.rooms.closeResident("nobody", "restart");
    await agreed(lead.send("kiosk.unpair", { kioskId }));
    await page.getByText(/断线了，画面停在 \d\d:\d\d/).waitFor({ timeout: 20_000 });
    await page.getByText("通过了：赞同 1 户，反对 0 户").waitFor();
    await page.context().setOffline(false);
    expect(await shownCode(page)).not.toBe(code);
    const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => /wall/.test(key)));
    await until(
      "nothing of the courtyard is kept",
      async () =>
        kept.length === 0 ||
        page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith("yuanba.wall"))),
    );
  });

  test("[KI-34] a browser in which a person is signed in becomes a screen only when they say so", async () => {
    const { token } = await yard.resident("1-1-201");
    const page = await comeIn({ screen: "wall", baseURL: yard.url });
    await page.context().addCookies([{ name: "yuanba_session", value: token, url: yard.url }]);
    await page.goto("/kiosk");
    await page.getByRole("button", { name: "退出账号，当大屏用" }).click();
    expect(await shownCode(page)).toMatch(/^[0-9A-Z]{8}$/);
    expect(await yard.app.sessions.byToken(token)).toBeNull();
  });

  test("[KI-35] the QR of a new screen leads a facilitator to a form with its code, and they take it down again", async () => {
    const page = await comeIn({ screen: "wall", baseURL: yard.url });
    await page.goto("/kiosk?lang=en");
    const shown = await page.getByText(/Pairing code [0-9A-Z]{4} ?[0-9A-Z]{4}/).innerText();
    const code = shown.replace(/Pairing code|\s/g, "");
    const phone = await comeIn({ screen: "phone", baseURL: yard.url });
    const { token } = await yard.resident(null, ["facilitator"]);
    await phone.context().addCookies([{ name: "yuanba_session", value: token, url: yard.url }]);
    await phone.goto(`/screens#${code}`);
    expect(await phone.getByLabel("屏上的配对码").inputValue()).toBe(code);
    await phone.getByRole("button", { name: "挂上去" }).click();
    await phone.getByText("起个名字，好认。").waitFor();
    await phone.getByLabel("给这块屏起个名字").fill("活动室");
    await phone.getByRole("button", { name: "挂上去" }).click();
    await phone.getByRole("heading", { name: "活动室" }).waitFor();
    expect(await axe(phone)).toEqual([]);
    await page.getByText("Scan to join").or(page.getByText("Scan to see")).first().waitFor();
    const row = phone.getByRole("listitem").filter({ hasText: "活动室" });
    await row.getByRole("button", { name: "取下来" }).click();
    await phone.getByRole("button", { name: "再点一下，真的取下" }).click();
    await page.getByText(/Pairing code/).waitFor();
    await phone.getByRole("heading", { name: "活动室" }).waitFor({ state: "detached" });
  });

  test("[KI-7] someone without the ability is told whom to ask", async () => {
    const phone = await comeIn({ screen: "phone", baseURL: yard.url });
    const { token } = await yard.resident("1-1-301");
    await phone.context().addCookies([{ name: "yuanba_session", value: token, url: yard.url }]);
    await phone.goto("/screens");
    await phone.getByText("大屏归主持人和社区工作人员管").waitFor();
  });
});
