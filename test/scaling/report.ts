import { type Assumptions, evening, planCity, voteEvening } from "./city.ts";
import { costs, estimated, machines } from "./costs.ts";
import { ratesOf } from "./demand.ts";
import { type Needs, needsOf, seed } from "./needs.ts";
import { pollEvery, pollsOf } from "./polls.ts";
import { spreadOf } from "./spread.ts";

interface Scenario {
  name: string;
  assumptions: Assumptions;
  nodeBytes?: number;
}

const lively: Assumptions = { ...voteEvening, editsPerHour: 12, messagesPerHour: 12, stay: 120 };

const scenarios: readonly Scenario[] = [
  { name: "an ordinary evening", assumptions: evening },
  { name: "a vote evening", assumptions: voteEvening },
  { name: "the same, nodes with 6 GiB of heap", assumptions: voteEvening, nodeBytes: 6 * 2 ** 30 },
  { name: "the same, four times as lively", assumptions: lively, nodeBytes: 6 * 2 ** 30 },
];

const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : "–");
const thousands = (count: number): string => Math.round(count).toLocaleString("en-US");

/** The generated part of docs/scaling.md. */
export function report(): string {
  const ordinary = needsOf(evening, costs);
  const vote = needsOf(voteEvening, costs);
  return [
    oneNodeTable(),
    "",
    needsTable(),
    "",
    `On an ordinary evening what is fullest is the ${ordinary.first.name} (${percent(ordinary.first.utilisation)} of what ` +
      `it may be), on a vote evening the ${vote.first.name} (${percent(vote.first.utilisation)}). Nodes can be added; of ` +
      `what cannot, the first to be full is the ${fixed(vote).name}, at ${(1 / fixed(vote).utilisation).toFixed(1)} ` +
      "times the vote evening's load. What nodes ask for every " +
      `${pollEvery} s is ${percent(polled(evening, ordinary))} of PostgreSQL's work on the one and ${percent(polled(voteEvening, vote))} on the other.`,
    "",
    ratesTable(),
    "",
    spreadTable(),
    "",
    costsLine(),
  ].join("\n");
}

/** Which share of PostgreSQL's work are the questions that all nodes ask whatever happens. */
function polled(assumptions: Assumptions, { nodes, limits }: Needs): number {
  const city = planCity(seed, assumptions);
  const rates = city.map((courtyard) => ratesOf(courtyard, assumptions));
  const { database } = pollsOf(city, rates, { nodes: (nodes ?? 0) - 1, apart: assumptions.apart, costs });
  const used = limits.find(({ name }) => name === "CPU of PostgreSQL")?.utilisation ?? 0;
  return database / (used * machines.databaseCores * 1_000_000 * machines.full);
}

/** What no further node relieves. Connections of PostgreSQL grow with the nodes and a pooler takes them away. */
const fixed = ({ limits }: Needs) => {
  const [first] = limits.filter(({ ofNodes, name }) => !ofNodes && name !== "connections of PostgreSQL");
  if (!first) throw new Error("every limit is of the nodes");
  return first;
};

function needsTable(): string {
  const rows = scenarios.map(({ name, assumptions, nodeBytes = machines.nodeBytes }) => {
    const needs = needsOf(assumptions, costs, { ...machines, nodeBytes });
    const of = (limit: string) => percent(needs.limits.find((each) => each.name === limit)?.utilisation ?? 0);
    const cells = [
      "CPU of a node",
      "memory of a node",
      "sockets of a node",
      "CPU of PostgreSQL",
      "CPU of Redis",
    ];
    const back =
      needs.limits.find(({ name: limit }) => limit === "return after a lost node")?.utilisation ?? 0;
    const seconds = `${(back * machines.returnWithin).toFixed(1)} s`;
    return `| ${[name, needs.nodes ?? "–", ...cells.map(of), seconds, needs.first.name].join(" | ")} |`;
  });
  return [
    "| | nodes | CPU of a node | heap | sockets | PostgreSQL | Redis | back after a loss | fullest |",
    "| --- | --: | --: | --: | --: | --: | --: | --: | --- |",
    ...rows,
  ].join("\n");
}

/** What fills one node when it does nothing else. */
function oneNodeTable(): string {
  const cpu = machines.nodeCores * 1_000_000 * machines.full;
  const heap = machines.nodeBytes * machines.full - costs.nodeBytes;
  const rows: [what: string, count: number][] = [
    ["edits a second, each seen by 50 people", cpu / (costs.editNode + 50 * costs.boardDelivery)],
    ["frames of boards delivered a second", cpu / costs.boardDelivery],
    ["messages a second, each heard by 150 sockets", cpu / (costs.messageNode + 150 * costs.eventDelivery)],
    ["ballots a second", cpu / costs.ballotNode],
    ["people who come in, a second", cpu / costs.welcomeNode],
    ["boards of 800 items opened a second", cpu / (800 * costs.openNodePerItem)],
    ["boards of 800 items held in memory", heap / (800 * costs.boardBytesPerItem)],
    ["sockets held (MAX_CONNECTIONS)", machines.nodeSockets],
  ];
  return [
    `| one node, at ${percent(machines.full)} of one core and of ${machines.nodeBytes / 2 ** 30} GiB of heap | |`,
    "| --- | --: |",
    ...rows.map(([what, count]) => `| ${what} | ${thousands(count)} |`),
  ].join("\n");
}

function costsLine(): string {
  const guessed: readonly string[] = estimated;
  const each = Object.entries(costs).map(([name, cost]) => {
    return `${name} ${cost < 10 ? cost : thousands(cost)}${guessed.includes(name) ? "*" : ""}`;
  });
  return `Costs used, µs of CPU and bytes of heap, * estimated: ${each.join(", ")}.`;
}

function ratesTable(): string {
  const columns = [evening, voteEvening].map((assumptions) => {
    const all = planCity(seed, assumptions).map((courtyard) => ratesOf(courtyard, assumptions));
    return (of: (rates: ReturnType<typeof ratesOf>) => number) =>
      thousands(all.reduce((sum, rates) => sum + of(rates), 0));
  });
  const row = (name: string, of: Parameters<(typeof columns)[number]>[0]) =>
    `| ${[name, ...columns.map((sum) => sum(of))].join(" | ")} |`;
  return [
    "| in the whole city | ordinary | vote |",
    "| --- | --: | --: |",
    row("people online", ({ people }) => people),
    row("board sockets", ({ boardSockets }) => boardSockets),
    row("boards in memory", ({ boardOpen }) => boardOpen),
    row("edits a second", ({ edits }) => edits),
    row("messages a second", ({ messages }) => messages),
    row("ballots a second", ({ ballots }) => ballots),
    row("connections that begin, a second", ({ welcomes, joins }) => welcomes + joins),
    row("board frames delivered a second", ({ boardDeliveries }) => boardDeliveries),
    row("events and signals delivered a second", ({ eventDeliveries }) => eventDeliveries),
  ].join("\n");
}

function spreadTable(): string {
  const city = planCity(seed, evening);
  const rows = [2, 4, 8, 16, 32].map((nodes) => {
    const spread = spreadOf(city, nodes);
    const cells = [
      spread.fullestByBoards,
      spread.fullestByPeople,
      spread.emptiestByPeople,
      spread.movedByJoining,
      spread.movedByLoss,
      spread.fullestAfterLoss,
    ];
    return `| ${[nodes, ...cells.map(percent)].join(" | ")} |`;
  });
  return [
    "| nodes | fullest, boards | fullest, people | emptiest, people | boards moved by one more | moved by a loss | fullest after it |",
    "| --: | --: | --: | --: | --: | --: | --: |",
    ...rows,
  ].join("\n");
}
