import { isDeepStrictEqual } from "node:util";
import * as Y from "yjs";
import { noticeRoot, placeOfRoot } from "../../shared/board/layout.ts";
import { putTogether } from "./fold.ts";
import { hasClient } from "./protocol.ts";

/**
 * Yjs looks at every client id a document has ever seen in each transaction, on the server and on every phone, and
 * each page load that writes adds one. A board with many is made anew while nobody is there: the same contents,
 * written once under one client id. Copies of the old document cannot be merged with the new one; their holders are
 * told so (`board-renewed`), load it, and write again what was not saved.
 */

/** A document could not be copied without a difference; it stays as it is. */
export class RenewalDiffers extends Error {}

/**
 * The contents of a document as one update under one client id, which has at least one struct in it, so that a copy
 * of the new document can always be told from one of an older.
 * @throws RenewalDiffers
 */
export function renewedState(doc: Y.Doc, clientId: number): Uint8Array {
  const fresh = new Y.Doc();
  fresh.clientID = clientId;
  try {
    fresh.transact(() => {
      for (const name of doc.share.keys()) copyRoot(doc, fresh, name);
      if (Y.getState(fresh.store, clientId) > 0) return;
      const notice = fresh.getText(noticeRoot);
      notice.insert(0, " ");
      notice.delete(0, 1);
    });
    for (const name of doc.share.keys())
      if (!isDeepStrictEqual(contentsOf(doc, name), contentsOf(fresh, name))) throw new RenewalDiffers(name);
    return Y.encodeStateAsUpdate(fresh);
  } finally {
    fresh.destroy();
  }
}

/** Whether a copy with this state vector is from before the board was renewed, when all of it was written as `base`. */
export const isOldCopy = (stateVector: Uint8Array, base: number | null): boolean =>
  base !== null && stateVector.length > 1 && !hasClient(stateVector, base);

/** A board made anew: the new document as one update, and the bytes that the old one takes as one. */
export type Renewed = { state: Uint8Array; bytes: number };

/**
 * The board that stored parts make, made anew under `clientId`; null when that is not possible without a difference, or
 * when they do not make the document that `expected` (a Yjs snapshot) was taken of.
 */
export type Renew = (
  parts: readonly Uint8Array[],
  clientId: number,
  expected: Uint8Array | null,
) => Promise<Renewed | null>;

/** The same on the spot. Puts together and compares two documents, which takes seconds for the largest board. */
export function renewNow(
  parts: readonly Uint8Array[],
  clientId: number,
  expected: Uint8Array | null,
): Renewed | null {
  try {
    return putTogether(parts, expected, (doc) => ({
      state: renewedState(doc, clientId),
      bytes: Y.encodeStateAsUpdate(doc).length,
    }));
  } catch (error) {
    if (error instanceof RenewalDiffers) return null;
    throw error;
  }
}

/** Whether less than half of a document is left of it. */
export const isMostlyGone = ({ state, bytes }: Renewed): boolean => state.length * 2 < bytes;

function copyRoot(from: Y.Doc, to: Y.Doc, name: string): void {
  switch (placeOfRoot(name)?.place) {
    case "cell": {
      const cell = to.getMap(name);
      for (const [itemId, value] of from.getMap(name).entries()) cell.set(itemId, copied(value));
      return;
    }
    case "list":
      to.getArray(name).push(from.getArray(name).toArray().map(copied));
      return;
    case "notice":
      to.getText(name).insert(0, from.getText(name).toString());
      return;
    case undefined:
      throw new RenewalDiffers(`no board has a root ${name.slice(0, 5)}`);
  }
}

const copied = (value: unknown): unknown =>
  value instanceof Y.Map ? new Y.Map<unknown>([...value.entries()]) : value;

function contentsOf(doc: Y.Doc, name: string): unknown {
  switch (placeOfRoot(name)?.place) {
    case "cell":
      return doc.getMap(name).toJSON();
    case "list":
      return doc.getArray(name).toJSON();
    default:
      return doc.getText(name).toString();
  }
}
