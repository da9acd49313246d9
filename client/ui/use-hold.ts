import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef, useState } from "react";

/** How long a press must last, ms. Long enough not to happen by a brush of the sleeve. */
export const holdMs = 1200;
/** How long "press once more" stays armed for those whose tools can only click, ms. */
const armedMs = 6000;

export type HoldState = "idle" | "holding" | "armed";

/**
 * A press that must be held: by finger, mouse, Space or Enter. Letting go early does nothing.
 * A screen reader or a switch can only click, without a press before it: for these a second click confirms.
 */
export function useHold(onHeld: () => void) {
  const [state, setState] = useState<HoldState>("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pressed = useRef(false);
  const latest = useRef(onHeld);
  useEffect(() => {
    latest.current = onHeld;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const stop = () => {
    clearTimeout(timer.current);
    setState("idle");
  };
  const confirm = () => {
    stop();
    latest.current();
  };
  const start = () => {
    pressed.current = true;
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
    onPointerUp: stop,
    onPointerLeave: stop,
    onPointerCancel: stop,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== " " && event.key !== "Enter") return;
      // Without this, Enter would click at once, and Space would scroll the page while it is held.
      event.preventDefault();
      if (!event.repeat) start();
    },
    onKeyUp: stop,
    onBlur: stop,
    onContextMenu: (event: MouseEvent) => event.preventDefault(),
    onClick: () => {
      if (pressed.current) {
        pressed.current = false;
        return;
      }
      if (state === "armed") confirm();
      else arm();
    },
  };
  return { state, handlers };
}
