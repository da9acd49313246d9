import type { Courtyard } from "./city.ts";
import { ringOf } from "./ketama.ts";
import { nodeNames } from "./limits.ts";

/** How evenly the ring spreads a city over so many nodes, and what moves. All are shares, 1 is the mean of the nodes. */
export interface Spread {
  nodes: number;
  /** The fullest node against the mean: by boards, by the people of those boards. */
  fullestByBoards: number;
  fullestByPeople: number;
  emptiestByPeople: number;
  /** Share of all boards that move when one more node comes; 1 / (nodes + 1) would be ideal. */
  movedByJoining: number;
  /** Share of all boards that move when the fullest node is lost: only its own. */
  movedByLoss: number;
  /** The fullest of those that are left, against their mean. */
  fullestAfterLoss: number;
}

export function spreadOf(city: readonly Courtyard[], nodes: number): Spread {
  const names = nodeNames(nodes);
  const ring = ringOf(names);
  const larger = ringOf(nodeNames(nodes + 1));
  const boards = new Map(names.map((name) => [name, 0]));
  const people = new Map(names.map((name) => [name, 0]));
  let movedByJoining = 0;
  for (const { boardId, residents } of city) {
    const node = ring.nodeOf(boardId);
    boards.set(node, (boards.get(node) ?? 0) + 1);
    people.set(node, (people.get(node) ?? 0) + residents);
    if (larger.nodeOf(boardId) !== node) movedByJoining += 1 / city.length;
  }
  const [lost = ""] = [...boards].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const without = new Set([lost]);
  const after = new Map(names.filter((name) => name !== lost).map((name) => [name, 0]));
  let movedByLoss = 0;
  for (const { boardId, residents } of city) {
    const node = ring.nodeOf(boardId, without);
    after.set(node, (after.get(node) ?? 0) + residents);
    if (node !== ring.nodeOf(boardId)) movedByLoss += 1 / city.length;
  }
  return {
    nodes,
    fullestByBoards: fullest(boards),
    fullestByPeople: fullest(people),
    emptiestByPeople: Math.min(...people.values()) / mean(people),
    movedByJoining,
    movedByLoss,
    fullestAfterLoss: fullest(after),
  };
}

const mean = (of: ReadonlyMap<string, number>): number =>
  [...of.values()].reduce((sum, value) => sum + value, 0) / of.size;

const fullest = (of: ReadonlyMap<string, number>): number => Math.max(...of.values()) / mean(of);
