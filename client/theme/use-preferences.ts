import { useCallback, useSyncExternalStore } from "react";
import { loadPreferences, type Preferences, savePreferences } from "./preferences.ts";

let current: Preferences | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function snapshot(): Preferences {
  current ??= loadPreferences();
  return current;
}

/** The device's preferences and a way to change some of them; a change shows at once everywhere. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const preferences = useSyncExternalStore(subscribe, snapshot);
  const change = useCallback((part: Partial<Preferences>) => {
    current = { ...snapshot(), ...part };
    savePreferences(current);
    for (const listener of listeners) listener();
  }, []);
  return [preferences, change];
}
