/** A door as it stands on the plate: "3-2-501". */
export const doorLabel = (building: string, unit: string, door: string): string =>
  [building, unit, door].filter((part) => part !== "").join("-");
