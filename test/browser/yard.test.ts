import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demoForFile, hold } from "./neighbours.ts";
import { waitForScene } from "./wall-time.ts";

const { yard, come, wall, stranger, neighbour, householdOf } = demoForFile();

const putUp = async (page: Page, title: string): Promise<void> => {
  await page.getByLabel("是什么").last().fill(title);
  await page.getByRole("button", { name: "放上去" }).click();
  await page.getByText(/^已存好/).waitFor();
};
const cellOf = (page: Page, householdId: string) => page.locator(`article[data-household="${householdId}"]`);
const channel = (page: Page) => page.getByRole("textbox", { name: "说给全院听" });

describe("two residents and the wall at once", { timeout: 120_000 }, () => {
  test("[UI-20] what a resident puts up hangs on the neighbour's board and on the wall", async () => {
    const { residentId } = yard().plan.tour;
    const home = householdOf(residentId);
    const mine = await come(residentId, "phone", `/board/cell/${home}`);
    const theirs = await come(neighbour(), "laptop", "/board");
    const screen = await wall();
    await cellOf(theirs, home).waitFor();
    await putUp(mine, "竹梯子一架");
    await cellOf(theirs, home).getByText("竹梯子一架").waitFor();
    await waitForScene(screen, "竹梯子一架");
    const heading = await screen.getByRole("heading").first().textContent();
    expect(heading).toMatch(/^这周新添|单元$/);
  });

  test("[UI-22, INV-9] a vote is told, cast, closed and revealed in the same numbers on phone, laptop and wall", async () => {
    const { residentId, facilitatorId, stewardId } = yard().plan.tour;
    const question = "大门口的灯要不要换成感应的";
    const lead = await come(facilitatorId, "laptop", "/facilitate");
    const screen = await wall();
    const phone = await come(residentId, "phone", "/votes");
    const other = await come(neighbour(), "phone", "/votes");
    const third = await come(stewardId, "phone", "/votes");
    await open(lead, question);
    for (const [page, choice] of [
      [phone, "赞同"],
      [other, "反对"],
      [third, "赞同"],
    ] as const) {
      await page.getByRole("link", { name: new RegExp(question) }).click();
      await page.getByLabel(choice).check();
      await page.getByRole("button", { name: "投票", exact: true }).click();
      await page.getByText("回执").waitFor();
    }
    for (const page of [phone, other, lead]) await page.getByText("已投 3 / 148 户").first().waitFor();
    await waitForScene(screen, question);
    await screen.getByText("名册上 148 户").waitFor();
    expect(await screen.getByRole("main").textContent()).toContain("3 户已投");
    expect(await screen.getByRole("main").textContent()).not.toMatch(/(赞同|反对) ?\d|%/);
    await lead.getByRole("button", { name: "在场的都投完了" }).click();
    await hold(lead, "收票");
    await phone.getByText("收票了，等主持人公布。").waitFor();
    await screen.getByText("148 户里投了 3 户").waitFor();
    await hold(lead, "公布");
    for (const page of [phone, other, lead, screen]) {
      await page.getByText("通过了：赞同 2 户，反对 1 户").first().waitFor();
      for (const share of ["66.7%", "33.3%"]) await page.getByText(share).first().waitFor();
    }
  });

  test("[UI-21, INV-7] a message, an edit and a vote arrive while somebody writes, and take nothing away", async () => {
    const { residentId, facilitatorId } = yard().plan.tour;
    const other = neighbour();
    const writing = await come(residentId, "phone", `/board/cell/${householdOf(residentId)}`);
    await writing.getByLabel("是什么").last().fill("写到一半的");
    await writing.getByLabel("备注").last().fill("钥匙在");
    // How much of the demonstration's talk is unread depends on the time of day.
    const unread = Number(
      /\d+/.exec((await writing.getByRole("link", { name: /聊天.*条没看/ }).textContent()) ?? "")?.[0],
    );
    const choosing = await come(residentId, "phone", `/votes/${openVote()}`);
    await choosing.getByRole("radio").nth(2).check();

    const talking = await come(other, "laptop", "/chat");
    await channel(talking).fill("哪家有冲击钻？借一下午");
    await channel(talking).press("Enter");
    await talking.goto(`/board/cell/${householdOf(other)}`);
    await putUp(talking, "搪瓷茶缸");
    await talking.goto(`/votes/${openVote()}`);
    await talking.getByRole("radio").first().check();
    await talking.getByRole("button", { name: "投票", exact: true }).click();
    await talking.getByText("回执").waitFor();
    const lead = await come(facilitatorId, "laptop", "/facilitate");
    await open(lead, "楼道里能不能停电瓶车");

    await choosing.getByText("已投 62 / 148 户").waitFor();
    expect(await choosing.getByRole("radio").nth(2).isChecked()).toBe(true);
    // All of it is here: what was written before the neighbour's edit comes after it on the same line.
    await writing.getByRole("link", { name: new RegExp(`聊天.*${unread + 1} 条没看`) }).waitFor();
    expect(await writing.getByLabel("是什么").last().inputValue()).toBe("写到一半的");
    expect(await writing.getByLabel("备注").last().inputValue()).toBe("钥匙在");
    expect(await writing.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    await writing.getByRole("link", { name: /聊天/ }).click();
    await writing.getByText("哪家有冲击钻？借一下午").waitFor();
    await writing.goBack();
    await writing.getByRole("button", { name: "放上去" }).waitFor();
    expect(await writing.getByLabel("是什么").last().inputValue()).toBe("写到一半的");
  });

  test("[UI-28] from the officer's spreadsheet to a neighbour's first thing on the board", async () => {
    const { officerId } = yard().plan.tour;
    const office = await come(officerId, "laptop", "/office/tables");
    const table = (rows: string) => ({ name: "住户表.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
    const file = office.locator("input[type=file]");
    await file.setInputFiles(
      table("楼栋,单元,房号,面积\n９栋,1单元,101,90\n9,1,102,九十\n9-1-0201,,,88.2\n"),
    );
    await office.getByText("面积认不出来").waitFor();
    expect(await office.getByRole("button", { name: "确认导入" }).isDisabled()).toBe(true);
    await office.getByRole("button", { name: "换个文件" }).click();
    await file.setInputFiles(table("楼栋,单元,房号,面积\n９栋,1单元,101,90\n9,1,102,90.5\n"));
    await office.getByText("新添 2 户").waitFor();
    await office.getByRole("button", { name: "确认导入" }).click();
    await office.getByText("2 户住进院坝了").waitFor();
    const added = await yard()
      .app.storage.db.selectFrom("households")
      .innerJoin("buildings", "buildings.id", "households.building_id")
      .select(["households.id", "households.door"])
      .where("buildings.name", "=", "9")
      .orderBy("households.door")
      .execute();
    expect(added.map(({ door }) => door)).toEqual(["101", "102"]);
    const home = added[0]?.id ?? "";
    const phone = await stranger("phone");
    await phone.goto(`/j/${await yard().slipOf(home)}`);
    await phone.getByLabel("邻居怎么叫你").fill("刚搬来的");
    await phone.getByRole("button", { name: "进院坝" }).click();
    await phone.getByRole("link", { name: "我家的格子" }).click();
    await putUp(phone, "冰粉架子");
    const theirs = await come(neighbour(), "laptop", "/board");
    await cellOf(theirs, home).getByText("冰粉架子").waitFor();
  });
});

const openVote = (): string => yard().plan.proposals.find(({ state }) => state === "open")?.id ?? "";

async function open(lead: Page, question: string): Promise<void> {
  await lead.getByRole("button", { name: "写个提案" }).click();
  await lead.getByLabel("问大家什么").fill(question);
  await lead.getByRole("button", { name: "放进议程" }).click();
  await lead.getByRole("heading", { name: question }).waitFor();
  await hold(lead, "开始");
}
