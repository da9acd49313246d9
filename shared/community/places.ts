import { type Door, floorOf } from "./door.ts";
import { compareDoors, compareNames } from "./door-order.ts";

export const longestCourtyardName = 40;

export interface UnitOf<T> {
  name: string;
  /** In the order of their doors. */
  households: T[];
}

export interface BuildingOf<T> {
  name: string;
  units: UnitOf<T>[];
}

/** Courtyard → buildings → units → households, each level in the order of its names. */
export function placesOf<T extends Door>(households: readonly T[]): BuildingOf<T>[] {
  const buildings = new Map<string, Map<string, T[]>>();
  for (const household of [...households].sort(compareDoors)) {
    const units = buildings.get(household.building) ?? new Map<string, T[]>();
    buildings.set(household.building, units);
    const unit = units.get(household.unit) ?? [];
    units.set(household.unit, unit);
    unit.push(household);
  }
  return [...buildings].map(([name, units]) => ({
    name,
    units: [...units].map(([unit, inUnit]) => ({ name: unit, households: inUnit })),
  }));
}

/**
 * The doors of a unit as they stand on the wall: the highest floor first, doors without a floor last, each floor from
 * left to right.
 */
export function floorsOf<T extends { door: string }>(
  households: readonly T[],
): { floor: number | null; households: T[] }[] {
  const floors = new Map<number | null, T[]>();
  for (const household of households) {
    const floor = floorOf(household.door);
    floors.set(floor, [...(floors.get(floor) ?? []), household]);
  }
  return [...floors]
    .sort(([left], [right]) => (right ?? Number.NEGATIVE_INFINITY) - (left ?? Number.NEGATIVE_INFINITY))
    .map(([floor, onFloor]) => ({
      floor,
      households: onFloor.sort((left, right) => compareNames(left.door, right.door)),
    }));
}
