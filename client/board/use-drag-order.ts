import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";

interface Drag {
  readonly id: string;
  /** How far the finger has gone, CSS px. */
  readonly dy: number;
}

/**
 * Rows that can be put into another order: pulled by their handle, or moved by its arrow keys. The rows
 * are the children of the element that gets `container`, in their order.
 * @param onMove told where a row goes: before which other one, or to the end (null)
 */
export function useDragOrder(ids: readonly string[], onMove: (id: string, beforeId: string | null) => void) {
  const container = useRef<HTMLUListElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const startY = useRef(0);

  const moveBy = (id: string, step: 1 | -1) => {
    const at = ids.indexOf(id);
    const to = at + step;
    if (at < 0 || to < 0 || to >= ids.length) return;
    onMove(id, ids[step === 1 ? to + 1 : to] ?? null);
  };

  /** The row before which the pulled one would come to lie, by the middles of the others. */
  const target = (id: string, y: number): string | null => {
    const rows = [...(container.current?.children ?? [])];
    for (const [index, row] of rows.entries()) {
      const { top, height } = row.getBoundingClientRect();
      if (ids[index] !== id && y < top + height / 2) return ids[index] ?? null;
    }
    return null;
  };

  const handle = (id: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      startY.current = event.clientY;
      setDrag({ id, dy: 0 });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag?.id === id) setDrag({ id, dy: event.clientY - startY.current });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (drag?.id !== id) return;
      setDrag(null);
      const beforeId = target(id, event.clientY);
      const next = ids[ids.indexOf(id) + 1] ?? null;
      if (beforeId !== next) onMove(id, beforeId);
    },
    onPointerCancel: () => setDrag(null),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      moveBy(id, event.key === "ArrowDown" ? 1 : -1);
    },
  });

  return { container, drag, handle, moveBy };
}
