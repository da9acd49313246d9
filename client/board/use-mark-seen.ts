import { useEffect, useRef } from "react";
import type { OpenBoard } from "./board-pool.ts";

/**
 * What is new in a cell counts as looked at once the cell is closed again: the mark must be there while it is
 * looked at. Coming back in the same moment (React mounts twice while developing) is not a closing.
 */
export function useMarkSeen({ view }: OpenBoard, householdId: string): void {
  const leaving = useRef<{ householdId: string; timer: ReturnType<typeof setTimeout> } | null>(null);
  useEffect(() => {
    if (leaving.current?.householdId === householdId) clearTimeout(leaving.current.timer);
    return () => {
      leaving.current = { householdId, timer: setTimeout(() => view.markSeen(householdId)) };
    };
  }, [view, householdId]);
}
