import type { Kysely } from "kysely";
import * as Y from "yjs";
import { type BoardView, readBoard } from "../../../shared/board/model.ts";
import { loadBoard } from "../../board/board-store.ts";
import type { Schema } from "../../storage/schema.ts";
import { readParts } from "../../sync/merge-updates.ts";
import type { StoredBoard } from "../../sync/ports.ts";

/** Puts every board together from its snapshot and log, and compares it with the rows others read. */
export async function checkBoards(db: Kysely<Schema>): Promise<string[]> {
  const boards = await db.selectFrom("boards").select("id").orderBy("id").execute();
  const findings: string[] = [];
  for (const { id } of boards) {
    const stored = await loadBoard(db, id).catch((error: Error) => error.message);
    if (!stored) continue;
    const read = typeof stored === "string" ? stored : readStored(stored);
    if (typeof read === "string") findings.push(`board ${id}: ${read}`);
    else findings.push(...(await compareItems(db, id, read)));
  }
  return findings;
}

/** The board as plain values, or why it cannot be read. */
function readStored({ snapshot, updates, households, lists }: StoredBoard): BoardView | string {
  const doc = new Y.Doc();
  try {
    readParts(doc, snapshot ? [snapshot, ...updates] : updates);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
      return "its log builds on an update that is not there";
    }
    return readBoard(doc, households, lists);
  } catch (error) {
    return `its log cannot be read (${error instanceof Error ? error.message : error})`;
  } finally {
    doc.destroy();
  }
}

async function compareItems(db: Kysely<Schema>, boardId: string, view: BoardView): Promise<string[]> {
  const rows = await db
    .selectFrom("board_items")
    .select(["household_id", "item_id", "title", "category", "note", "quantity", "position"])
    .where("board_id", "=", boardId)
    .execute();
  const asRows = new Map(
    rows.map(({ household_id, item_id, title, category, note, quantity, position }) => [
      `${household_id}/${item_id}`,
      JSON.stringify([title, category, note, quantity, position]),
    ]),
  );
  const inDocument = new Map(
    Object.entries(view.cells).flatMap(([householdId, items]) =>
      items.map(({ id, title, category, note, quantity, order }): [string, string] => [
        `${householdId}/${id}`,
        JSON.stringify([title, category, note, quantity, order]),
      ]),
    ),
  );
  const findings: string[] = [];
  for (const key of new Set([...asRows.keys(), ...inDocument.keys()])) {
    if (asRows.get(key) === inDocument.get(key)) continue;
    const how = !asRows.has(key)
      ? "is in the document and not in its row"
      : !inDocument.has(key)
        ? "has a row and is not in the document"
        : "reads differently in the document and in its row";
    findings.push(`board ${boardId}: item ${key} ${how}`);
  }
  return findings;
}
