import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Assumptions, evening, planCity, seeded, voteEvening } from "./city.ts";
import { type Costs, costs, machines } from "./costs.ts";
import { ringOf } from "./ketama.ts";
import { type Limit, limitsOf, nodeNames, settingOf } from "./limits.ts";
import { needsOf, seed } from "./needs.ts";
import { pollEvery, pollsOf } from "./polls.ts";
import { report } from "./report.ts";
import { spreadOf } from "./spread.ts";

/** A tenth of the city, on evenings of either kind. */
const town: Assumptions = { ...voteEvening, courtyards: 1_000, residents: 300_000 };

const timesAll = (factor: number): Costs =>
  Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, cost * factor])) as unknown as Costs;

const of = (limits: readonly Limit[], name: string): number => {
  const limit = limits.find((each) => each.name === name);
  if (!limit) throw new Error(`there is no limit "${name}"`);
  return limit.utilisation;
};

describe("the simulation of a city", () => {
  it("never needs fewer nodes for more residents", () => {
    const residents = fc.integer({ min: 10_000, max: 1_500_000 });
    fc.assert(
      fc.property(residents, residents, (a, b) => {
        const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
        const nodes = (count: number) => needsOf({ ...town, residents: count }, costs).nodes ?? Infinity;
        expect(nodes(fewer)).toBeLessThanOrEqual(nodes(more));
      }),
      { numRuns: 20, seed },
    );
  });

  it("doubles the CPU of nodes, PostgreSQL and Redis when everything costs twice as much", () => {
    const city = planCity(seed, town);
    const once = limitsOf(settingOf(city, town, costs, machines), 5);
    const twice = limitsOf(settingOf(city, town, timesAll(2), machines), 5);
    for (const name of ["CPU of a node", "CPU of PostgreSQL", "CPU of Redis", "the log of one community"])
      expect(of(twice, name)).toBeCloseTo(2 * of(once, name), 8);
    expect(of(twice, "commits of PostgreSQL")).toBe(of(once, "commits of PostgreSQL"));
  });

  it("names the limit that is fullest, whichever is made scarce", () => {
    const city = planCity(seed, town);
    const usual = limitsOf(settingOf(city, town, costs, machines), 5);
    const nodeCores = of(usual, "CPU of a node") * machines.full;
    const databaseCores = of(usual, "CPU of PostgreSQL") * machines.full * machines.databaseCores;
    const scarce: Record<string, Partial<typeof machines>> = {
      // A little is left for the return: without any it takes for ever.
      "CPU of a node": { nodeCores: nodeCores * 1.05, returnWithin: 1e9 },
      "memory of a node": { nodeBytes: 1e6 },
      "sockets of a node": { nodeSockets: 10 },
      "return after a lost node": { returnWithin: 1e-6 },
      "CPU of PostgreSQL": { databaseCores: databaseCores * 1.05, returnWithin: 1e9 },
      "commits of PostgreSQL": { databaseCommits: 0.1 },
      "connections of PostgreSQL": { databaseConnections: 0.1 },
      "CPU of Redis": { redisCores: 1e-5 },
    };
    for (const [name, less] of Object.entries(scarce)) {
      const limits = limitsOf(settingOf(city, town, costs, { ...machines, ...less }), 5);
      expect(limits[0]?.name).toBe(name);
      expect(limits[0]?.utilisation).toBe(Math.max(...limits.map(({ utilisation }) => utilisation)));
    }
    const slow = { ...costs, communityQueue: 1e9 };
    expect(limitsOf(settingOf(city, town, slow, machines), 5)[0]?.name).toBe("the log of one community");
  });

  it("asks PostgreSQL from every node: for each board once, for a crowd that votes on all nodes, whatever else happens", () => {
    const city = planCity(seed, town);
    const { rates } = settingOf(city, town, costs, machines);
    const asked = (nodes: number, more: Partial<Costs>) => {
      const free = { pollDatabase: 0, headDatabase: 0, openVoteDatabase: 0 };
      return pollsOf(city, rates, { nodes, apart: 0, costs: { ...costs, ...free, ...more } }).database;
    };
    expect(asked(20, { pollDatabase: 1 })).toBeCloseTo(20 / pollEvery, 8);
    const voting = city.filter(({ votes }) => votes).length;
    expect(asked(1, { openVoteDatabase: 1 })).toBeCloseTo(voting / pollEvery, 1);
    expect(asked(20, { openVoteDatabase: 1 })).toBeGreaterThan((10 * voting) / pollEvery);
    expect(asked(20, { openVoteDatabase: 1 })).toBeLessThan((20 * voting) / pollEvery);
    const open = rates.reduce((sum, { boardOpen }) => sum + boardOpen, 0);
    const communities = new Set(city.map(({ community }) => community)).size;
    expect(asked(20, { headDatabase: 1 })).toBeLessThanOrEqual((open + 20 * communities) / pollEvery);
    expect(asked(20, { headDatabase: 1 })).toBeGreaterThan(open / pollEvery);
    const load = (more: Partial<Costs>) =>
      of(limitsOf(settingOf(city, town, { ...costs, ...more }, machines), 5), "CPU of PostgreSQL");
    expect(load({ pollDatabase: 0, headDatabase: 0, openVoteDatabase: 0 })).toBeLessThan(load({}));
  });

  it("finds the smallest number of nodes that carries the city while one is lost", () => {
    const { nodes, limits } = needsOf(town, costs);
    const ofNodes = (all: readonly Limit[]) => all.filter((limit) => limit.ofNodes);
    expect(Math.max(...ofNodes(limits).map(({ utilisation }) => utilisation))).toBeLessThanOrEqual(1);
    const one = limitsOf(settingOf(planCity(seed, town), town, costs, machines), (nodes ?? 0) - 1);
    expect(Math.max(...ofNodes(one).map(({ utilisation }) => utilisation))).toBeGreaterThan(1);
  });

  it("plans the same uneven city for the same seed", () => {
    const city = planCity(seed, evening);
    expect(planCity(seed, evening)).toEqual(city);
    expect(planCity(seed + 1, evening)).not.toEqual(city);
    const sizes = city.map(({ residents }) => residents).toSorted((a, b) => b - a);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeCloseTo(evening.residents, 3);
    expect((sizes[0] ?? 0) / (sizes[5_000] ?? 1)).toBeGreaterThan(10);
  });

  it("is what docs/scaling.md tells", () => {
    expect(readFileSync(new URL("../../docs/scaling.md", import.meta.url), "utf8")).toContain(report());
  });
});

describe("the ring", () => {
  const city = planCity(seed, { ...evening, courtyards: 10_000 });

  it("spreads ten thousand boards so that no node of up to 32 has a quarter more than the mean", () => {
    for (const nodes of [2, 3, 5, 8, 16, 32]) {
      const { fullestByBoards, movedByJoining, movedByLoss } = spreadOf(city, nodes);
      expect(fullestByBoards).toBeLessThan(1.25);
      expect(movedByJoining).toBeLessThan(1.3 / (nodes + 1));
      expect(movedByLoss).toBeLessThan(1.25 / nodes);
    }
  });

  it("moves the boards of a lost node and no others, and brings boards to a new node from all and to no old one", () => {
    const names = nodeNames(6);
    const ring = ringOf(names);
    const larger = ringOf(nodeNames(7));
    const lost = new Set(["node-3:3000"]);
    const random = seeded(seed);
    const givers = new Set<string>();
    for (let index = 0; index < 3_000; index++) {
      const key = `board-${random()}`;
      const before = ring.nodeOf(key);
      const after = ring.nodeOf(key, lost);
      if (lost.has(before)) expect(lost.has(after)).toBe(false);
      else expect(after).toBe(before);
      const joined = larger.nodeOf(key);
      if (joined === before) continue;
      expect(joined).toBe("node-7:3000");
      givers.add(before);
    }
    expect(givers).toEqual(new Set(names));
  });

  it("does not depend on the order in which the nodes are named", () => {
    const names = nodeNames(5);
    const [one, other] = [ringOf(names), ringOf(names.toReversed())];
    for (const { boardId } of city.slice(0, 500)) expect(other.nodeOf(boardId)).toBe(one.nodeOf(boardId));
  });

  it("says so when no node is left", () => {
    expect(() => ringOf(nodeNames(1)).nodeOf("board", new Set(nodeNames(1)))).toThrow("no node is left");
  });
});
