import { type Chance, chanceOf } from "./chance.ts";

/** What the nemesis can do. Each has a hand in faults.ts. */
export type FaultKind =
  | "kill-node"
  | "freeze-node"
  | "restart-node"
  | "rolling-restart"
  | "kill-redis"
  | "freeze-redis"
  | "flap-redis"
  | "slow-redis"
  | "kill-postgres"
  | "freeze-postgres"
  | "slow-postgres"
  | "hide-redis"
  | "hide-postgres"
  | "lose-commit-answers"
  | "cut-clients"
  | "crash-writers"
  | "blackout"
  | "fill-disk";

/** How a line is spoilt: silent and later resumed, silent and later reset, or refusing. */
export const cuts = ["hold", "hold-then-reset", "refuse"] as const;
export type Cut = (typeof cuts)[number];

export interface Fault {
  kind: FaultKind;
  /** Milliseconds from the beginning of its round. */
  at: number;
  /** Milliseconds until it is healed. */
  lasts: number;
  /** Which node it hits; null: all of them, or none. */
  node: number | null;
  cut: Cut;
  /** Writers of the node that is killed die with it, and their local copies too. */
  withWriters: boolean;
}

export interface Round {
  number: number;
  /** Milliseconds of faults, before everything is healed and compared. */
  lasts: number;
  faults: Fault[];
  /** At the end Redis is healed only after the boards were compared: they must agree without it. */
  agreeWithoutRedis: boolean;
}

export interface ScheduleOptions {
  seed: number;
  rounds: number;
  /** Milliseconds of one round. */
  roundLasts: number;
  nodes: number;
  redis: boolean;
  /** Rare faults may be this long, milliseconds. */
  longest: number;
  /** The database lies on a small disk, which runs full in every round. */
  smallDisk?: boolean;
}

interface Range {
  least: number;
  most: number;
  /** How often it is dealt. */
  weight: number;
  hitsOneNode: boolean;
  needsRedis?: boolean;
}

const ranges: Record<FaultKind, Range> = {
  "kill-node": { least: 0, most: 3_000, weight: 4, hitsOneNode: true },
  "freeze-node": { least: 300, most: 5_000, weight: 3, hitsOneNode: true },
  "restart-node": { least: 0, most: 1_500, weight: 2, hitsOneNode: true },
  "rolling-restart": { least: 2_000, most: 2_000, weight: 1, hitsOneNode: false },
  "kill-redis": { least: 300, most: 4_000, weight: 2, hitsOneNode: false, needsRedis: true },
  "freeze-redis": { least: 500, most: 5_000, weight: 2, hitsOneNode: false, needsRedis: true },
  "flap-redis": { least: 1_000, most: 3_000, weight: 1, hitsOneNode: false, needsRedis: true },
  "slow-redis": { least: 2_000, most: 6_000, weight: 2, hitsOneNode: true, needsRedis: true },
  "kill-postgres": { least: 200, most: 3_000, weight: 2, hitsOneNode: false },
  "freeze-postgres": { least: 500, most: 6_000, weight: 2, hitsOneNode: false },
  "slow-postgres": { least: 2_000, most: 6_000, weight: 2, hitsOneNode: true },
  "hide-redis": { least: 500, most: 7_000, weight: 3, hitsOneNode: true, needsRedis: true },
  "hide-postgres": { least: 500, most: 6_000, weight: 3, hitsOneNode: true },
  "lose-commit-answers": { least: 50, most: 600, weight: 3, hitsOneNode: true },
  "cut-clients": { least: 0, most: 4_000, weight: 2, hitsOneNode: true },
  "crash-writers": { least: 0, most: 0, weight: 2, hitsOneNode: true },
  blackout: { least: 0, most: 1_000, weight: 1, hitsOneNode: false },
  "fill-disk": { least: 5_000, most: 5_000, weight: 0, hitsOneNode: false },
};

/** Faults that stop time for one service: now and then they last long. */
const mayLastLong: ReadonlySet<FaultKind> = new Set([
  "freeze-node",
  "hide-redis",
  "freeze-redis",
  "freeze-postgres",
]);
const mostAtOnce = 3;

/** What a fault takes: no other fault takes it at the same time. */
export function takenBy({ kind, node }: Fault, nodes: number): string[] {
  const each = (name: string) => Array.from({ length: nodes }, (_, at) => `${name}${at}`);
  const everything = [...each("node"), ...each("postgres-line"), ...each("redis-line"), "postgres", "redis"];
  switch (kind) {
    case "blackout":
      return [...everything, ...each("client-line")];
    case "rolling-restart":
      return each("node");
    case "kill-node":
    case "freeze-node":
    case "restart-node":
      return [`node${node}`];
    case "kill-redis":
    case "freeze-redis":
      return ["redis"];
    case "flap-redis":
      return ["redis", ...each("redis-line")];
    case "kill-postgres":
    case "freeze-postgres":
    case "fill-disk":
      return ["postgres"];
    case "slow-postgres":
      return node === null ? each("postgres-line") : [`postgres-line${node}`];
    case "hide-postgres":
    case "lose-commit-answers":
      return [`postgres-line${node}`];
    case "slow-redis":
      return node === null ? each("redis-line") : [`redis-line${node}`];
    case "hide-redis":
      return [`redis-line${node}`];
    case "cut-clients":
      return [`client-line${node}`];
    case "crash-writers":
      return [];
  }
}

/** The whole schedule of a run. The same options give the same schedule. */
export function planRounds(options: ScheduleOptions): Round[] {
  const chance = chanceOf(options.seed);
  const deck = deckOf(options, chance);
  const rounds = Array.from({ length: options.rounds }, (_, index) =>
    planRound(index + 1, options, chance, deck),
  );
  if (options.longest >= stoppedFor.least) stopOneNode(rounds[stoppedFor.round - 1], options);
  if (options.smallDisk)
    for (const round of rounds) atTheEnd(round, { kind: "fill-disk", lasts: 5_000, node: null });
  return rounds;
}

/** What every long run has, whatever its seed, and early enough to be played: a node that is stopped for over a minute. */
const stoppedFor = { round: 2, least: 60_000, lasts: 65_000 };

function stopOneNode(round: Round | undefined, { seed, nodes }: ScheduleOptions): void {
  if (round) atTheEnd(round, { kind: "freeze-node", lasts: stoppedFor.lasts, node: seed % nodes });
}

/** Behind all other faults, so that none has to make way. */
function atTheEnd({ faults }: Round, fault: Pick<Fault, "kind" | "lasts" | "node">): void {
  const at = Math.max(0, ...faults.map((other) => other.at + other.lasts)) + 500;
  faults.push({ ...fault, at, cut: "hold", withWriters: false });
}

/** The rounds in their order until the time is over; the first is played whatever the time. */
export function* begunInTime(rounds: readonly Round[], over: () => boolean): Generator<Round> {
  for (const [at, round] of rounds.entries()) {
    if (at > 0 && over()) return;
    yield round;
  }
}

function planRound(number: number, options: ScheduleOptions, chance: Chance, deck: () => FaultKind): Round {
  const { roundLasts, nodes, redis } = options;
  const faults: Fault[] = [];
  for (let at = chance.between(200, 900); at < roundLasts - 500; at += chance.between(250, 2_200)) {
    const fault = planFault(deck(), at, options, chance);
    const rest = roundLasts - at;
    if (!mayLastLong.has(fault.kind) || fault.lasts <= ranges[fault.kind].most)
      fault.lasts = Math.min(fault.lasts, rest);
    const overlapping = faults.filter((other) => other.at + other.lasts + 300 > fault.at);
    const taken = new Set(overlapping.flatMap((other) => takenBy(other, nodes)));
    const free = takenBy(fault, nodes).every((thing) => !taken.has(thing));
    if (free && overlapping.length < mostAtOnce) faults.push(fault);
  }
  return { number, lasts: roundLasts, faults, agreeWithoutRedis: redis && chance.percent(25) };
}

function planFault(kind: FaultKind, at: number, options: ScheduleOptions, chance: Chance): Fault {
  const { least, most, hitsOneNode } = ranges[kind];
  const long = mayLastLong.has(kind) && options.longest > most && chance.percent(8);
  const lasts = long ? chance.between(most, options.longest) : chance.between(least, most);
  const node = hitsOneNode ? chance.between(0, options.nodes - 1) : null;
  const everywhere = (kind === "slow-postgres" || kind === "slow-redis") && chance.percent(50);
  return {
    kind,
    at,
    lasts,
    node: everywhere ? null : node,
    cut: chance.pick(cuts),
    withWriters: kind === "blackout" || chance.percent(50),
  };
}

/** Deals every kind as often as its weight says before any is dealt more often. */
function deckOf({ redis }: ScheduleOptions, chance: Chance): () => FaultKind {
  const kinds = (Object.keys(ranges) as FaultKind[]).filter((kind) => {
    return redis || !ranges[kind].needsRedis;
  });
  const whole = kinds.flatMap((kind) => Array.from({ length: ranges[kind].weight }, () => kind));
  let rest: FaultKind[] = [];
  return () => {
    if (rest.length === 0) rest = chance.shuffle(whole);
    return rest.pop() as FaultKind;
  };
}

/** One line for a person: "+2.4 s kill-node 1 for 0.8 s". */
export function sayFault({ kind, at, lasts, node, cut, withWriters }: Fault): string {
  const words = [`+${(at / 1000).toFixed(1)} s`, kind];
  if (node !== null) words.push(`node ${node}`);
  if (lasts > 0) words.push(`for ${(lasts / 1000).toFixed(1)} s`);
  if (kind.startsWith("hide-") || kind === "cut-clients") words.push(`(${cut})`);
  if (kind === "kill-node" && withWriters) words.push("with its writers");
  return words.join(" ");
}
