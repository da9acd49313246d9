/** What a person chose for this device: how large the text is, and how the page is lit. */
export interface Preferences {
  readonly size: "normal" | "elder";
  readonly theme: "day" | "night";
}

export const defaultPreferences: Preferences = { size: "normal", theme: "day" };

const storageKey = "yuanba.preferences";

/** Reads stored preferences; anything missing, unreadable or unknown falls back to the default. */
export function parsePreferences(stored: string | null): Preferences {
  if (stored === null) return defaultPreferences;
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value !== "object" || value === null) return defaultPreferences;
    return {
      size: "size" in value && value.size === "elder" ? "elder" : "normal",
      theme: "theme" in value && value.theme === "night" ? "night" : "day",
    };
  } catch {
    return defaultPreferences;
  }
}

/** WeChat can forbid storage in private mode: then the choice lasts as long as the page. */
export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(storageKey));
  } catch {
    return defaultPreferences;
  }
}

/** Sets the attributes the theme file listens to. */
export function showPreferences(preferences: Preferences): void {
  document.documentElement.dataset.size = preferences.size;
  document.documentElement.dataset.theme = preferences.theme;
}

export function savePreferences(preferences: Preferences): void {
  showPreferences(preferences);
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // Nothing to do: the attributes are set, only the memory of them is not kept.
  }
}
