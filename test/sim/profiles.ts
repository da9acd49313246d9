import type { RoomSettings } from "../../server/sync/settings.ts";
import type { AttackKind } from "./attacks.ts";
import type { Question } from "./disk-line.ts";
import type { Step } from "./plan.ts";

export type StepName = Step["do"];

/** What kind of trouble a run is about. Ranges are [least, most]. */
export type Profile = {
  nodes: [number, number];
  boards: [number, number];
  /** Devices for each board. */
  devices: [number, number];
  steps: [number, number];
  /** How often each step comes, among the others. */
  weights: Partial<Record<StepName, number>>;
  /** Which questions to the database go wrong. */
  questions: Question[];
  /** What happens in the community at the same time, and what of it goes wrong. */
  news: {
    steps: [number, number];
    weights: Partial<Record<StepName, number>>;
    questions: Question[];
  };
  /** How often something goes wrong with a folding thread. */
  foldings?: [number, number];
  attacks: AttackKind[];
  /** By how much a node's clock jumps ahead, milliseconds. */
  skews: number[];
  /** How far the clocks of the machines are from the true time from the start, milliseconds. */
  apart: number[];
  settings: Partial<RoomSettings>;
  /** How long a question takes to the database, and its answer back, milliseconds. */
  lag: [number, number];
  /** Milliseconds between two steps; absent: now a rush, now a pause. */
  gap?: [number, number];
  /** No node hears another over the bus, from the start to the end. */
  deaf?: true;
  /** Its runs are long: only so many of the seeds are played in each test run. */
  share?: number;
  /** The database and the nodes are sound all the time: then nobody may be told that nothing could be saved. */
  fair?: true;
};

const people = { edit: 60, show: 3, away: 5, reload: 2, "server-edit": 1, stall: 2 };

const neighbours = { tell: 8, "listener-away": 3 };

const news: Profile["news"] = {
  steps: [4, 10],
  weights: neighbours,
  questions: ["unit", "unit", "append", "events", "event-head", "access"],
};

/** Rights change now and then, whatever goes wrong at the same time. */
const livelyNews: Profile["news"] = { ...news, weights: { ...neighbours, rights: 1 } };

const plain: Profile = {
  nodes: [1, 3],
  boards: [1, 2],
  devices: [3, 5],
  steps: [50, 90],
  weights: people,
  questions: ["commit", "commit", "commit", "turn", "load", "since", "heads", "snapshot"],
  news,
  attacks: [],
  skews: [30],
  apart: [0, 0, -40, 25],
  settings: {},
  lag: [1, 4],
};

export const profiles = {
  /** Nothing goes wrong but what people do: leave, come back, load the page again. */
  steady: { ...plain, fair: true },
  /** Lines break, fall silent, stall. */
  network: { ...plain, weights: { ...people, cut: 8, stall: 8, away: 8 }, news: livelyNews, fair: true },
  /** Nodes die between two of their acts, freeze, and are shut down in order. */
  crashes: {
    ...plain,
    nodes: [1, 3],
    weights: { ...people, crash: 5, freeze: 2, drain: 3 },
    news: livelyNews,
  },
  /** The database fails, is slow, and does what it says it did not do. */
  database: {
    ...plain,
    weights: { ...people, disk: 14 },
    news: { ...news, weights: { ...neighbours, "rights-in-trouble": 8, disk: 6, "disk-cut": 1 } },
  },
  /** The bell between the nodes is lost, late, doubled, cut off. */
  bus: {
    ...plain,
    nodes: [2, 3],
    weights: { ...people, "bus-cut": 4, "bus-flaky": 4, "bus-flush": 2, away: 6, freeze: 1 },
    news: livelyNews,
  },
  /** All nodes are busy on one board without a pause, hear nothing of one another, and the database is far away. */
  rivals: {
    ...plain,
    nodes: [2, 3],
    boards: [1, 1],
    devices: [4, 6],
    steps: [350, 450],
    weights: { edit: 300, reload: 1 },
    lag: [10, 30],
    gap: [0, 24],
    share: 1 / 4,
    deaf: true,
    fair: true,
  },
  /** Boards are folded and made anew, with people who come back with old copies. */
  renewal: {
    ...plain,
    boards: [1, 1],
    weights: { ...people, "everyone-away": 5, reload: 8, disk: 3, crash: 1 },
    questions: ["renew", "snapshot", "load", "commit", "since"],
    foldings: [6, 12],
    settings: { renewClients: 3, renewBytes: 600, renewOpenMs: 4_000, compactRows: 4 },
  },
  /** Rights change and places are added while boards are open. */
  rights: { ...plain, weights: { ...people, rights: 5, "add-household": 2, away: 4 }, news: livelyNews },
  /** Rights change while everybody comes back to nodes that nobody was on. */
  doors: {
    ...plain,
    nodes: [2, 3],
    steps: [12, 20],
    gap: [500, 2_000],
    weights: { edit: 4, show: 1 },
    news: { ...news, steps: [8, 12], weights: { tell: 2, "rights-at-the-door": 4 } },
  },
  /** Somebody tries everything against the board. */
  hostile: {
    ...plain,
    nodes: [1, 3],
    weights: { ...people, attack: 14 },
    attacks: [
      "foreign-cell",
      "foreign-edit",
      "foreign-delete",
      "foreign-client",
      "notice",
      "squat",
      "equivocate",
      "malformed",
      "orphan",
    ],
  },
  /** The clocks of the nodes differ from the start, and jump ahead; back they never go. */
  clocks: {
    ...plain,
    weights: { ...people, skew: 4, away: 4 },
    news: livelyNews,
    skews: [40, 2_000, 3_600_000],
    apart: [0, 90_000, -3_600_000],
  },
  /** All at once. */
  storm: {
    ...plain,
    nodes: [2, 3],
    steps: [70, 120],
    weights: {
      ...people,
      cut: 4,
      stall: 4,
      crash: 2,
      freeze: 1,
      drain: 1,
      "bus-cut": 2,
      "bus-flaky": 2,
      "bus-flush": 1,
      disk: 5,
      "everyone-away": 1,
      attack: 3,
    },
    questions: ["commit", "commit", "turn", "load", "since", "heads", "snapshot", "renew"],
    news: { ...news, weights: { ...neighbours, rights: 1, disk: 3 } },
    foldings: [3, 6],
    attacks: ["foreign-cell", "foreign-delete", "equivocate", "malformed", "orphan"],
    settings: { renewClients: 12 },
  },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export const profileNames = Object.keys(profiles) as ProfileName[];
