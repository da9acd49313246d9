import type * as Y from "yjs";
import { readItem, readList, readNotice } from "../../shared/board/model.ts";
import type { Touched } from "./guard.ts";
import type { BoardWriter, ItemChange } from "./ports.ts";

type Value = ItemChange["before"];
type Before = { touched: Touched; values: Map<string, Value> };

/** Reads what stands at the touched places now, to be compared once the edit has been applied. */
export function readBefore(doc: Y.Doc, touched: Touched[]): Before[] {
  return touched.map((one) => ({ touched: one, values: readValues(doc, one) }));
}

/** What an edit changed, item by item; a cell other than the writer's own is marked "on behalf of". */
export function changesSince(doc: Y.Doc, before: Before[], writer: BoardWriter): ItemChange[] {
  const changes: ItemChange[] = [];
  for (const { touched, values } of before) {
    const now = readValues(doc, touched);
    const onBehalf = touched.place === "cell" && touched.cell !== writer.householdId;
    for (const itemId of new Set([...values.keys(), ...now.keys()])) {
      const was = values.get(itemId) ?? null;
      const is = now.get(itemId) ?? null;
      if (same(was, is)) continue;
      const { place, cell } = touched;
      changes.push({ place, cell, itemId, before: was, after: is, residentId: writer.residentId, onBehalf });
    }
  }
  return changes;
}

function readValues(doc: Y.Doc, touched: Touched): Map<string, Value> {
  switch (touched.place) {
    case "cell": {
      const item = touched.itemId === null ? null : readItem(doc, touched.cell, touched.itemId);
      return new Map(touched.itemId === null || item === null ? [] : [[touched.itemId, item]]);
    }
    case "list":
      return new Map(readList(doc, touched.cell).map((entry) => [entry.id, entry]));
    case "notice":
      return new Map([["notice", { text: readNotice(doc) }]]);
  }
}

function same(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
