import type { ProposalKind, ProposalOption, ProposalState, Tally, TurnoutCount } from "../proposals/model.ts";

/** Sizes and times of a screen on the wall (INV-11). Times in milliseconds. */
export const kioskLimits = {
  /** Characters of the code on the screen, shown in two groups. 40 bits for ten minutes. */
  codeLength: 8,
  pairingLasts: 10 * 60_000,
  nameLength: 40,
  /** "New this week": how far back, and how many are listed. */
  freshFor: 7 * 24 * 3_600_000,
  freshItems: 24,
  /** A result stays on the wall this long after it was told. */
  resultFor: 7 * 24 * 3_600_000,
  /** Changes of one board are told together, at most this often. */
  tellEvery: 500,
  /** More changed cells than this are not told: a screen reads each unit anew when its turn comes. */
  toldCells: 60,
} as const;

/** All of China keeps this time; the boxes behind screens are often left on UTC. */
export const wallTimeZone = "Asia/Shanghai";

/** A thing as the public sees it: no note, no owner, no one who wrote it. */
export interface WallLabel {
  title: string;
  category: string;
  quantity: number;
}

export interface WallCell {
  householdId: string;
  labels: WallLabel[];
}

/** One door of a unit with its labels. */
export interface WallDoor extends WallCell {
  door: string;
}

export interface WallUnit {
  unitId: string;
  name: string;
  doors: number;
  /** Things listed behind its doors. */
  things: number;
}

export interface WallBuilding {
  buildingId: string;
  name: string;
  units: WallUnit[];
}

/** Something listed in the last days; says the unit and not the door. */
export interface WallFresh {
  title: string;
  category: string;
  building: string;
  unit: string;
  addedAt: number;
}

export interface WallNotice {
  boardId: string;
  /** Null for the notice of the whole courtyard. */
  building: string | null;
  text: string;
}

/** A vote as it hangs on the wall. `result` is null until it was revealed. */
export interface WallVote {
  proposalId: string;
  round: number;
  question: string;
  kind: ProposalKind;
  options: ProposalOption[];
  state: ProposalState;
  openedAt: number | null;
  closesAt: number | null;
  closedAt: number | null;
  revealedAt: number | null;
  turnout: TurnoutCount;
  result: Tally | null;
}

/** Everything a wall shows, but for the labels of the units, which are read one unit at a time. */
export interface WallView {
  courtyard: string;
  /** Where the QR leads; null: where the screen itself was loaded from. */
  joinUrl: string | null;
  buildings: WallBuilding[];
  fresh: WallFresh[];
  /** All that were listed in the last days, also those not in `fresh`. */
  freshCount: number;
  notices: WallNotice[];
  votes: WallVote[];
}
