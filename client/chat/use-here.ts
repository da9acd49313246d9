import { useCallback, useEffect, useRef, useState } from "react";
import { chatLimits } from "../../shared/chat/limits.ts";
import { useAppState, useArea, useServerNow, useWire } from "../state/app.tsx";
import { type ChatState, type Typist, typistsOf } from "./reducer.ts";

/** When the first look is repeated, ms. */
const soon = 1_500;

/** Says that the channel is on this screen, for as long as it is. @returns how many others look too, with oneself */
export function useHere(channelId: string): number {
  const wire = useWire();
  const online = useAppState((state) => state.status === "online");
  const count = useArea(
    "chat",
    useCallback((part: ChatState) => part.here?.[channelId] ?? 0, [channelId]),
  );
  useEffect(() => {
    if (!online) return;
    const say = (here: boolean) => wire.whisper("chat.here", { channelId, here });
    const look = () => say(document.visibilityState === "visible");
    look();
    // The answer may be lost while the page fills: what passes is dropped by a busy line. So it asks twice.
    const again = setTimeout(look, soon);
    const timer = setInterval(look, chatLimits.hereEvery);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(again);
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      say(false);
    };
  }, [wire, online, channelId]);
  return count;
}

/** Tells the others that one is writing, no more often than the server passes it on. */
export function useTypingWhisper(channelId: string): () => void {
  const wire = useWire();
  const last = useRef(0);
  return useCallback(() => {
    const now = Date.now();
    if (now - last.current < chatLimits.typing.every) return;
    last.current = now;
    wire.whisper("chat.typing", { channelId });
  }, [wire, channelId]);
}

/** Who writes in the channel now; each ends by itself. */
export function useTypists(channelId: string): readonly Typist[] {
  const serverNow = useServerNow();
  const typists = useArea(
    "chat",
    useCallback((part: ChatState) => typistsOf(part, channelId), [channelId]),
  );
  const [now, setNow] = useState(serverNow);
  const current = typists.filter(({ until }) => until > now);
  const ends = Math.min(...typists.map(({ until }) => until));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new sign of writing is judged by the clock anew
  useEffect(() => {
    setNow(serverNow());
    if (!Number.isFinite(ends)) return;
    const timer = setInterval(() => setNow(serverNow()), 1_000);
    return () => clearInterval(timer);
  }, [typists, ends]);
  return current;
}
