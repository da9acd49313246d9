/** What the one who says it must be for the words to be true. Nothing said: any neighbour who has joined. */
export interface Part {
  /** Lends the thing with this title. */
  has?: string;
  /** A child's mother or father, a grandparent, or anyone but a grandparent. */
  who?: "parent" | "elder" | "grown";
  floor?: "first" | "top";
  role?: "steward" | "facilitator" | "officer" | "organisation" | "social-worker";
}

/** One conversation of the demo. */
export interface Thread {
  /** How many days ago it began; 0 means today. */
  day: number;
  /** Local time of the first line, "19:05", or "95 minutes ago" for a thread of today. */
  at: string;
  /** Parts with a condition; every other letter is spoken by any neighbour who has joined. */
  cast: Readonly<Record<string, Part>>;
  /** Speaker, minutes since the line before, text. `{B.door}` and `{S.name}` stand for that part's door and name. */
  lines: readonly (readonly [speaker: string, gap: number, text: string])[];
}

/** A conversation of one building; some only make sense where there is, or is no, elevator. */
export interface BuildingThread extends Omit<Thread, "day" | "at"> {
  /** Local time of the first line; the planner chooses the day. */
  at: string;
  fits: "any" | "walk-up" | "elevator";
}
