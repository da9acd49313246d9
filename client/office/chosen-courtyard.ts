import { useCallback } from "react";
import { useWire } from "../state/app.tsx";

const storageKey = "yuanba.office.courtyard";

/** The courtyard an officer of several looked at last on this device. */
export function readChosenCourtyard(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Looks at another courtyard: everything on the page is that one's from then on. */
export function useChooseCourtyard(): (courtyardId: string) => void {
  const wire = useWire();
  return useCallback(
    (courtyardId) => {
      try {
        localStorage.setItem(storageKey, courtyardId);
      } catch {
        // Storage is forbidden: the choice lasts as long as the page.
      }
      wire.restart(courtyardId);
    },
    [wire],
  );
}
