import * as Y from "yjs";
import { cellRoot } from "../../../shared/board/layout.ts";

/** A device that writes: one Yjs client id, which changes the note of one item of its own, again and again. */
export interface Writer {
  /** The Yjs update that sets the note. */
  write(note: string): Uint8Array;
  close(): void;
}

export function createWriter(cell: string, itemId: string): Writer {
  const doc = new Y.Doc();
  let update: Uint8Array | undefined;
  doc.on("update", (bytes: Uint8Array) => {
    update = bytes;
  });
  return {
    write(note) {
      update = undefined;
      doc.transact(() => noteOf(doc, cell, itemId).set("note", note));
      if (!update) throw new Error("setting a note has changed nothing");
      return update;
    },
    close: () => doc.destroy(),
  };
}

function noteOf(doc: Y.Doc, cell: string, itemId: string): Y.Map<unknown> {
  const items = doc.getMap<Y.Map<unknown>>(cellRoot(cell));
  const known = items.get(itemId);
  if (known) return known;
  const item = new Y.Map<unknown>();
  items.set(itemId, item);
  for (const [field, value] of Object.entries({
    title: "扳手",
    category: "tools",
    quantity: 1,
    order: "a0",
  })) {
    item.set(field, value);
  }
  return item;
}
