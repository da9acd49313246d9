/** From here on one board for all is too large to be read as a wall. */
const manyHouseholds = 200;
const manyBuildings = 12;

export interface Division {
  /** How large the courtyard will be. */
  households: number;
  buildings: number;
  /** A board for each building would serve it better than the one it has. */
  advised: boolean;
  /** Its one board is still empty, so that nothing would be lost. */
  possible: boolean;
}

/** Whether a courtyard with one board for all should have one for each building. */
export const adviseDivision = (
  size: { households: number; buildings: number },
  boardsAt: "courtyard" | "building",
  boardIsEmpty: boolean,
): Division => ({
  ...size,
  advised: boardsAt === "courtyard" && (size.households > manyHouseholds || size.buildings > manyBuildings),
  possible: boardsAt === "courtyard" && boardIsEmpty,
});
