/** An item as a label shows it; what the board's model reads fits into it. */
export interface GridItem {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly note: string;
  readonly quantity: number;
}

/** One household's place on the wall. */
export interface GridDoor {
  readonly householdId: string;
  /** What the plate says: "501". */
  readonly door: string;
  /** The whole number, for those who hear it: "3-2-501". */
  readonly address: string;
  readonly items: readonly GridItem[];
  readonly mine: boolean;
  /** Ids of items that are new or changed since the last visit. */
  readonly fresh: ReadonlySet<string>;
  /** Somebody is writing in this cell right now. */
  readonly writing: boolean;
}

export interface GridUnit {
  readonly id: string;
  /** "2 单元" */
  readonly name: string;
  readonly doors: readonly GridDoor[];
}

export interface GridBuilding {
  readonly id: string;
  /** "3 栋" */
  readonly name: string;
  readonly units: readonly GridUnit[];
}

/** A unit as a step of the way through the courtyard. */
export interface UnitPlace {
  readonly unitId: string;
  readonly unitName: string;
  readonly buildingId: string;
  readonly buildingName: string;
}

/** The floor of a door number as Chinese houses count it: "501" is on 5, "1203" on 12; 0 when it says none. */
export function floorOf(door: string): number {
  const digits = /\d+/.exec(door)?.[0] ?? "";
  return digits.length >= 3 ? Number(digits.slice(0, -2)) : 0;
}

/** Doors as they lie on the house front: the top floor first, from left to right on a floor. */
export function houseFront<Door extends { readonly door: string }>(doors: readonly Door[]): readonly Door[] {
  return [...doors].sort(
    (a, b) => floorOf(b.door) - floorOf(a.door) || a.door.localeCompare(b.door, "zh-CN", { numeric: true }),
  );
}

/** Every unit of the courtyard in walking order. */
export function unitPlaces(buildings: readonly GridBuilding[]): readonly UnitPlace[] {
  return buildings.flatMap((building) =>
    building.units.map((unit) => ({
      unitId: unit.id,
      unitName: unit.name,
      buildingId: building.id,
      buildingName: building.name,
    })),
  );
}

/** The unit one step on or back; none at either end of the courtyard. */
export function neighbourUnit(
  places: readonly UnitPlace[],
  unitId: string,
  step: 1 | -1,
): UnitPlace | undefined {
  const at = places.findIndex((place) => place.unitId === unitId);
  return at < 0 ? undefined : places[at + step];
}

/** How many households of these have something to lend, and how many things there are. */
export function countLending(doors: readonly GridDoor[]): { lending: number; items: number } {
  return {
    lending: doors.filter((door) => door.items.length > 0).length,
    items: doors.reduce((sum, door) => sum + door.items.length, 0),
  };
}
