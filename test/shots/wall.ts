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
  scene("result", "kiosk:result.title"),
  {
    name: "wall-just-opened",
    who: "kiosk",
    screens: wall,
    windowOnly: true,
    arrive: async (look) => {
      const lead = await look.beside("facilitator");
      await go(lead, "/facilitate");
      await button(lead, "facilitate:write").click();
      const question = look.language === "en" ? "Lock the gate at night?" : "晚上十一点以后大门锁不锁";
      await lead.page.getByLabel(look.words("facilitate:question")).fill(question);
      await button(lead, "facilitate:store").click();
      await hold(lead, "facilitate:open");
      await button(lead, "facilitate:callLast").click();
      await look.page.getByText(look.words("kiosk:vote.lastCall")).waitFor();
      await lead.page.context().close();
    },
  },
  {
    name: "wall-closed",
    who: "kiosk",
    screens: wall,
    windowOnly: true,
    arrive: async (look) => {
      const lead = await look.beside("facilitator");
      await go(lead, "/facilitate");
      const question = look.language === "en" ? "Lock the gate at night?" : "晚上十一点以后大门锁不锁";
      await lead.page.getByRole("button", { name: question }).click();
      await hold(lead, "facilitate:close");
      await look.page.getByText(look.words("kiosk:closed.text")).waitFor();
      await lead.page.context().close();
    },
  },
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
