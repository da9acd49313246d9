import { describe, expect, test } from "vitest";
import { axe } from "../services/browser.ts";
import { demoForFile, sideways } from "./neighbours.ts";

const { yard, come, householdOf } = demoForFile();

describe("who looks after neighbours", { timeout: 120_000 }, () => {
  test("[ID-33] finds one of any building by name, by pinyin and by door, and hears when there is nobody", async () => {
    const { plan } = yard();
    const page = await come(plan.tour.officerId, "phone", "/people");
    const people = page.getByRole("main").getByRole("listitem");
    const search = page.getByRole("searchbox", { name: "找邻居" });

    // Somebody who does not live in the building on show.
    const far = plan.households.findLast(({ id }) => plan.residents.some((one) => one.householdId === id));
    const neighbour = plan.residents.find(({ householdId }) => householdId === far?.id);
    if (!far || !neighbour) throw new Error("the demo has no neighbours");
    await search.fill(far.label);
    await people.filter({ hasText: far.label }).filter({ hasText: neighbour.displayName }).waitFor();
    expect(await people.allInnerTexts()).toSatisfy((all: string[]) =>
      all.every((text) => text.includes(far.label)),
    );
    await search.fill(neighbour.displayName);
    await people.filter({ hasText: neighbour.displayName }).first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);

    const lives = new Set(plan.residents.map(({ householdId }) => householdId));
    const empty = plan.households.find(({ id }) => !lives.has(id));
    await search.fill(empty?.label ?? "");
    await page.getByText(`${empty?.label} 还没有人进来`).waitFor();
    await search.fill("没得这个人");
    await page.getByText("没有找到“没得这个人”").waitFor();
    expect(await people.count()).toBe(0);
    await search.press("Escape");
    await page.getByText(/^认得的邻居 · \d+ 位$/).waitFor();
  });

  test("[ID-33] a steward finds those of their own buildings, also by pinyin, and nobody else", async () => {
    const { plan } = yard();
    const page = await come(plan.tour.stewardId, "phone", "/people");
    const search = page.getByRole("searchbox", { name: "找邻居" });
    const mine = plan.households.find(({ id }) => id === householdOf(plan.tour.stewardId));
    const other = plan.households.find(({ label }) => label.split("-")[0] !== mine?.label.split("-")[0]);
    await search.fill(other?.label ?? "");
    await page.getByText(`没有找到“${other?.label}”`).waitFor();
    await search.fill("w");
    await page.getByText(/^找到 [1-9]\d* 位$/).waitFor();
  });
});
