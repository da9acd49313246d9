/** A door number that stays on one line: "1-1-101" with hyphens that do not break. For titles, not for what is copied. */
export const unbrokenDoor = (door: string): string => door.replaceAll("-", "\u2011");
