import { useEffect } from "react";

/** Marks the document as a wall, so that everything scales with the screen, and dims it at night. */
export function useWallDocument(night: boolean): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    const before = { screen: dataset.screen, theme: dataset.theme };
    dataset.screen = "wall";
    return () => {
      if (before.screen === undefined) delete dataset.screen;
      dataset.theme = before.theme;
    };
  }, []);
  useEffect(() => {
    document.documentElement.dataset.theme = night ? "night" : "day";
  }, [night]);
}

/** Keeps the screen from going dark where the browser can; a lock is lost whenever the page was hidden. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const take = async () => {
      if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
      // Refused on a low battery or without https: the box's own settings must do then.
      lock = await navigator.wakeLock.request("screen").catch(() => null);
    };
    void take();
    document.addEventListener("visibilitychange", take);
    return () => {
      document.removeEventListener("visibilitychange", take);
      void lock?.release().catch(() => undefined);
    };
  }, []);
}
