import { useCallback, useEffect, useRef } from "react";
import { useAppState, useChangeArea, useWire } from "../state/app.tsx";
import { withMarks } from "./reducer.ts";

/** Scrolling makes many small steps; this long (ms) they are gathered. */
const gather = 600;

/** Moves one's mark forward as messages are read. @returns told each highest message seen */
export function useSeen(channelId: string, seenSeq: number): (seq: number) => void {
  const wire = useWire();
  const change = useChangeArea("chat");
  const online = useAppState((state) => state.status === "online");
  const highest = useRef(seenSeq);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  return useCallback(
    (seq: number) => {
      if (!online || seq <= Math.max(highest.current, seenSeq)) return;
      highest.current = seq;
      clearTimeout(timer.current);
      timer.current = setTimeout(async () => {
        const answer = await wire.send("chat.mark-seen", { channelId, seq: highest.current });
        if (answer.ok) change((part) => withMarks(part, channelId, 0, answer.value.seenSeq));
        else highest.current = seenSeq;
      }, gather);
    },
    [wire, change, online, channelId, seenSeq],
  );
}
