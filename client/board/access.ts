import type { RescuePlaces } from "../../shared/board/rescue.ts";
import type { Areas } from "../state/app-state.ts";

export type BoardsPart = Areas["board"]["boards"];
export type BoardPart = BoardsPart[number];
export type Access = BoardPart["access"];
export type Places = NonNullable<Areas["community"]["places"]>;

/** What a person may do with a household's cell: write it as one's own, on its behalf, or look. */
export function cellRight(access: Access, householdId: string): "own" | "behalf" | "look" {
  if (access.ownCell === householdId) return "own";
  return access.otherCells && (access.onlyCells?.includes(householdId) ?? true) ? "behalf" : "look";
}

/** The board on which a building's cells are; undefined when one may not see it. */
export function boardOf(boards: BoardsPart, buildingId: string): BoardPart | undefined {
  return (
    boards.find((board) => board.buildingId === buildingId) ??
    boards.find((board) => board.buildingId === null)
  );
}

/** Where a door is: its board, building and unit, and its whole number. */
export interface DoorPlace {
  householdId: string;
  door: string;
  /** "3-2-501" */
  address: string;
  unitId: string;
  buildingId: string;
}

/** Every door of the courtyard by its household. */
export function doorsOf(places: Places): Map<string, DoorPlace> {
  const doors = new Map<string, DoorPlace>();
  for (const building of places.buildings) {
    for (const unit of building.units) {
      for (const [householdId, door] of unit.households) {
        const address = addressOf(building.name, unit.name, door);
        doors.set(householdId, { householdId, door, address, unitId: unit.id, buildingId: building.id });
      }
    }
  }
  return doors;
}

/** A door as it stands on the plate: "3-2-501". */
export const addressOf = (building: string, unit: string, door: string): string =>
  [building, unit, door].filter((part) => part !== "").join("-");

/** All places of a board this person may write, and where unsaved edits can therefore be kept. */
export function placesToRescue(boards: BoardsPart, places: Places | null, boardId: string): RescuePlaces {
  const board = boards.find(({ id }) => id === boardId);
  if (!board) return { cells: [], lists: [] };
  const { access, lists } = board;
  const cells = places
    ? [...doorsOf(places).values()]
        .filter(({ buildingId }) => board.buildingId === null || board.buildingId === buildingId)
        .map(({ householdId }) => householdId)
        .filter((householdId) => cellRight(access, householdId) !== "look")
    : access.ownCell === null
      ? []
      : [access.ownCell];
  return { cells, lists: access.lists ? lists.map(({ id }) => id) : [] };
}
