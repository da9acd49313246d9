import type { z } from "zod";
import type { historyPlace } from "../../shared/board/contract.ts";
import { type Actor, holds, isStaff } from "../../shared/identity/model.ts";
import { Refusal } from "../refusal.ts";
import type { BoardAccess } from "../sync/ports.ts";

/** Where a board belongs. */
export interface BoardPlace {
  id: string;
  courtyardId: string;
  /** Null for the board of a whole courtyard. */
  buildingId: string | null;
  /** Whether residents of the courtyard's other buildings may look. */
  open: boolean;
}

const nothing: BoardAccess = { read: false, ownCell: null, otherCells: false, lists: false, notice: false };

/**
 * What an actor may do on a board.
 * - A household writes its own cell and the shared lists of the boards it belongs to.
 * - Stewards and officers of the place also write other cells, on their behalf, and the notice.
 * - Residents of other buildings, facilitators, organisations and social workers of the courtyard look.
 * - A screen sees what the wall serialiser shows it, never the document.
 */
export function boardAccess(actor: Actor, board: BoardPlace): BoardAccess {
  if (actor.kind === "kiosk") return nothing;
  const { household } = actor;
  const ofCourtyard = household?.courtyardId === board.courtyardId;
  const belongs = ofCourtyard && (board.buildingId === null || board.buildingId === household.buildingId);
  const { courtyardId, buildingId } = board;
  const looksAfter =
    holds(actor, "officer", courtyardId) || holds(actor, "steward", courtyardId, buildingId ?? undefined);
  const works =
    isStaff(actor, courtyardId) ||
    holds(actor, "organisation", courtyardId) ||
    holds(actor, "social-worker", courtyardId);
  return {
    read: belongs || works || (ofCourtyard && board.open),
    ownCell: belongs ? household.householdId : null,
    otherCells: looksAfter,
    lists: belongs || looksAfter,
    notice: looksAfter,
  };
}

/**
 * On a board of several buildings, the buildings whose cells the actor may write on their behalf;
 * null when it is not limited to some.
 */
export function caredBuildings(actor: Actor, { courtyardId, buildingId }: BoardPlace): string[] | null {
  if (actor.kind === "kiosk" || buildingId !== null || holds(actor, "officer", courtyardId)) return null;
  const buildings: string[] = [];
  for (const grant of actor.grants) {
    if (grant.role !== "steward" || (grant.courtyardId !== null && grant.courtyardId !== courtyardId))
      continue;
    if (grant.buildingId === null) return null;
    buildings.push(grant.buildingId);
  }
  return buildings.length > 0 ? buildings : null;
}

/** True if the actor sees the board only because the courtyard's boards are open to each other. */
export const isGuest = (actor: Actor, board: BoardPlace): boolean =>
  board.open && boardAccess(actor, board).read && !boardAccess(actor, { ...board, open: false }).read;

/** A place on a board, as its history and its restoring know it. */
export type BoardThing = z.infer<typeof historyPlace>;

/** Whether a household's cell is one's own or in one's care. */
const writesCell = ({ ownCell, otherCells, onlyCells }: BoardAccess, householdId: string): boolean =>
  ownCell === householdId || (otherCells && (onlyCells?.has(householdId) ?? true));

/**
 * What needs more than reading, for those who may read the board at all.
 * - Who changed what in a cell is for the household itself and those who care for it; on a list, for all.
 * - Who may write a place may also bring it back to an earlier state.
 * - Stewards and officers put shared lists up and take them down.
 */
const sentences = {
  "read history": (access: BoardAccess, thing: BoardThing) => {
    if (thing.place === "cell") return writesCell(access, thing.householdId);
    return thing.place === "list" ? access.read : access.notice;
  },
  restore: (access: BoardAccess, thing: BoardThing) => {
    if (thing.place === "cell") return writesCell(access, thing.householdId);
    return thing.place === "list" ? access.lists : access.notice;
  },
  "manage the lists of": (access: BoardAccess, _board: BoardPlace) => access.otherCells,
};
type Sentences = typeof sentences;

/** @throws Refusal `not-allowed` unless the access allows it */
export function demand<V extends keyof Sentences>(
  access: BoardAccess,
  verb: V,
  thing: Parameters<Sentences[V]>[1],
): void {
  const sentence: (access: BoardAccess, thing: never) => boolean = sentences[verb];
  if (!sentence(access, thing as never))
    throw new Refusal("not-allowed", `This person may not ${verb} this.`);
}
