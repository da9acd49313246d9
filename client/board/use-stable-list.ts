import { useRef } from "react";

/** Reads a list; as long as its members are the same objects, the same list is answered. */
export function useStableList<T>(read: () => readonly T[]): () => readonly T[] {
  const last = useRef<readonly T[]>([]);
  return () => {
    const next = read();
    const same =
      next.length === last.current.length && next.every((value, index) => value === last.current[index]);
    if (!same) last.current = next;
    return last.current;
  };
}
