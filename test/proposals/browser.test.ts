import { rm } from "node:fs/promises";
import type { Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../server/identity/sessions.ts";
import { openYard, type Yard } from "../server/yard.ts";
import { axe, browserForFile, type Visitor } from "../services/browser.ts";
import { makeScratch } from "../services/scratch.ts";

const browser = browserForFile();

describe("a vote in the browser", () => {
  let yard: Yard;
  let clientDir: string;
  const tokens = { lead: "", phone: "", otherPhone: "", neighbour: "" };

  beforeAll(async () => {
    clientDir = await makeScratch("client");
    await build({ logLevel: "silent", build: { outDir: clientDir, emptyOutDir: true } });
    yard = await openYard({ overrides: { clientDir } });
    tokens.lead = (await yard.resident(null, ["facilitator"])).token;
    tokens.phone = (await yard.resident("1-1-101")).token;
    const other = await yard.resident("1-1-101");
    await yard.app.storage.write(({ db }) =>
      db
        .updateTable("residents")
        .set({ display_name: "小雨爸" })
        .where("id", "=", other.residentId)
        .execute(),
    );
    tokens.otherPhone = other.token;
    tokens.neighbour = (await yard.resident("2-1-301")).token;
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
  const hold = async (page: Page, name: string): Promise<void> => {
    const button = page.getByRole("button", { name, exact: true });
    await button.hover();
    await page.mouse.down();
    // Held until what it does has happened: the button of the moment gives way to the next.
    await button.waitFor({ state: "detached" });
    await page.mouse.up();
  };
  const write = async (lead: Page, question: string): Promise<void> => {
    await lead.getByRole("button", { name: "写个提案" }).click();
    await lead.getByLabel("问大家什么").fill(question);
    await lead.getByRole("button", { name: "放进议程" }).click();
    await lead.getByRole("heading", { name: question }).waitFor();
  };

  test("[PR-6, PR-16, PR-25, PR-27] from the facilitator's laptop to three phones and back", async () => {
    const lead = await come(tokens.lead, "laptop", "/facilitate");
    const phone = await come(tokens.phone, "phone", "/votes");
    const otherPhone = await come(tokens.otherPhone, "phone", "/votes");
    const neighbour = await come(tokens.neighbour, "phone", "/votes");
    await phone.getByText("眼下没有要投的事").waitFor();

    await lead.getByRole("button", { name: "写个提案" }).click();
    await lead.getByRole("button", { name: "放进议程" }).click();
    await lead.getByText("先写要问大家什么。").waitFor();
    await lead.getByLabel("问大家什么").fill("院坝晾衣区怎么改");
    await lead.reload();
    await lead.getByRole("button", { name: "接着写没写完的" }).click();
    await expect(lead.getByLabel("问大家什么").inputValue()).resolves.toBe("院坝晾衣区怎么改");
    await lead.getByRole("button", { name: "放进议程" }).click();
    await lead.getByRole("heading", { name: "院坝晾衣区怎么改" }).waitFor();
    expect(await axe(lead)).toEqual([]);
    await hold(lead, "开始");

    for (const page of [phone, otherPhone, neighbour]) {
      await page.getByRole("link", { name: /院坝晾衣区怎么改/ }).click();
      await page.getByText("每户一票 · 收票前可改").waitFor();
      await page.getByText("赞同比反对多就通过，弃权不算").waitFor();
    }
    await phone.getByLabel("反对").check();
    // While the choice is being made, another vote arrives and the neighbour's ballot moves the turnout.
    await neighbour.getByLabel("赞同").check();
    await neighbour.getByRole("button", { name: "投票", exact: true }).click();
    await phone.getByText("已投 1 / 12 户").waitFor();
    expect(await phone.getByLabel("反对").isChecked()).toBe(true);
    expect(await axe(phone)).toEqual([]);
    await phone.getByRole("button", { name: "投票", exact: true }).click();
    await phone.getByText(/你替全家投了这一票/).waitFor();
    await phone.getByText("这部手机上投的是“反对”").waitFor();
    await lead.getByText("已投 2 / 12 户").first().waitFor();

    await otherPhone.getByText(/邻居 1-1-101替你家投了这一票/).waitFor();
    expect(await otherPhone.getByText("这部手机上投的是").count()).toBe(0);
    await otherPhone.getByLabel("赞同").check();
    await otherPhone.getByRole("button", { name: "改投这个" }).click();
    await otherPhone.getByText("这部手机上投的是“赞同”").waitFor();
    await otherPhone.getByText(/你替全家投了这一票/).waitFor();
    await phone.getByText("这部手机上投的是").waitFor({ state: "detached" });
    await phone.getByText(/小雨爸替你家投了这一票/).waitFor();

    // The neighbour thinks again, and the vote is closed meanwhile.
    await neighbour.getByLabel("弃权").check();
    await lead.getByRole("button", { name: "最后提醒" }).click();
    await neighbour.getByText("马上收票了，还没投的抓紧。").waitFor();
    await lead.getByRole("button", { name: "在场的都投完了" }).click();
    await hold(lead, "收票");
    await neighbour.getByText(/收票了，你这一票没赶上/).waitFor();
    await neighbour.getByText("你选的是“弃权”，没有投出去。").waitFor();
    await neighbour.getByText("你家之前投的那一票照算。").waitFor();
    await phone.getByText("收票了，等主持人公布。").waitFor();
    await hold(lead, "公布");
    for (const page of [lead, phone, otherPhone, neighbour]) {
      await page.getByText("通过了：赞同 2 户，反对 0 户").first().waitFor();
    }
    expect(await axe(phone)).toEqual([]);
    expect(await axe(lead)).toEqual([]);
  });

  test("[PR-7, PR-27] a ballot sent without a line is sent again by itself, and counts once", async () => {
    const lead = await come(tokens.lead, "laptop", "/facilitate");
    const phone = await come(tokens.phone, "phone", "/votes");
    await write(lead, "大门的灯换成感应的");
    await hold(lead, "开始");
    await phone.getByRole("link", { name: /大门的灯/ }).click();
    await phone.getByLabel("赞同").check();
    await phone.context().setOffline(true);
    await phone.getByRole("button", { name: "投票", exact: true }).click();
    await phone.getByRole("button", { name: "正在投…" }).waitFor();
    const vote = phone.url();
    // The tab is closed before any answer came; the paper stays on the phone.
    await phone.goto("about:blank");
    await phone.context().setOffline(false);
    await phone.goto(vote);
    await phone.getByText("这部手机上投的是“赞同”").waitFor();
    await lead.getByText("已投 1 / 12 户").first().waitFor();
  });

  test("[PR-17] no reason for closing early is put into the facilitator's mouth", async () => {
    const lead = await come(tokens.lead, "laptop", "/facilitate");
    await write(lead, "花台边种不种海棠");
    await hold(lead, "开始");
    const reason = lead.getByLabel("没到时间就收，原因是");
    await reason.waitFor();
    expect(await reason.inputValue()).toBe("");
    expect(await lead.getByRole("button", { name: "收票", exact: true }).isDisabled()).toBe(true);
    await lead.getByText("还没到时间：先选一句或写一句原因，才能收票。").waitFor();
    await lead.getByRole("button", { name: "大家商量好提前收" }).click();
    expect(await reason.inputValue()).toBe("大家商量好提前收");
    expect(await axe(lead)).toEqual([]);
    await hold(lead, "收票");
    await lead.getByText(/提前收的，因为：大家商量好提前收/).waitFor();
  });
});
