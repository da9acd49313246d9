import type { BoardAccess, BoardWriter } from "../../server/sync/ports.ts";
import type { Scope } from "./honest-edit.ts";

type Rights = Omit<BoardAccess, "read">;

const none: Rights = { ownCell: null, otherCells: false, lists: false, notice: false };

/** Who lives where and may do what, as the database has it, and what each was ever allowed. */
export class Residents {
  readonly #rights = new Map<string, Rights>();
  readonly #ever = new Map<string, Set<string>>();
  readonly #changed = new Set<string>();

  movesIn(residentId: string, ownCell: string | null): void {
    this.#set(residentId, { ...none, ownCell, lists: true });
  }

  isSteward(residentId: string): void {
    this.#set(residentId, { ...none, otherCells: true, lists: true, notice: true });
  }

  /** Changes what somebody may do while they are there. */
  change(residentId: string, rights: "moves" | "leaves" | "steward", cell: string): void {
    this.#changed.add(residentId);
    if (rights === "leaves") this.#set(residentId, none);
    else if (rights === "steward") this.isSteward(residentId);
    else this.movesIn(residentId, cell);
  }

  hasChanged(residentId: string): boolean {
    return this.#changed.has(residentId);
  }

  mayEver(residentId: string, cell: string): boolean {
    const ever = this.#ever.get(residentId);
    return ever !== undefined && (ever.has(cell) || ever.has("any"));
  }

  access(residentId: string): BoardAccess {
    return { read: true, ...(this.#rights.get(residentId) ?? none) };
  }

  writer(residentId: string): BoardWriter {
    const householdId = this.access(residentId).ownCell;
    return { residentId, displayName: `name of ${residentId}`, householdId, door: householdId };
  }

  scope(residentId: string, board: { households: readonly string[]; lists: readonly string[] }): Scope {
    const { ownCell, otherCells, lists, notice } = this.access(residentId);
    const cells = board.households.filter((household) => otherCells || household === ownCell);
    return { cells, lists: lists ? board.lists : [], notice };
  }

  #set(residentId: string, rights: Rights): void {
    this.#rights.set(residentId, rights);
    const ever = this.#ever.get(residentId) ?? new Set();
    if (rights.otherCells) ever.add("any");
    if (rights.ownCell !== null) ever.add(rights.ownCell);
    this.#ever.set(residentId, ever);
  }
}
