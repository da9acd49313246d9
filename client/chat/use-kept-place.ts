import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";

/** Nearer to the end than this (px) counts as reading along: what is new is scrolled to. */
const nearEnd = 80;
/** Height of what lies over the top of the list (px), roughly: a message below it can be seen. */
const underBars = 120;

interface Place {
  atEnd: boolean;
  /** The message that is kept where it is, and where that was. */
  anchor: { seq: string; top: number } | null;
}

/**
 * Keeps what one reads where it is while messages come and go above and below; follows the end only for those
 * who read along. The window scrolls, so that phones can hide their bars.
 * @param opened the list has its first page: it is shown from the divider, or from its end
 * @param onSeen hears the highest message that was on the screen
 */
export function useKeptPlace(
  list: RefObject<HTMLElement | null>,
  { opened, onSeen }: { opened: boolean; onSeen(seq: number): void },
): { toEnd(): void } {
  const place = useRef<Place>({ atEnd: true, anchor: null });
  const begun = useRef(false);

  const look = useCallback(() => {
    const root = document.documentElement;
    const messages = [...(list.current?.querySelectorAll<HTMLElement>("[data-seq]") ?? [])];
    const first = messages.find((message) => message.getBoundingClientRect().bottom > underBars);
    place.current = {
      atEnd: root.scrollHeight - window.scrollY - window.innerHeight < nearEnd,
      anchor: first ? { seq: first.dataset.seq ?? "", top: first.getBoundingClientRect().top } : null,
    };
    if (document.visibilityState !== "visible") return;
    const seen = messages.findLast(
      (message) => message.getBoundingClientRect().top < window.innerHeight - nearEnd,
    );
    if (seen) onSeen(Number(seen.dataset.seq));
  }, [list, onSeen]);

  useEffect(() => {
    let frame = 0;
    const later = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    const resized = () => {
      if (place.current.atEnd) window.scrollTo(0, document.documentElement.scrollHeight);
      later();
    };
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", resized);
    document.addEventListener("visibilitychange", later);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", later);
      window.removeEventListener("resize", resized);
      document.removeEventListener("visibilitychange", later);
    };
  }, [look]);

  // After each drawing: whatever changed, the anchor goes back to where it was.
  useLayoutEffect(() => {
    if (!opened) return;
    const divider = list.current?.querySelector<HTMLElement>("[data-divider]");
    const { anchor, atEnd } = place.current;
    if (!begun.current && divider) window.scrollBy(0, divider.getBoundingClientRect().top - 2 * underBars);
    else if (!begun.current || atEnd) window.scrollTo(0, document.documentElement.scrollHeight);
    else if (anchor) {
      const kept = list.current?.querySelector<HTMLElement>(`[data-seq="${anchor.seq}"]`);
      const moved = kept ? kept.getBoundingClientRect().top - anchor.top : 0;
      if (Math.abs(moved) > 1) window.scrollBy(0, moved);
    }
    begun.current = true;
    look();
  });

  return {
    toEnd: useCallback(() => {
      place.current = { atEnd: true, anchor: null };
      window.scrollTo(0, document.documentElement.scrollHeight);
    }, []),
  };
}
