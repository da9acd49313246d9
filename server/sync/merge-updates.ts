import * as Y from "yjs";

/** Updates merged at once: Yjs looks through all of them for each struct. */
const atOnce = 16;
const nothing = Uint8Array.of(0, 0);

/** One update of many in their order: a few at a time, for Yjs takes the square of how many it is given, and then what came of that. */
export function mergeAll(updates: readonly Uint8Array[]): Uint8Array {
  let rest = updates;
  while (rest.length > 1) {
    const merged: Uint8Array[] = [];
    for (let at = 0; at < rest.length; at += atOnce) merged.push(Y.mergeUpdates(rest.slice(at, at + atOnce)));
    rest = merged;
  }
  return rest[0] ?? nothing;
}

/**
 * Reads a snapshot, when there is one, and the rows after it into an empty document, in one transaction. The rows are
 * merged before: in one transaction Yjs breaks off at a run whose first part an earlier row has as removed for good.
 */
export function readParts(doc: Y.Doc, [first, ...rows]: readonly Uint8Array[]): void {
  doc.transact(() => {
    if (first !== undefined) Y.applyUpdate(doc, first);
    if (rows.length > 0) Y.applyUpdate(doc, mergeAll(rows));
  });
}
