import { useRef } from "react";

/**
 * The rows in their order; while `steady` holds, in the order they had when it began, so that a row someone
 * writes in does not move away under the fingers (INV-7). New rows come last, removed ones go, unless
 * `keep` names them.
 */
export function useSteadyOrder<Row extends { readonly id: string }>(
  rows: readonly Row[],
  steady: boolean,
  keep: Row | undefined,
): readonly Row[] {
  const order = useRef<readonly string[]>([]);
  if (!steady) {
    order.current = rows.map(({ id }) => id);
    return rows;
  }
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (keep && !byId.has(keep.id)) byId.set(keep.id, keep);
  const known = order.current.flatMap((id) => byId.get(id) ?? []);
  const added = rows.filter(({ id }) => !order.current.includes(id));
  return [...known, ...added];
}
