/** How long a vote can be opened for with one touch, seconds: from a show in the yard to a week on the board. */
export const lengths = {
  "90s": 90,
  "3m": 180,
  "10m": 600,
  "1h": 3600,
  "1d": 86_400,
  "3d": 3 * 86_400,
  "7d": 7 * 86_400,
} as const;

export type Length = keyof typeof lengths;
export const lengthNames = Object.keys(lengths) as Length[];
