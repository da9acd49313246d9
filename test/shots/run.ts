import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { boardShots } from "./pages-board.ts";
import { talkShots } from "./pages-talk.ts";
import { workShots } from "./pages-work.ts";
import { takePictures } from "./pictures.ts";
import { handAndDesk, type Shot } from "./shot.ts";
import { rollUp, unroll } from "./steps.ts";
import { type Look, openStudio, type Screen, type Studio, type Who } from "./studio.ts";
import { wallShots } from "./wall.ts";
import type { Language } from "./words.ts";

/** Takes a picture of every page of every role, for people to look at: `npm run shots [-- --large --only board]`. */
const out = join(import.meta.dirname, "out");
const languages: readonly Language[] = ["zh-CN", "en"];
const screens: readonly Screen[] = ["phone", "laptop", "wall"];

const { values } = parseArgs({
  options: {
    large: { type: "boolean", default: false },
    pictures: { type: "boolean", default: false },
    only: { type: "string" },
    language: { type: "string" },
  },
});

const isWanted = ({ name }: Shot) => values.only === undefined || new RegExp(values.only).test(name);
const spoken = languages.filter((language) => values.language === undefined || language === values.language);
const missed: string[] = [];

/** Every page of every role, in an order in which one picture does not spoil the next. */
const pages = [...boardShots, ...talkShots, ...workShots];

if (values.only === undefined && !values.pictures) await rm(out, { recursive: true, force: true });
const studio = await openStudio(values.large ? "compound" : "courtyard");
try {
  if (values.pictures) await takePictures(studio);
  else {
    for (const language of spoken) for (const screen of screens) await walk(studio, screen, language, pages);
    // Last, because the wall's pictures move the server's clock.
    for (const language of spoken) await walk(studio, "wall", language, wallShots);
  }
} finally {
  await studio.close();
}
for (const miss of missed) console.error(miss);
process.exitCode = missed.length > 0 ? 1 : 0;

/** One screen in one language: each person walks through their pages with a browser of their own, all at once. */
async function walk(from: Studio, screen: Screen, language: Language, all: readonly Shot[]): Promise<void> {
  const folder = join(out, language, screen);
  await mkdir(folder, { recursive: true });
  const here = all.filter(isWanted).filter((shot) => (shot.screens ?? handAndDesk).includes(screen));
  const people = [...new Set(here.map(({ who }) => who))];
  await Promise.all(
    people.map((who) =>
      takeAll(
        from,
        here.filter((shot) => shot.who === who),
        who,
        screen,
        language,
        folder,
      ),
    ),
  );
}

async function takeAll(
  from: Studio,
  mine: readonly Shot[],
  who: Who,
  screen: Screen,
  language: Language,
  folder: string,
): Promise<void> {
  const look = await from.look(who, screen, language);
  for (const shot of mine) await take(look, shot, join(folder, `${shot.name}.png`), `${language} ${screen}`);
  await look.page.context().close();
}

/** A picture that cannot be taken is told of at the end; the others are taken all the same. */
async function take(look: Look, shot: Shot, path: string, where: string): Promise<void> {
  try {
    await look.page.context().setOffline(false);
    await shot.arrive(look);
  } catch (error) {
    missed.push(`${where} ${shot.name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
  }
  if (!shot.windowOnly) await unroll(look);
  await look.page.screenshot({ path, animations: "disabled" });
  if (!shot.windowOnly) await rollUp(look);
}
