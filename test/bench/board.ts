import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { randomFrom } from "./load/schedule.ts";

const titles = ["螺丝刀", "积木一桶", "童话书", "电饭煲", "羽毛球拍", "花盆", "人字梯", "读卡器", "折叠桌"];
const categories = ["tools", "toys", "books", "appliances", "sports", "garden", "tools", "digital", "other"];

/** Items of one cell on a board of the bench; below the form's limit of 60. */
const ITEMS_PER_CELL = 50;
/** Client ids that write the items themselves; the demo's courtyard was written by about so many devices. */
const FIRST_WRITERS = 100;

export interface BoardShape {
  items: number;
  /** Yjs client ids that have each changed one item's note in the past and left. */
  pastSessions: number;
}

export interface BuiltBoard {
  update: Uint8Array;
  /** Every client id with structs, and the household under whose account it wrote. */
  clients: { clientId: number; household: number }[];
}

/** The last item's note: who has received it in a frame has received the board. */
export const wholeMark = "~the whole board~";

/** Households a board of this many items needs at least. */
export const householdsFor = (items: number): number => Math.max(1, Math.ceil(items / ITEMS_PER_CELL));

/**
 * A board with its past, the same bytes in every run.
 * @param households ids of the households; items go round those that are needed
 */
export function buildBoard({ items, pastSessions }: BoardShape, households: readonly string[]): BuiltBoard {
  const doc = new Y.Doc();
  const cells = householdsFor(items);
  const random = randomFrom(items * 31 + pastSessions);
  const clients: BuiltBoard["clients"] = [];
  const comeAs = (household: number) => {
    doc.clientID = 1 + Math.floor(random() * 0xffff_fff0);
    clients.push({ clientId: doc.clientID, household });
  };
  const cellOf = (index: number) => doc.getMap<Y.Map<unknown>>(cellRoot(households[index % cells] ?? ""));
  doc.transact(() => {
    const writers = Math.min(FIRST_WRITERS, cells);
    for (let writer = 0; writer < writers; writer++) {
      comeAs(writer);
      for (let index = writer; index < items; index += writers) cellOf(index).set(`i${index}`, itemAt(index));
    }
    // One transaction for them all: what a lone change costs Yjs grows with the client ids there are.
    for (let session = 0; session < pastSessions; session++) {
      const index = session % Math.max(1, items);
      comeAs(index % cells);
      cellOf(index).get(`i${index}`)?.set("note", `第 ${session} 次`);
    }
    comeAs(0);
    cellOf(items - 1)
      .get(`i${items - 1}`)
      ?.set("note", wholeMark);
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return { update, clients };
}

function itemAt(index: number): Y.Map<unknown> {
  const item = new Y.Map<unknown>();
  item.set("title", titles[index % titles.length]);
  item.set("category", categories[index % categories.length]);
  item.set("note", index % 3 === 0 ? "周末在家，随时来拿" : "");
  item.set("quantity", 1 + (index % 2));
  item.set("order", `a${Math.floor(index / 100)}`);
  return item;
}

/** How many items a board holds, over all its cells. */
export function itemsIn(doc: Y.Doc): number {
  let items = 0;
  for (const root of doc.share.keys()) if (root.startsWith("cell:")) items += doc.getMap(root).size;
  return items;
}
