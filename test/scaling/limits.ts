import type { Assumptions, Courtyard } from "./city.ts";
import type { Costs, Machines } from "./costs.ts";
import {
  add,
  boardDemand,
  databaseDemand,
  type NodeDemand,
  type Rates,
  ratesOf,
  sessionDemand,
} from "./demand.ts";
import { type Ring, ringOf } from "./ketama.ts";
import { type Polls, pollsOf } from "./polls.ts";

export interface Limit {
  name: string;
  /** Share of what it may be used to: over 1 it does not hold. */
  utilisation: number;
  /** Whether another node makes it smaller. */
  ofNodes: boolean;
}

/** A city on its evening, and what carries it; `rates` belong to `city`, in its order. */
export interface Setting {
  city: readonly Courtyard[];
  rates: readonly Rates[];
  assumptions: Assumptions;
  costs: Costs;
  machines: Machines;
}

export function settingOf(
  city: readonly Courtyard[],
  assumptions: Assumptions,
  costs: Costs,
  machines: Machines,
): Setting {
  const rates = city.map((courtyard) => ratesOf(courtyard, assumptions));
  return { city, rates, assumptions, costs, machines };
}

export const nodeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `node-${index + 1}:3000`);

const none: NodeDemand = { cpu: 0, bytes: 0, sockets: 0 };
const second = 1_000_000;

/** All limits while one of `nodes` is lost and the others carry everything, the fullest first. */
export function limitsOf(setting: Setting, nodes: number): Limit[] {
  const { city, rates, assumptions, costs, machines } = setting;
  const total = (of: (rates: Rates) => number) => rates.reduce((sum, each) => sum + of(each), 0);
  const left = Math.max(1, nodes - 1);
  const loads = placed(setting, nodes);
  const hottest = (of: (load: NodeDemand) => number) => Math.max(...loads.map(of));
  const commits = total(({ edits, messages, ballots }) => edits + messages + ballots);
  const events = total(({ messages, ballots }) => messages + ballots);
  const boards = total(({ edits, presenceFlushes }) => edits + presenceFlushes);
  const redis =
    (events + boards) * costs.redisPublish + (events * left + boards * assumptions.apart) * costs.redisCopy;
  const heard = events * costs.redisTaken;
  const polls = pollsOf(city, rates, { nodes: left, apart: assumptions.apart, costs });
  const database = total((each) => databaseDemand(each, costs)) + polls.database;
  const { full } = machines;
  const limits: Limit[] = [
    {
      name: "CPU of a node",
      utilisation: (hottest(({ cpu }) => cpu) + heard + polls.node) / (machines.nodeCores * second * full),
      ofNodes: true,
    },
    {
      name: "memory of a node",
      utilisation: (hottest(({ bytes }) => bytes) + costs.nodeBytes) / (machines.nodeBytes * full),
      ofNodes: true,
    },
    {
      name: "sockets of a node",
      utilisation: hottest(({ sockets }) => sockets) / machines.nodeSockets,
      ofNodes: true,
    },
    {
      name: "return after a lost node",
      utilisation: returnSeconds(setting, nodes, { loads, polls }) / machines.returnWithin,
      ofNodes: true,
    },
    {
      name: "CPU of PostgreSQL",
      utilisation: database / (machines.databaseCores * second * full),
      ofNodes: false,
    },
    {
      name: "commits of PostgreSQL",
      utilisation: commits / (machines.databaseCommits * full),
      ofNodes: false,
    },
    {
      name: "connections of PostgreSQL",
      utilisation: (nodes * machines.connectionsOfNode) / machines.databaseConnections,
      ofNodes: false,
    },
    { name: "CPU of Redis", utilisation: redis / (machines.redisCores * second * full), ofNodes: false },
    {
      name: "the log of one community",
      utilisation: (busiestCommunity(city, rates) * costs.communityQueue) / (second * full),
      ofNodes: false,
    },
  ];
  return limits.sort((a, b) => b.utilisation - a.utilisation);
}

/** The load of each node that is left, of `nodes` of which the first is lost. */
function placed({ city, rates, costs }: Setting, nodes: number): NodeDemand[] {
  const names = nodeNames(nodes);
  const ring = ringOf(names);
  const lost = new Set(nodes > 1 ? names.slice(0, 1) : []);
  const loads = new Map(names.filter((name) => !lost.has(name)).map((name) => [name, none]));
  let sessions = none;
  for (const [index, courtyard] of city.entries()) {
    const own = rates[index];
    if (!own) continue;
    const node = ring.nodeOf(courtyard.boardId, lost);
    loads.set(node, add(loads.get(node) ?? none, boardDemand(courtyard, own, costs)));
    sessions = add(sessions, sessionDemand(own, costs));
  }
  const shares = sharesOfSessions(ring, lost);
  return [...loads].map(([name, load]) => {
    const share = shares.get(name) ?? 0;
    return add(load, {
      cpu: sessions.cpu * share,
      bytes: sessions.bytes * share,
      sockets: sessions.sockets * share,
    });
  });
}

/** Sessions are many and small: each node gets what its part of the ring gets of some thousand. */
const sampled = 10_000;
function sharesOfSessions(ring: Ring, lost: ReadonlySet<string>): Map<string, number> {
  const shares = new Map<string, number>();
  for (let index = 0; index < sampled; index++) {
    const node = ring.nodeOf(`session-${index}`, lost);
    shares.set(node, (shares.get(node) ?? 0) + 1 / sampled);
  }
  return shares;
}

/** Seconds until everybody of a lost node is served again: what the others and the database have free does it. */
function returnSeconds(
  { city, rates, costs, machines }: Setting,
  nodes: number,
  { loads, polls }: { loads: readonly NodeDemand[]; polls: Polls },
): number {
  if (nodes < 2) return Number.POSITIVE_INFINITY;
  let work = 0;
  let database = 0;
  let databaseBusy = polls.database;
  for (const [index, courtyard] of city.entries()) {
    const own = rates[index];
    if (!own) continue;
    work +=
      own.people * costs.welcomeNode +
      own.boardSockets * costs.joinNode +
      own.boardOpen * courtyard.items * costs.openNodePerItem;
    database +=
      own.people * costs.welcomeDatabase +
      own.boardSockets * costs.joinDatabase +
      own.boardOpen * costs.openDatabase;
    databaseBusy += databaseDemand(own, costs);
  }
  const freeOfNodes = loads.reduce(
    (sum, { cpu }) => sum + Math.max(0, machines.nodeCores * second - cpu - polls.node),
    0,
  );
  const freeOfDatabase = Math.max(0, machines.databaseCores * second - databaseBusy);
  return Math.max(work / nodes / freeOfNodes, database / nodes / freeOfDatabase);
}

/** Most commits a second that queue for one community's row. */
function busiestCommunity(city: readonly Courtyard[], rates: readonly Rates[]): number {
  const commits = new Map<number, number>();
  for (const [index, { community }] of city.entries()) {
    const { messages = 0, ballots = 0 } = rates[index] ?? {};
    commits.set(community, (commits.get(community) ?? 0) + messages + ballots);
  }
  return Math.max(...commits.values());
}
