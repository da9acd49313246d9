import { type TouchEvent, useRef } from "react";

/** A finger's way must be this long (CSS px) and mostly sideways; else it was a scroll or a tap. */
const leastPx = 56;
const sideways = 2;

/** Which way a finger's move turns the page: to the left means on (1), to the right means back (-1). */
export function swipeStep(dx: number, dy: number): 1 | -1 | 0 {
  if (Math.abs(dx) < leastPx || Math.abs(dx) < Math.abs(dy) * sideways) return 0;
  return dx < 0 ? 1 : -1;
}

/** Turns sideways swipes into steps; two fingers (zoom) are left alone. */
export function useSwipe(onStep: (step: 1 | -1) => void) {
  const start = useRef<{ x: number; y: number } | undefined>(undefined);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      start.current =
        touch && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchEnd: (event: TouchEvent) => {
      const touch = event.changedTouches[0];
      if (!touch || !start.current) return;
      const step = swipeStep(touch.clientX - start.current.x, touch.clientY - start.current.y);
      start.current = undefined;
      if (step !== 0) onStep(step);
    },
    onTouchCancel: () => {
      start.current = undefined;
    },
  };
}
