import type { Areas } from "../state/app-state.ts";

const storageKey = "yuanba.snapshot";

/** The last picture the server told this device, to draw the page before, or without, a connection. */
export interface KeptSnapshot {
  /** Version of the shape; another one is not read. */
  version: number;
  areas: Areas;
}

const version = 1;

export function readSnapshot(): Areas | null {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? "null") as KeptSnapshot | null;
    return kept?.version === version ? kept.areas : null;
  } catch {
    return null;
  }
}

export function keepSnapshot(areas: Areas): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ version, areas } satisfies KeptSnapshot));
  } catch {
    // Storage full or forbidden: the page then needs a connection to open, as before.
  }
}

/** Forgets it: whoever uses the device next must not see it. */
export function forgetSnapshot(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept where nothing can be kept.
  }
}
