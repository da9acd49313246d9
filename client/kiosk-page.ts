import type { ComponentType } from "react";
import { changeLanguage, languages, loadTexts } from "./i18n.ts";

const retryAfter = 15_000;

/**
 * Fetches the wall's page in the language its address asks for (`?lang=en`). Nobody stands beside a screen: when a
 * part cannot be had the page is opened anew, until it can.
 */
export async function loadKioskPage(): Promise<ComponentType> {
  try {
    const asked = new URLSearchParams(location.search).get("lang");
    const language = languages.find((one) => one === asked);
    if (language) await changeLanguage(language);
    const [{ KioskPage }] = await Promise.all([import("./kiosk/KioskPage.tsx"), loadTexts("votes")]);
    return KioskPage;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, retryAfter * (1 + Math.random())));
    location.reload();
    return new Promise(() => undefined);
  }
}
