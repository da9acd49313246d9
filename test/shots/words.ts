import { readFileSync } from "node:fs";

export type Language = "zh-CN" | "en";
export type Words = (
  key: string,
  values?: Readonly<Record<string, string | number>>,
  missing?: string,
) => string;

/** The texts as a language's files have them, by "area:path.to.text": so one path through the pages serves both. */
export function wordsOf(language: Language): Words {
  const areas = new Map<string, unknown>();
  const readArea = (area: string): unknown => {
    if (!areas.has(area)) {
      const file = new URL(`../../client/locales/${language}/${area}.json`, import.meta.url);
      areas.set(area, JSON.parse(readFileSync(file, "utf8")));
    }
    return areas.get(area);
  };
  return (key, values = {}, missing = "") => {
    const [area = "", path = ""] = key.split(":");
    const found = at(readArea(area), path) ?? at(readArea(area), `${path}_other`);
    if (typeof found !== "string") throw new Error(`${language} has no text ${key}`);
    return found.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? missing));
  };
}

function at(texts: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, step) => (typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined),
      texts,
    );
}
