import { useRef } from "react";

interface Row {
  readonly id: string;
}

/** Rows in an earlier order; new ones come last, removed ones go, unless `keep` is one of them. */
export function inOrder<R extends Row>(
  order: readonly string[],
  rows: readonly R[],
  keep: R | undefined,
): readonly R[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (keep && !byId.has(keep.id)) byId.set(keep.id, keep);
  const known = order.flatMap((id) => byId.get(id) ?? []);
  return [...known, ...rows.filter(({ id }) => !order.includes(id))];
}

/**
 * The rows in their order; while `steady` holds, in the order they had when it began, so that a row someone
 * writes in does not move away under the fingers (INV-7).
 */
export function useSteadyOrder<R extends Row>(
  rows: readonly R[],
  steady: boolean,
  keep: R | undefined,
): readonly R[] {
  const order = useRef<readonly string[]>([]);
  if (steady) return inOrder(order.current, rows, keep);
  order.current = rows.map(({ id }) => id);
  return rows;
}
