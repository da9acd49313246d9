import * as Y from "yjs";
import { readParts } from "./merge-updates.ts";

/**
 * The board that these parts of it make together, as one update that reads back the same; null when they do not make
 * the document that `expected` (a Yjs snapshot) was taken of.
 */
export type Fold = (parts: readonly Uint8Array[], expected: Uint8Array) => Promise<Uint8Array | null>;

/** The same on the spot. Puts the whole document together twice, which takes a large board a quarter of a second. */
export function foldNow(parts: readonly Uint8Array[], expected: Uint8Array): Uint8Array | null {
  const state = putTogether(parts, expected, Y.encodeStateAsUpdate);
  return state !== null && putTogether([state], expected, () => true) ? state : null;
}

/**
 * Looks at the document that stored parts make; null when one of them builds on something that is not there, or they
 * make another document than `expected`. State vector and delete set say all: equal in both, two documents have the
 * same structs alive.
 */
export function putTogether<T>(
  parts: readonly Uint8Array[],
  expected: Uint8Array | null,
  look: (doc: Y.Doc) => T,
): T | null {
  const doc = new Y.Doc();
  try {
    readParts(doc, parts);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return null;
    if (expected !== null && !Y.equalSnapshots(Y.snapshot(doc), Y.decodeSnapshot(expected))) return null;
    return look(doc);
  } finally {
    doc.destroy();
  }
}
