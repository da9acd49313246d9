import type { Shot } from "./shot.ts";
import { button, go, settle } from "./steps.ts";
import type { Look } from "./studio.ts";

const ownCell = ({ yard: { plan } }: Look): string =>
  plan.residents.find(({ id }) => id === plan.tour.residentId)?.householdId ?? "";

const neighbourOf = (look: Look) => {
  const { households, items } = look.yard.plan;
  const own = households.find(({ id }) => id === ownCell(look));
  const found = households.find(
    ({ id, unitId }) =>
      unitId === own?.unitId && id !== own.id && items.some(({ householdId }) => householdId === id),
  );
  if (!found) throw new Error("the resident has no neighbour who lends");
  return found;
};

const openNeighbour = async (look: Look): Promise<void> => {
  await go(look, "/board");
  await look.page
    .locator(`[data-household="${neighbourOf(look).id}"] button`)
    .first()
    .click();
  await look.page
    .getByRole("button", { name: look.words("ui:close") })
    .first()
    .waitFor();
};

const search = (query: string) => async (look: Look) => {
  await go(look, "/board");
  await look.page.getByRole("searchbox").fill(query);
  await look.page.getByText(look.words("board:search.waiting")).waitFor({ state: "detached" });
};

const history = async (look: Look): Promise<void> => {
  await button(look, "board:history.link").first().click();
  await look.page.getByText(look.words("board:history.loading")).waitFor({ state: "detached" });
};

export const boardShots: readonly Shot[] = [
  {
    name: "board",
    who: "resident",
    screens: ["phone", "laptop", "wall"],
    arrive: (look) => go(look, "/board"),
    windowOnly: true,
  },
  { name: "board-whole", who: "resident", arrive: (look) => go(look, "/board") },
  { name: "board-neighbour", who: "resident", arrive: openNeighbour, windowOnly: true },
  { name: "board-steward", who: "steward", arrive: openNeighbour, windowOnly: true },
  { name: "cell-own", who: "resident", arrive: (look) => go(look, `/board/cell/${ownCell(look)}`) },
  {
    name: "cell-editing",
    who: "resident",
    arrive: async (look) => {
      await go(look, `/board/cell/${ownCell(look)}`);
      await look.page
        .getByRole("button", { name: look.words("board:item.pressToEdit") })
        .first()
        .click();
    },
  },
  {
    name: "cell-refused",
    who: "resident",
    arrive: async (look) => {
      await go(look, `/board/cell/${ownCell(look)}`);
      await button(look, "board:item.put").click();
    },
  },
  {
    name: "cell-behalf",
    who: "steward",
    arrive: async (look) => {
      await openNeighbour(look);
      const { label } = neighbourOf(look);
      await look.page.getByRole("link", { name: look.words("board:cell.writeFor", { door: label }) }).click();
      await settle(look);
    },
  },
  {
    name: "history",
    who: "resident",
    windowOnly: true,
    arrive: async (look) => {
      await go(look, `/board/cell/${ownCell(look)}`);
      await history(look);
    },
  },
  { name: "search", who: "resident", arrive: search("lsd") },
  { name: "search-none", who: "resident", arrive: search("直升机") },
  {
    name: "lists",
    who: "resident",
    arrive: (look) => go(look, `/board/lists/${look.yard.plan.boards[0]?.id}`),
  },
  {
    name: "notice-writing",
    who: "officer",
    windowOnly: true,
    arrive: async (look) => {
      await go(look, "/board");
      if (look.screen === "phone")
        await look.page.getByRole("button", { name: look.words("board:notice.unfold") }).click();
      await look.page.getByRole("button", { name: look.words("board:notice.edit") }).click();
    },
  },
  {
    name: "offline",
    who: "resident",
    windowOnly: true,
    arrive: async (look) => {
      await go(look, `/board/cell/${ownCell(look)}`);
      await look.page.context().setOffline(true);
      await look.page.getByText(look.words("ui:offline")).waitFor();
    },
  },
];
