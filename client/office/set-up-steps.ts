import type { QueryResult } from "../../shared/wire/contract.ts";

export type BuildingRow = QueryResult<"buildings.table">["buildings"][number];
export type HungScreen = Pick<QueryResult<"kiosk.list">["kiosks"][number], "lastSeenAt">;

export interface SetUpStep {
  readonly name: "courtyard" | "households" | "slips" | "screens";
  readonly href: string;
  readonly done: boolean;
}

type Count = "households" | "slips" | "joined" | "reached" | "listed";

/** A column of the table of buildings, added up. */
export const totalOf = (buildings: readonly BuildingRow[], count: Count): number =>
  buildings.reduce((sum, row) => sum + row[count], 0);

/**
 * The four steps from an empty courtyard to a screen at the gate. Slips are done when every household was given
 * one or has somebody in; the screen when one that hangs has been seen.
 */
export function setUpSteps(
  buildings: readonly BuildingRow[],
  screens: readonly HungScreen[],
): readonly SetUpStep[] {
  const households = totalOf(buildings, "households");
  return [
    { name: "courtyard", href: "/office/courtyard", done: true },
    { name: "households", href: "/office/tables", done: households > 0 },
    {
      name: "slips",
      href: "/office/slips",
      done: households > 0 && totalOf(buildings, "reached") >= households,
    },
    {
      name: "screens",
      href: "/office/screens",
      done: screens.some(({ lastSeenAt }) => lastSeenAt !== null),
    },
  ];
}
