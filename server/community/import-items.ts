import type * as Y from "yjs";
import { readCell } from "../../shared/board/model.ts";
import { addItem, type BoardRefusal, editItem } from "../../shared/board/rules.ts";
import type { ItemAddition, ItemChange, ItemFacts } from "../../shared/community/import-plan-table.ts";
import { newId } from "../identity/secrets.ts";
import { Refusal } from "../refusal.ts";
import { EditRefused } from "../sync/tick-work.ts";
import type { ImportDeps, ImportOutcome, ImportRequest } from "./import.ts";
import { demandAsSeen, type ItemImport, planItemImport } from "./import-plan.ts";
import type { PlacedCell } from "./reading.ts";

/** How often an import looks anew when a neighbour writes in a cell it touches. */
const attempts = 3;

/** What an import does to one board, and the cells it was planned on. */
interface BoardPart {
  boardId: string;
  add: ItemAddition[];
  change: ItemChange[];
  cells: PlacedCell[];
}

/** A touched cell is not as it was when the import was planned. */
class CellMoved extends Error {}

/** Puts items on their boards: planned and checked as a whole, then one commit a board. */
export async function importItems(deps: ImportDeps, request: ImportRequest): Promise<ImportOutcome> {
  const planned = await planItemImport(deps.storage.db, request);
  demandAsSeen(planned, request.seen);
  const parts = partsOf(planned);
  let done = 0;
  for (const part of parts) {
    try {
      await writePart(deps, request, part);
    } catch (error) {
      if (done === 0) throw asRefusal(error);
      throw new Refusal("import-unfinished", `${done} of ${parts.length} boards were written.`, {
        done,
        total: parts.length,
      });
    }
    done += 1;
  }
  const { add, change, same } = planned.plan;
  return { added: add.length, changed: change.length, same: same.length };
}

const asRefusal = (error: unknown): unknown => {
  if (error instanceof CellMoved)
    return new Refusal("import-changed", "Somebody is writing in a touched cell.");
  if (error instanceof EditRefused)
    return new Refusal("too-large", `The board does not hold this: ${error.code}.`);
  return error;
};

function partsOf({ plan, existing }: ItemImport): BoardPart[] {
  const cells = new Map(existing.map((cell) => [cell.householdId, cell]));
  const parts = new Map<string, BoardPart>();
  const partFor = (householdId: string): BoardPart => {
    const cell = cells.get(householdId);
    if (!cell?.boardId) throw new Refusal("not-found", "A household stands on no board.");
    const part = parts.get(cell.boardId) ?? { boardId: cell.boardId, add: [], change: [], cells: [] };
    parts.set(cell.boardId, part);
    if (!part.cells.includes(cell)) part.cells.push(cell);
    return part;
  };
  for (const addition of plan.add) partFor(addition.householdId).add.push(addition);
  for (const change of plan.change) partFor(change.householdId).change.push(change);
  return [...parts.values()];
}

/** One board in one commit. What a neighbour does meanwhile elsewhere in a cell does not disturb it. */
async function writePart(deps: ImportDeps, request: ImportRequest, planned: BoardPart): Promise<void> {
  let part = planned;
  for (let attempt = 1; ; attempt += 1) {
    const { boardId } = part;
    try {
      await deps.rooms.edit(boardId, request.by, (doc) => writeItems(doc, part));
      return;
    } catch (error) {
      if (!(error instanceof CellMoved) || attempt === attempts) throw error;
      const fresh = partsOf(await planItemImport(deps.storage.db, request)).find(
        (each) => each.boardId === boardId,
      );
      if (!fresh || !sameWork(fresh, planned)) throw error;
      part = fresh;
    }
  }
}

const sameWork = (left: BoardPart, right: BoardPart): boolean =>
  JSON.stringify([left.add, left.change]) === JSON.stringify([right.add, right.change]);

function writeItems(doc: Y.Doc, { add, change, cells }: BoardPart): void {
  for (const { householdId, items } of cells) {
    const now = readCell(doc, householdId).map(({ id: itemId, order: _order, ...facts }) => ({
      itemId,
      ...facts,
    }));
    if (!sameItems(now, items)) throw new CellMoved();
  }
  for (const { householdId, itemId, after } of change) mustFit(editItem(doc, householdId, itemId, after));
  for (const { line: _line, householdId, ...draft } of add)
    mustFit(addItem(doc, householdId, newId(), draft));
}

type KnownItem = ItemFacts & { itemId: string };

function sameItems(left: readonly KnownItem[], right: readonly KnownItem[]): boolean {
  const key = ({ itemId, title, category, note, quantity }: KnownItem) =>
    JSON.stringify([itemId, title, category, note, quantity]);
  const keys = new Set(right.map(key));
  return left.length === right.length && left.every((item) => keys.has(key(item)));
}

/** The plan allows only what a cell takes, so this is a plan on a cell that is not there any more. */
function mustFit(refusal: BoardRefusal | null): void {
  if (refusal) throw new CellMoved(refusal);
}
