import type { Finding, SourceFile } from "./source.ts";

const LOCALE_FILE = /^client\/locales\/([^/]+)\/([^/]+)\.json$/;
/** i18next keeps one entry for each plural form, and languages differ in how many they have. */
const PLURAL_FORM = /_(zero|one|two|few|many|other)$/;
const VARIABLE = /\{\{\s*-?\s*([\w.]+)/g;

interface Text {
  path: string;
  variables: Set<string>;
}

/** Every text is there in every language, is not empty, and fills in the same values. */
export function checkLocales(files: SourceFile[]): Finding[] {
  const findings: Finding[] = [];
  const languages = new Map<string, Map<string, Text>>();
  for (const { path, text } of files) {
    const [, language, namespace] = LOCALE_FILE.exec(path) ?? [];
    if (!language || !namespace) continue;
    const texts = languages.get(language) ?? new Map<string, Text>();
    languages.set(language, texts);
    for (const [key, value] of leaves(parseJson(path, text), namespace)) {
      if (typeof value !== "string" || value.trim() === "")
        findings.push({ path, message: `${key} has no text` });
      const name = key.replace(PLURAL_FORM, "");
      const variables = [...`${value}`.matchAll(VARIABLE)].map(([, variable]) => variable ?? "");
      texts.set(name, { path, variables: new Set([...(texts.get(name)?.variables ?? []), ...variables]) });
    }
  }
  for (const [language, texts] of languages) {
    for (const [other, otherTexts] of languages) {
      if (other !== language) findings.push(...missingIn(other, otherTexts, texts));
    }
  }
  return findings;
}

function missingIn(language: string, texts: Map<string, Text>, expected: Map<string, Text>): Finding[] {
  return [...expected].flatMap(([name, { path, variables }]) => {
    const text = texts.get(name);
    if (!text) return [{ path, message: `${name} is missing in ${language}` }];
    // A sentence about one thing need not say "1", so the count may be left to a language.
    const lost = [...variables].filter((variable) => variable !== "count" && !text.variables.has(variable));
    return lost.map((variable) => ({ path: text.path, message: `${name} does not say {{${variable}}}` }));
  });
}

/** Each error that leaves the server has a sentence in each language that there is. */
export function checkErrorTexts(files: SourceFile[], codes: string[]): Finding[] {
  const languages = new Set(files.flatMap(({ path }) => LOCALE_FILE.exec(path)?.[1] ?? []));
  return [...languages].flatMap((language) => {
    const path = `client/locales/${language}/errors.json`;
    const text = files.find((file) => file.path === path)?.text;
    if (text === undefined) return [{ path, message: "is missing: it holds the sentence for each error" }];
    const sentences = new Map(leaves(parseJson(path, text), ""));
    const unsaid = codes.filter((code) => !sentences.has(code));
    const unknown = [...sentences.keys()].filter((key) => !codes.includes(key));
    return [
      ...unsaid.map((code) => ({ path, message: `has no sentence for the error "${code}"` })),
      ...unknown.map((key) => ({ path, message: `has a sentence for "${key}", which no error is called` })),
    ];
  });
}

function leaves(value: unknown, prefix: string): [key: string, value: unknown][] {
  if (typeof value !== "object" || value === null) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, prefix ? `${prefix}.${key}` : key));
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : error}`);
  }
}
