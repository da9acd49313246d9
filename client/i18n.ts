import i18next, { type BackendModule, type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";

export const languages = ["zh-CN", "en"] as const;
export type Language = (typeof languages)[number];

/** What every resident's phone needs at once, in the language most of them read. */
const bundled = import.meta.glob<ResourceLanguage>(
  "./locales/zh-CN/{ui,errors,board,votes,chat,home,join}.json",
  { eager: true, import: "default" },
);
const onDemand = import.meta.glob<ResourceLanguage>(
  ["./locales/*/*.json", "!./locales/zh-CN/{ui,errors,board,votes,chat,home,join}.json"],
  { import: "default" },
);

const storageKey = "yuanba.language";

/** "board" from "./locales/zh-CN/board.json". */
function areaOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".json".length);
}

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language, area, done) => {
    const load = onDemand[`./locales/${language}/${area}.json`];
    if (!load) {
      done(new Error(`No texts for ${area} in ${language}`), false);
      return;
    }
    load().then(
      (texts) => done(null, texts),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
    );
  },
};

/** The stored choice; without one Chinese, since that is who it is for (the browser's language says little in WeChat). */
function storedLanguage(): Language {
  try {
    return localStorage.getItem(storageKey) === "en" ? "en" : "zh-CN";
  } catch {
    return "zh-CN";
  }
}

/** Starts the texts; resolves when the first page can be drawn in the chosen language. */
export async function startTexts(): Promise<void> {
  const texts = Object.fromEntries(Object.entries(bundled).map(([path, area]) => [areaOf(path), area]));
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: storedLanguage(),
      fallbackLng: "zh-CN",
      resources: { "zh-CN": texts },
      partialBundledLanguages: true,
      ns: Object.keys(texts),
      defaultNS: "ui",
      // React escapes what it draws.
      interpolation: { escapeValue: false },
    });
  showLanguage(i18next.language);
  i18next.on("languageChanged", showLanguage);
}

function showLanguage(language: string): void {
  document.documentElement.lang = language;
}

/** Fetches an area's texts with its page, so that the page is never drawn with names of keys. */
export async function loadTexts(area: string): Promise<void> {
  await i18next.loadNamespaces(area);
}

/** Switches every text at once and remembers it on this device. */
export async function changeLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
}
