import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type SyntheticEvent,
  useEffect,
  useRef,
  useState,
} from "react";

/** How long a press must last, ms. Long enough not to happen by a brush of the sleeve. */
export const holdMs = 1200;
/** How long "press once more" stays armed for those whose tools can only click, ms. */
const armedMs = 6000;
/** A click this soon after a press was let go belongs to that press, ms. */
const clickAfterPressMs = 700;

export type HoldState = "idle" | "holding" | "armed";

/**
 * A press that must be held: by finger, mouse, Space or Enter. Letting go early does nothing.
 * A screen reader or a switch can only click, without a press before it: for these a second click confirms.
 */
export function useHold(onHeld: () => void) {
  const [state, setState] = useState<HoldState>("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const down = useRef(false);
  const endedAt = useRef(Number.NEGATIVE_INFINITY);
  const latest = useRef(onHeld);
  useEffect(() => {
    latest.current = onHeld;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const stop = () => {
    clearTimeout(timer.current);
    setState("idle");
  };
  const release = (event: SyntheticEvent) => {
    // Leaving without a press must not disarm what a click has armed.
    if (!down.current) return;
    down.current = false;
    endedAt.current = event.timeStamp;
    stop();
  };
  const confirm = () => {
    stop();
    latest.current();
  };
  const start = () => {
    down.current = true;
    clearTimeout(timer.current);
    setState("holding");
    timer.current = setTimeout(confirm, holdMs);
  };
  const arm = () => {
    setState("armed");
    timer.current = setTimeout(stop, armedMs);
  };

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      start();
    },
    onPointerUp: release,
    onPointerLeave: release,
    onPointerCancel: release,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== " " && event.key !== "Enter") return;
      // Without this, Enter would click at once, and Space would scroll the page while it is held.
      event.preventDefault();
      if (!event.repeat) start();
    },
    onKeyUp: (event: KeyboardEvent<HTMLElement>) => {
      // Firefox clicks when Space comes up.
      if (event.key === " ") event.preventDefault();
      release(event);
    },
    onBlur: release,
    onContextMenu: (event: MouseEvent) => event.preventDefault(),
    onClick: (event: MouseEvent) => {
      if (event.timeStamp - endedAt.current < clickAfterPressMs) return;
      if (state === "armed") confirm();
      else arm();
    },
  };
  return { state, handlers };
}
