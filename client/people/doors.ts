import type { Areas } from "../state/app-state.ts";

export type Courtyard = NonNullable<Areas["community"]["places"]>;
export type Building = Courtyard["buildings"][number];

/** The doors of a building with their whole numbers, "3-2-501", in the order of the wall. */
export const doorsOf = (building: Building): { id: string; label: string }[] =>
  building.units.flatMap((unit) =>
    unit.households.map(([id, door]) => ({
      id,
      label: [building.name, unit.name, door].filter((part) => part !== "").join("-"),
    })),
  );
