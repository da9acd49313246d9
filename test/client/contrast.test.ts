import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { itemCategories as categories } from "../../shared/board/layout.ts";

const css = readFileSync(new URL("../../client/theme/tokens.css", import.meta.url), "utf8");

/** Text and the ground it is read on. */
const textPairs: readonly (readonly [text: string, ground: string])[] = [
  ...["paper", "card", "plate-wash", "stone-wash"].flatMap((ground) =>
    ["ink", "ink-soft", "link"].map((text) => [text, ground] as const),
  ),
  ["on-plate", "plate"],
  ["on-fill", "bamboo"],
  ["on-fill", "brick"],
  ["bamboo-ink", "paper"],
  ["bamboo-ink", "card"],
  ["bamboo-ink", "bamboo-wash"],
  ["brick-ink", "paper"],
  ["brick-ink", "card"],
  ["brick-ink", "brick-wash"],
  ["ink", "brick-wash"],
  ["ink", "bamboo-wash"],
  ["amber", "amber-wash"],
  ["amber", "paper"],
  ["amber", "card"],
  ["board-ink", "board"],
  ...categories.flatMap((category) => [["ink", category] as const, [`${category}-ink`, category] as const]),
];

function colours(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("\n}", start));
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, 1.4.3. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const day = colours(":root");
const night = new Map([...day, ...colours(':root[data-theme="night"]')]);

test.each([
  ["by day", day],
  ["at night", night],
])("[UI-1] text can be read on its ground %s", (_when, theme) => {
  const faint = textPairs.flatMap(([text, ground]) => {
    const ratio = contrast(theme.get(text) ?? "#000000", theme.get(ground) ?? "#000000");
    return ratio < 4.5 ? [`${text} on ${ground}: ${ratio.toFixed(2)}`] : [];
  });
  expect(faint).toEqual([]);
});

test("[UI-1] the night theme names every colour the day has", () => {
  expect([...colours(':root[data-theme="night"]').keys()].sort()).toEqual([...day.keys()].sort());
});
