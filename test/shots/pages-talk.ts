import type { Shot } from "./shot.ts";
import { button, go, settle } from "./steps.ts";
import type { Look } from "./studio.ts";

const vote = (state: "open" | "revealed") => async (look: Look) => {
  const proposal = look.yard.plan.proposals.find((one) => one.state === state);
  await go(look, `/votes/${proposal?.id}`);
};

const firstLink = async (look: Look, path: string): Promise<void> => {
  await look.page.goto(`${look.empty.url}${path}`);
  await settle(look);
};

export const talkShots: readonly Shot[] = [
  { name: "landing", who: "stranger", arrive: (look) => go(look, "/") },
  { name: "join-code", who: "stranger", arrive: (look) => go(look, "/j") },
  {
    name: "join-code-wrong",
    who: "stranger",
    arrive: async (look) => {
      await go(look, "/j");
      await look.page.getByRole("textbox").fill("00000-00000");
      await button(look, "join:code.open").click();
      await look.page.getByText(look.words("join:code.refusedTitle")).waitFor();
    },
  },
  {
    name: "join",
    who: "stranger",
    arrive: async (look) => {
      const { plan } = look.yard;
      const own = plan.residents.find(({ id }) => id === plan.tour.residentId);
      await go(look, `/j/${await look.yard.slipOf(own?.householdId ?? "")}`);
      await look.page.getByLabel(look.words("join:slip.name")).waitFor();
    },
  },
  {
    name: "sign-in",
    who: "stranger",
    arrive: async (look) => {
      await go(look, new URL((await look.yard.links()).facilitator).pathname);
      await look.page.getByLabel(look.words("join:password.label"), { exact: true }).waitFor();
    },
  },
  {
    name: "first-officer",
    who: "stranger",
    arrive: (look) => firstLink(look, new URL(look.empty.firstLink).pathname),
  },
  { name: "not-found", who: "resident", arrive: (look) => go(look, "/nowhere") },
  { name: "votes", who: "voter", arrive: (look) => go(look, "/votes") },
  { name: "vote-open", who: "voter", arrive: vote("open") },
  {
    name: "vote-cast",
    who: "voter",
    arrive: async (look) => {
      await vote("open")(look);
      await look.page.getByRole("radio").first().check();
      await button(look, "votes:cast").click();
      await look.page.getByText(look.words("votes:mine.receipt")).first().waitFor();
    },
  },
  { name: "vote-result", who: "resident", arrive: vote("revealed") },
  { name: "chat", who: "resident", windowOnly: true, arrive: (look) => go(look, "/chat") },
  {
    name: "chat-building",
    who: "resident",
    windowOnly: true,
    arrive: async (look) => {
      const { plan } = look.yard;
      const own = plan.residents.find(({ id }) => id === plan.tour.residentId);
      const home = plan.households.find(({ id }) => id === own?.householdId);
      const name = plan.buildings.find(({ id }) => id === home?.buildingId)?.name ?? "";
      await go(look, "/chat");
      await look.page.getByText(look.words("chat:building", { name }), { exact: true }).first().click();
      await settle(look);
    },
  },
  { name: "home", who: "resident", arrive: (look) => go(look, "/home") },
  { name: "home-facilitator", who: "facilitator", arrive: (look) => go(look, "/home") },
  { name: "home-officer", who: "officer", arrive: (look) => go(look, "/home") },
  {
    name: "home-elder",
    who: "resident",
    arrive: async (look) => {
      await look.page.addInitScript(() => localStorage.setItem("yuanba.preferences", '{"size":"elder"}'));
      await go(look, "/home");
    },
  },
  {
    name: "board-elder",
    who: "resident",
    windowOnly: true,
    screens: ["phone"],
    arrive: (look) => go(look, "/board"),
  },
];
