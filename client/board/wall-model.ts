import type { Item } from "../../shared/board/model.ts";
import { addressOf, type Places } from "./access.ts";
import type { GridBuilding, GridDoor, GridUnit } from "./grid/grid-model.ts";

type Buildings = Places["buildings"];

/** What the wall reads of a board; each answer is the same object until it changes. */
export interface WallSource {
  cell(householdId: string): readonly Item[];
  fresh(householdId: string): ReadonlySet<string>;
  writing(place: string): boolean;
}

export interface PlaceNames {
  building(name: string): string;
  unit(name: string): string;
}

/**
 * Lays a board out as the wall draws it. Doors, units and buildings in which nothing changed are the same
 * objects as before, so that one edit draws one cell.
 */
export function createWallModel() {
  const doors = new Map<string, GridDoor>();
  const units = new Map<string, GridUnit>();
  const frames = new Map<string, GridBuilding>();
  let wall: readonly GridBuilding[] = [];

  return (
    buildings: Buildings,
    source: WallSource | null,
    mine: string | null,
    names: PlaceNames,
  ): readonly GridBuilding[] => {
    const next = buildings.map((building) => {
      const inBuilding = building.units.map((unit) => {
        const inUnit = unit.households.map(([householdId, door]) => {
          const read: GridDoor = {
            householdId,
            door,
            address: addressOf(building.name, unit.name, door),
            items: source?.cell(householdId) ?? nothing,
            mine: householdId === mine,
            fresh: source?.fresh(householdId) ?? noneFresh,
            writing: source?.writing(`cell:${householdId}`) ?? false,
          };
          return reuse(doors, householdId, read);
        });
        const read: GridUnit = { id: unit.id, name: names.unit(unit.name), doors: inUnit };
        return reuse(units, unit.id, read);
      });
      const read: GridBuilding = { id: building.id, name: names.building(building.name), units: inBuilding };
      return reuse(frames, building.id, read);
    });
    if (!sameList(wall, next)) wall = next;
    return wall;
  };
}

const nothing: readonly Item[] = [];
const noneFresh: ReadonlySet<string> = new Set();

/** The object kept under `id` if every field is the same, else the new one. */
function reuse<T extends object>(kept: Map<string, T>, id: string, fresh: T): T {
  const known = kept.get(id);
  if (known && (Object.keys(fresh) as (keyof T)[]).every((key) => sameField(known[key], fresh[key])))
    return known;
  kept.set(id, fresh);
  return fresh;
}

const sameField = (one: unknown, other: unknown): boolean =>
  one === other || (Array.isArray(one) && Array.isArray(other) && sameList(one, other));

const sameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index]);
