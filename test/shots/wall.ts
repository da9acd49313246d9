import { waitForScene } from "../browser/wall-time.ts";
import type { Shot } from "./shot.ts";
import { button, go, hold } from "./steps.ts";
import type { Look } from "./studio.ts";

const wall = ["wall"] as const;
const minute = 60_000;

/** A text of the wall without what varies in it: its longest constant part. */
const heart = (look: Look, key: string): string =>
  look
    .words(key, {}, "\n")
    .split("\n")
    .reduce((longest, part) => (part.length > longest.length ? part : longest), "")
    .trim();

const open = (look: Look) => go(look, `/kiosk?lang=${look.language}`);

const scene = (name: string, key: string): Shot => ({
  name: `wall-${name}`,
  who: "kiosk",
  screens: wall,
  windowOnly: true,
  arrive: (look) => waitForScene(look.page, heart(look, key)),
});

/** The question of the vote that is led for the wall's pictures. */
const gate = ({ language }: Look): string =>
  language === "en" ? "Shall the gate be locked at night?" : "晚上十一点以后大门锁不锁";

/** What hangs at once after the facilitator did something. */
const moment = (name: string, key: string, act: (lead: Look) => Promise<void>): Shot => ({
  name: `wall-${name}`,
  who: "kiosk",
  screens: wall,
  windowOnly: true,
  arrive: async (look) => {
    const lead = await look.beside("facilitator");
    await go(lead, "/facilitate");
    await act(lead);
    await look.page.getByText(look.words(key)).first().waitFor();
    await lead.page.context().close();
  },
});

export const wallShots: readonly Shot[] = [
  {
    name: "wall-pairing",
    who: "unpaired",
    screens: wall,
    windowOnly: true,
    arrive: async (look) => {
      await open(look);
      await look.page.getByText(look.words("kiosk:pairing.expires")).waitFor();
    },
  },
  {
    name: "wall-first",
    who: "kiosk",
    screens: wall,
    windowOnly: true,
    arrive: async (look) => {
      look.skip(15 * minute);
      await open(look);
      await look.page.getByText(look.words("kiosk:band.join")).first().waitFor();
    },
  },
  scene("unit", "kiosk:unit.things"),
  scene("fresh", "kiosk:fresh.title"),
  scene("vote", "kiosk:vote.title"),
  scene("notice", "kiosk:notice.title"),
  moment("just-opened", "kiosk:vote.lastCall", async (lead) => {
    await button(lead, "facilitate:write").click();
    await lead.page.getByLabel(lead.words("facilitate:question")).fill(gate(lead));
    await button(lead, "facilitate:store").click();
    await hold(lead, "facilitate:open");
    await button(lead, "facilitate:callLast").click();
  }),
  moment("closed", "kiosk:closed.text", async (lead) => {
    await lead.page.getByRole("button", { name: gate(lead) }).click();
    await button(lead, "facilitate:reason.agreed").click();
    await hold(lead, "facilitate:close");
  }),
  moment("result", "kiosk:result.title", async (lead) => {
    await lead.page.getByRole("button", { name: gate(lead) }).click();
    await hold(lead, "facilitate:reveal");
  }),
  {
    name: "wall-offline",
    who: "kiosk",
    screens: wall,
    windowOnly: true,
    arrive: async (look) => {
      await look.page.context().setOffline(true);
      await look.page.clock.fastForward(12 * minute);
      await waitForScene(look.page, heart(look, "kiosk:unit.things"));
    },
  },
  {
    name: "wall-night",
    who: "kiosk",
    screens: wall,
    windowOnly: true,
    arrive: async (look) => {
      look.skip(12 * 60 * minute);
      await open(look);
      await waitForScene(look.page, heart(look, "kiosk:unit.things"));
      look.skip(-12 * 60 * minute);
    },
  },
  {
    name: "wall-person",
    who: "resident",
    screens: wall,
    windowOnly: true,
    arrive: (look) => go(look, "/kiosk"),
  },
];
