import { type Actor, holds, isStaff } from "../../shared/identity/model.ts";
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
    // The notice speaks to everybody on the board, so a steward of one building writes only their building's.
    notice: looksAfter && caredBuildings(actor, board) === null,
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
