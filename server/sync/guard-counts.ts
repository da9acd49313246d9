import type * as Y from "yjs";
import { cellRoot, listRoot, noticeRoot } from "../../shared/board/layout.ts";
import { guardCounts } from "../../shared/board/limits.ts";
import type { Struct } from "./guard-decode.ts";
import type { Spot } from "./guard-resolve.ts";

/** Reasons for which a place takes nothing more until the board is renewed, and then takes it. */
export const worn: ReadonlySet<string> = new Set(["cell-worn", "list-worn", "notice-worn"]);

/** Keeps count of what an update adds and removes, and says when a place would be too full. */
export class GuardCounts {
  readonly #added = new Map<string, Set<string>>();
  /** The same, with those that nobody will see: they stay in a cell's map all the same. */
  readonly #keys = new Map<string, Set<string>>();
  readonly #removed = new Map<string, Set<string>>();
  /** Per root of a list or the notice: live length gained or lost. */
  readonly #lengths = new Map<string, number>();
  readonly #grown = new Set<string>();
  /** Per root of a list or the notice: new structs, also those that nobody will see. */
  readonly #pieces = new Map<string, number>();

  /** A live struct of the store, or a part of it, will be removed. */
  remove(spot: Spot, length: number): void {
    if (spot.parent.level !== "root") return;
    const { place, cell } = spot.parent.place;
    if (place === "cell") note(this.#removed, cell, spot.sub ?? "");
    else this.#change(place === "list" ? listRoot(cell) : noticeRoot, -length);
  }

  /** A new struct stands; called when the delete set has been read, so that `removed` is final. */
  add(struct: Struct): void {
    if (struct.parent?.level !== "root") return;
    const { place, cell } = struct.parent.place;
    const length = struct.kind === "deleted" ? 0 : struct.length - struct.removed;
    if (place === "cell") {
      note(this.#keys, cell, struct.sub ?? "");
      if (length > 0) note(this.#added, cell, struct.sub ?? "");
      return;
    }
    const root = place === "list" ? listRoot(cell) : noticeRoot;
    this.#pieces.set(root, (this.#pieces.get(root) ?? 0) + 1);
    if (length <= 0) return;
    this.#change(root, length);
    this.#grown.add(root);
  }

  /** The place that would be over its limit, or null. Only places that grow are counted. */
  overfull(doc: Y.Doc): string | null {
    for (const [cell, keys] of this.#keys) {
      // Yjs keeps every key there ever was, and goes through them all.
      const { _map: known } = doc.getMap(cellRoot(cell));
      const fresh = [...keys].filter((id) => !known.has(id)).length;
      if (fresh > 0 && known.size + fresh > guardCounts.keysPerCell)
        return isWorn(known.size, guardCounts.keysPerCell) ? "cell-worn" : "cell-full";
    }
    for (const [root, pieces] of this.#pieces) {
      if (root === noticeRoot) {
        const there = piecesOf(doc.getText(root));
        if (there + pieces > guardCounts.noticePieces)
          return isWorn(there, guardCounts.noticePieces) ? "notice-worn" : "notice-full";
      } else {
        const there = piecesOf(doc.getArray(root));
        if (there + pieces > guardCounts.entriesEver)
          return isWorn(there, guardCounts.entriesEver) ? "list-worn" : "list-full";
      }
    }
    for (const [cell, added] of this.#added) {
      const root = doc.getMap(cellRoot(cell));
      const items = new Set(root.keys());
      const before = items.size;
      for (const id of this.#removed.get(cell) ?? []) items.delete(id);
      for (const id of added) items.add(id);
      if (items.size > guardCounts.itemsPerCell && items.size > before) return "cell-full";
    }
    for (const root of this.#grown) {
      const change = this.#lengths.get(root) ?? 0;
      if (change <= 0) continue;
      if (root === noticeRoot) {
        if (doc.getText(noticeRoot).length + change > guardCounts.noticeLength) return "notice-full";
      } else if (doc.getArray(root).length + change > guardCounts.listEntries) return "list-full";
    }
    return null;
  }

  #change(root: string, by: number): void {
    this.#lengths.set(root, (this.#lengths.get(root) ?? 0) + by);
  }
}

/** Whether it is the place that has had too much, and not one update that brings too much. */
const isWorn = (had: number, most: number): boolean => had > most / 2;

/** What a list or a text was ever made of since its board was last renewed, as far as Yjs still tells it apart. */
export function piecesOf({ _start }: Pick<Y.AbstractType<unknown>, "_start">): number {
  let pieces = 0;
  for (let item = _start; item !== null; item = item.right) pieces++;
  return pieces;
}

function note(of: Map<string, Set<string>>, cell: string, id: string): void {
  const ids = of.get(cell);
  if (ids === undefined) of.set(cell, new Set([id]));
  else ids.add(id);
}
