import type { AttackKind } from "./attacks.ts";
import { Chance } from "./chance.ts";
import type { DiskFault, Question } from "./disk-line.ts";
import { type Profile, type ProfileName, profiles, type StepName } from "./profiles.ts";
import type { FolderFault } from "./sim-folder.ts";
import type { Cut } from "./sim-line.ts";

/**
 * One thing that people do, or that happens to the machines. Numbers of devices, nodes and boards count round: a plan
 * with steps left out is still a plan. `salt` decides what within the step is left to chance. Times in milliseconds.
 */
export type Step = { at: number } & (
  | { do: "edit"; device: number; salt: number }
  | { do: "show"; device: number; salt: number }
  | { do: "away"; device: number; ms: number }
  | { do: "everyone-away"; ms: number }
  | { do: "reload"; device: number }
  | { do: "cut"; device: number; how: Cut }
  | { do: "stall"; device: number; ms: number }
  | { do: "crash"; node: number; acts: number; ms: number }
  | { do: "freeze"; node: number; ms: number }
  | { do: "skew"; node: number; ms: number }
  | { do: "drain"; node: number; ms: number }
  | { do: "bus-cut"; node: number; how: "broken" | "silent"; ms: number }
  | { do: "bus-flaky"; loss: number; twice: number; lag: number; ms: number }
  | { do: "bus-flush" }
  | { do: "disk"; node: number; question: Question; fault: DiskFault; times: number }
  | { do: "disk-cut"; node: number; ms: number }
  | { do: "folding"; node: number; fault: FolderFault; times: number }
  | { do: "tell"; node: number; events: number }
  | { do: "listener-away"; listener: number; how: "both" | "silent"; ms: number }
  | { do: "rights"; device: number; salt: number }
  | { do: "rights-in-trouble"; device: number; salt: number; fault: DiskFault }
  | { do: "rights-at-the-door"; device: number; ms: number; salt: number }
  | { do: "add-household"; board: number; node: number }
  | { do: "server-edit"; board: number; node: number; salt: number }
  | { do: "attack"; kind: AttackKind; node: number; board: number; salt: number }
);

export type Plan = {
  seed: number;
  profile: ProfileName;
  nodes: number;
  boards: number;
  /** How many people's devices take part from the start. */
  devices: number;
  /** How many listen to the community. */
  listeners: number;
  steps: Step[];
};

/** Everybody hears of everybody: a run's cost grows with the square of this. */
const mostDevices = 6;

/** The plan of a seed: what will be done and what will go wrong, decided before anything runs. */
export function planOf(seed: number, name: ProfileName): Plan {
  const profile: Profile = profiles[name];
  const chance = new Chance(seed, name.length, name.charCodeAt(0), name.charCodeAt(1));
  const nodes = chance.between(...profile.nodes);
  const boards = chance.between(...profile.boards);
  const devices = Math.min(mostDevices, chance.between(...profile.devices) * boards);
  const count = chance.between(...profile.steps);
  const deck = Object.entries(profile.weights).flatMap(([step, weight]) =>
    Array.from({ length: weight }, () => step as StepName),
  );
  const steps: Step[] = [];
  let at = chance.between(0, 200);
  while (steps.length < count) {
    steps.push({ at, ...stepOf(chance.pick(deck), profile, chance) });
    at += profile.gap === undefined ? gap(chance) : chance.between(...profile.gap);
  }
  const listeners = 2;
  steps.push(...happenings(profile, new Chance(seed, 7, name.length, name.charCodeAt(0)), at));
  steps.push(...foldings(profile, new Chance(seed, 8, name.length, name.charCodeAt(0)), at));
  steps.sort((a, b) => a.at - b.at);
  return { seed, profile: name, nodes, boards, devices, listeners, steps };
}

/** What happens in the community meanwhile: drawn apart, so that the boards' steps do not depend on it. */
function happenings(profile: Profile, chance: Chance, end: number): Step[] {
  const { news } = profile;
  const deck = Object.entries(news.weights).flatMap(([step, weight]) =>
    Array.from({ length: weight }, () => step as StepName),
  );
  return Array.from({ length: chance.between(...news.steps) }, () => ({
    at: chance.between(0, end),
    ...stepOf(chance.pick(deck), { ...profile, questions: news.questions }, chance),
  }));
}

/** What goes wrong with the folding threads, drawn apart likewise. */
function foldings(profile: Profile, chance: Chance, end: number): Step[] {
  const { foldings: often = [0, 0] } = profile;
  return Array.from({ length: chance.between(...often) }, () => ({
    at: chance.between(0, end),
    ...stepOf("folding", profile, chance),
  }));
}

/** Mostly a rush, sometimes a pause, now and then long enough for a room to rest. */
function gap(chance: Chance): number {
  const kind = chance.next();
  if (kind < 0.55) return chance.between(0, 12);
  if (kind < 0.85) return chance.between(10, 250);
  return kind < 0.98 ? chance.between(200, 2_000) : chance.between(2_000, 9_000);
}

type Undated<S> = S extends unknown ? Omit<S, "at"> : never;

function stepOf(what: StepName, profile: Profile, chance: Chance): Undated<Step> {
  const device = chance.between(0, 59);
  const node = chance.between(0, 5);
  const board = chance.between(0, 5);
  const salt = chance.between(1, 2 ** 31 - 1);
  switch (what) {
    case "edit":
    case "show":
    case "rights":
      return { do: what, device, salt };
    case "reload":
      return { do: what, device };
    case "away":
      return { do: what, device, ms: chance.between(5, 3_000) };
    case "everyone-away":
      return { do: what, ms: chance.between(3_000, 12_000) };
    case "cut":
      return {
        do: what,
        device,
        how: chance.pick<Cut>(["both", "both", "client-only", "server-only", "none"]),
      };
    case "stall":
      return { do: what, device, ms: chance.pick([50, 400, 3_000, 20_000]) };
    case "crash":
      return { do: what, node, acts: chance.between(0, 25), ms: chance.between(20, 3_000) };
    case "freeze":
      return { do: what, node, ms: chance.pick([30, 300, 2_500, 65_000]) };
    case "skew":
      return { do: what, node, ms: chance.pick(profile.skews) };
    case "drain":
      return { do: what, node, ms: chance.between(20, 2_000) };
    case "bus-cut":
      return {
        do: what,
        node,
        how: chance.pick<"broken" | "silent">(["broken", "silent"]),
        ms: chance.pick([40, 800, 1_600, 6_000]),
      };
    case "bus-flaky": {
      const ms = chance.between(100, 4_000);
      return {
        do: what,
        loss: chance.next() / 2,
        twice: chance.next() / 2,
        lag: chance.pick([0, 20, 300]),
        ms,
      };
    }
    case "bus-flush":
      return { do: what };
    case "disk": {
      const question = chance.pick(profile.questions);
      return { do: what, node, question, fault: diskFault(chance), times: chance.pick([1, 1, 1, 2, 8]) };
    }
    case "rights-in-trouble": {
      const fault = chance.hit(0.4) ? ({ kind: "answer-lost" } as const) : diskFault(chance);
      return { do: what, device, salt, fault };
    }
    case "rights-at-the-door":
      return { do: what, device, ms: chance.between(1_200, 2_500), salt };
    case "disk-cut":
      return { do: what, node, ms: chance.pick([40, 800, 3_000]) };
    case "folding": {
      const ms = chance.pick([150, 800, 3_000]);
      const fault = chance.pick<FolderFault>([{ kind: "ends" }, { kind: "slow", ms }]);
      return { do: what, node, fault, times: chance.pick([1, 1, 3]) };
    }
    case "tell":
      return { do: what, node, events: chance.between(1, 3) };
    case "listener-away":
      return {
        do: what,
        listener: device,
        how: chance.pick<"both" | "silent">(["both", "both", "silent"]),
        ms: chance.between(5, 4_000),
      };
    case "add-household":
      return { do: what, board, node };
    case "server-edit":
      return { do: what, board, node, salt };
    case "attack":
      return { do: what, kind: chance.pick(profile.attacks), node, board, salt };
  }
}

function diskFault(chance: Chance): DiskFault {
  const ms = chance.pick([15, 60, 400, 2_500, 6_000]);
  return chance.pick<DiskFault>([
    { kind: "error" },
    { kind: "answer-lost" },
    { kind: "slow", ms },
    { kind: "answer-late", ms },
  ]);
}
