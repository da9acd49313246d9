import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";

const HOUSEHOLDS = 148;
const LENDING = 113;
const ITEMS = 800;
const titles = ["螺丝刀", "积木一桶", "童话书", "电饭煲", "羽毛球拍", "花盆", "人字梯", "读卡器", "折叠桌"];
const categories = ["tools", "toys", "books", "appliances", "sports", "garden", "tools", "digital", "other"];

export const householdAt = (index: number) => `h${String(index % HOUSEHOLDS).padStart(3, "0")}`;

export const benchHouseholds = HOUSEHOLDS;

/** A board of the demo's size: 800 items of 113 of 148 households. */
export function boardOf800(household: (index: number) => string = householdAt): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let index = 0; index < ITEMS; index++) {
      doc.getMap(cellRoot(household(index % LENDING))).set(`i${index}`, itemAt(index));
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

function itemAt(index: number): Y.Map<unknown> {
  const item = new Y.Map<unknown>();
  item.set("title", titles[index % titles.length]);
  item.set("category", categories[index % categories.length]);
  item.set("note", index % 3 === 0 ? "周末在家，随时来拿" : "");
  item.set("quantity", 1 + (index % 2));
  item.set("order", `a${Math.floor(index / LENDING)}`);
  return item;
}

/** How many items a board holds, over all its cells. */
export function countItems(update: Uint8Array): number {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  let items = 0;
  for (const root of doc.share.keys()) if (root.startsWith("cell:")) items += doc.getMap(root).size;
  return items;
}
