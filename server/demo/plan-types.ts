import type { ItemCategory } from "../../shared/board/layout.ts";
import type { RoleGrant } from "../../shared/identity/model.ts";

export type DemoCategory = ItemCategory;

/** `courtyard`: one old yard with one board. `compound`: 42 buildings, each with its own board. */
export type DemoSize = "courtyard" | "compound";

export interface DemoCourtyard {
  id: string;
  name: string;
  boardsAt: "courtyard" | "building";
}

export interface DemoBuilding {
  id: string;
  courtyardId: string;
  /** As on the plate: "3". */
  name: string;
  floors: number;
  elevator: boolean;
}

export interface DemoUnit {
  id: string;
  buildingId: string;
  name: string;
}

export interface DemoHousehold {
  id: string;
  courtyardId: string;
  buildingId: string;
  unitId: string;
  /** Door number within the unit: "501". */
  door: string;
  /** The whole way to the door: "3-2-501". */
  label: string;
  floor: number;
  /** Floor area in 0.01 m². */
  area: number;
  /** No phone in the home: a steward writes and votes on its behalf. */
  phoneless: boolean;
}

export interface DemoResident {
  id: string;
  /** Null for people of the office and the linkage, who live elsewhere. */
  householdId: string | null;
  displayName: string;
  /** `joined` has opened the slip and waits for the steward. */
  status: "joined" | "confirmed";
  joinedAt: number;
}

export interface DemoGrant extends RoleGrant {
  id: string;
  residentId: string;
}

export interface DemoBoard {
  id: string;
  courtyardId: string;
  /** Null for the board of the whole courtyard. */
  buildingId: string | null;
}

/** Items of one household stand in the order of its cell. */
export interface DemoItem {
  id: string;
  boardId: string;
  householdId: string;
  title: string;
  category: DemoCategory;
  note: string;
  quantity: number;
  addedAt: number;
  addedBy: string;
  onBehalf: boolean;
}

export interface DemoListEntry {
  id: string;
  text: string;
  done: boolean;
  addedBy: string;
  addedAt: number;
}

export interface DemoList {
  id: string;
  boardId: string;
  title: string;
  entries: readonly DemoListEntry[];
}

export interface DemoNotice {
  boardId: string;
  text: string;
  writtenBy: string;
  writtenAt: number;
}

export interface DemoChannel {
  id: string;
  courtyardId: string;
  /** Null for the channel of the whole courtyard. */
  buildingId: string | null;
}

export interface DemoMessage {
  id: string;
  channelId: string;
  authorId: string;
  text: string;
  at: number;
}

export interface DemoBallot {
  id: string;
  householdId: string;
  optionId: string;
  castBy: string;
  castAt: number;
  onBehalf: boolean;
}

export interface DemoProposal {
  id: string;
  courtyardId: string;
  title: string;
  body: string;
  kind: "yes-no-abstain" | "options";
  options: readonly { id: string; label: string }[];
  state: "open" | "revealed";
  createdBy: string;
  createdAt: number;
  openedAt: number;
  closesAt: number;
  closedAt: number | null;
  revealedAt: number | null;
  /** One ballot a household, in the order they were cast. */
  ballots: readonly DemoBallot[];
}

/** Whose eyes the demo lends to its visitors. The resident's home has two people, things on the wall, no ballot yet. */
export interface DemoTour {
  residentId: string;
  secondResidentId: string;
  stewardId: string;
  facilitatorId: string;
  officerId: string;
}

/** Everything a demo needs, as plain data; times in ms since the epoch. Within each list, oldest or lowest first. */
export interface DemoPlan {
  seed: number;
  size: DemoSize;
  now: number;
  community: { id: string; name: string };
  courtyards: readonly DemoCourtyard[];
  buildings: readonly DemoBuilding[];
  units: readonly DemoUnit[];
  households: readonly DemoHousehold[];
  residents: readonly DemoResident[];
  grants: readonly DemoGrant[];
  boards: readonly DemoBoard[];
  items: readonly DemoItem[];
  lists: readonly DemoList[];
  notices: readonly DemoNotice[];
  channels: readonly DemoChannel[];
  messages: readonly DemoMessage[];
  proposals: readonly DemoProposal[];
  tour: DemoTour;
}
