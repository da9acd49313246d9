import { useSyncExternalStore } from "react";

/** From this width on the whole wall is shown; the same as the tabs use. */
const query = "(width >= 60em)";

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** True on a laptop, where there is room for the whole wall. */
export const useWide = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(query).matches);
