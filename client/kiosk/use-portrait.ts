import { useSyncExternalStore } from "react";

const upright = matchMedia("(orientation: portrait)");

function subscribe(listener: () => void): () => void {
  upright.addEventListener("change", listener);
  return () => upright.removeEventListener("change", listener);
}

/** Whether the screen hangs upright. */
export const usePortrait = (): boolean => useSyncExternalStore(subscribe, () => upright.matches);
