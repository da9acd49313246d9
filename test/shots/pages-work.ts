import type { Shot } from "./shot.ts";
import { everywhere } from "./shot.ts";
import { button, go, hold, settle } from "./steps.ts";
import type { Look } from "./studio.ts";

/** A spreadsheet as offices have them: three rows to take and three that cannot be. */
const untidy = `楼栋,单元,房号,面积
3栋,2单元,501,86.5
９,1,101,90
9,1,102,九十
9,一单元,,80
9,1,101,95
9,1,201,88.2
`;

const write = async (look: Look, question: string): Promise<void> => {
  await button(look, "facilitate:write").click();
  await look.page.getByLabel(look.words("facilitate:question")).fill(question);
  await button(look, "facilitate:store").click();
  await look.page.getByRole("heading", { name: question }).waitFor();
};

const choose = (look: Look, group: "open" | "revealed" | "closed") =>
  look.page
    .getByRole("navigation", { name: look.words("facilitate:agenda") })
    .getByRole("button", { name: look.yard.plan.proposals.find(({ state }) => state === group)?.title ?? "" })
    .click();

const question = (look: Look, zh: string) => `${zh}${look.screen === "phone" ? "？" : "？大家说了算"}`;

const findNeighbour = (query: string) => async (look: Look) => {
  await go(look, "/people");
  await look.page.getByRole("searchbox").fill(query);
  const { words } = look;
  await look.page
    .getByText(words("people:find.none", { query }))
    .or(look.page.getByRole("listitem"))
    .first()
    .waitFor();
};

export const workShots: readonly Shot[] = [
  {
    name: "facilitate-open",
    who: "facilitator",
    screens: everywhere,
    arrive: async (look) => {
      await go(look, "/facilitate");
      await choose(look, "open");
    },
  },
  {
    name: "facilitate-result",
    who: "facilitator",
    screens: everywhere,
    arrive: async (look) => {
      await go(look, "/facilitate");
      await choose(look, "revealed");
    },
  },
  {
    name: "facilitate-new",
    who: "facilitator",
    windowOnly: true,
    arrive: async (look) => {
      await go(look, "/facilitate");
      await button(look, "facilitate:write").click();
      await button(look, "facilitate:store").click();
    },
  },
  {
    name: "facilitate-draft",
    who: "facilitator",
    screens: everywhere,
    arrive: async (look) => {
      await go(look, "/facilitate");
      await look.page.evaluate(() => localStorage.removeItem("yuanba.proposal-draft"));
      await go(look, "/facilitate");
      await write(look, question(look, "大门口的灯要不要换成感应的"));
    },
  },
  {
    name: "facilitate-closed",
    who: "facilitator",
    screens: everywhere,
    arrive: async (look) => {
      await hold(look, "facilitate:open");
      await button(look, "facilitate:reason.present").click();
      await hold(look, "facilitate:close");
      await settle(look);
    },
  },
  { name: "people", who: "steward", arrive: (look) => go(look, "/people") },
  { name: "people-found", who: "officer", arrive: findNeighbour("101") },
  { name: "people-none", who: "officer", arrive: findNeighbour("9-9-999") },
  { name: "screens", who: "facilitator", arrive: (look) => go(look, "/screens") },
  { name: "office", who: "officer", arrive: (look) => go(look, "/office") },
  { name: "office-tables", who: "officer", arrive: (look) => go(look, "/office/tables") },
  {
    name: "office-import",
    who: "officer",
    arrive: async (look) => {
      await go(look, "/office/tables");
      await look.page
        .locator("input[type=file]")
        .setInputFiles({ name: "住户表.csv", mimeType: "text/csv", buffer: Buffer.from(untidy) });
      await look.page.getByRole("table").first().waitFor();
    },
  },
  { name: "office-slips", who: "officer", arrive: (look) => go(look, "/office/slips") },
  { name: "office-helpers", who: "officer", arrive: (look) => go(look, "/office/helpers") },
  { name: "office-screens", who: "officer", arrive: (look) => go(look, "/office/screens") },
  { name: "office-courtyard", who: "officer", arrive: (look) => go(look, "/office/courtyard") },
  {
    name: "slips-sheet",
    who: "officer",
    arrive: async (look) => {
      await go(look, "/office/slips");
      await look.page.getByText(look.words("people:slips.all"), { exact: true }).click();
      await button(look, "people:slips.make").click();
      await button(look, "people:sheet.print").waitFor();
    },
  },
  {
    name: "slips-print",
    who: "officer",
    screens: ["laptop"],
    arrive: ({ page }) => page.emulateMedia({ media: "print" }),
  },
];
