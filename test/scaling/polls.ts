import { followEvery } from "../../server/fanout/follow.ts";
import type { Courtyard } from "./city.ts";
import type { Costs } from "./costs.ts";
import type { Rates } from "./demand.ts";

/** Seconds between two questions of one node while Redis works. */
export const pollEvery = followEvery.trusted / 1_000;

/** CPU of one node and of PostgreSQL, µs a second. */
export interface Polls {
  node: number;
  database: number;
}

/**
 * What all nodes ask PostgreSQL from time to time whatever happens: where their boards stand, where the communities of
 * their people stand, and the open votes these people look at. A crowd is spread over the nodes at random, so a large
 * one is asked for by every node.
 */
export function pollsOf(
  city: readonly Courtyard[],
  rates: readonly Rates[],
  { nodes, apart, costs }: { nodes: number; apart: number; costs: Costs },
): Polls {
  /** Nodes on which somebody of a crowd is. */
  const nodesOf = (people: number): number => nodes * (1 - Math.exp(-people / nodes));
  const communities = new Map<number, number>();
  let boards = 0;
  let votes = 0;
  for (const [index, { community, votes: voting }] of city.entries()) {
    const own = rates[index];
    if (!own) continue;
    communities.set(community, (communities.get(community) ?? 0) + own.people);
    boards += own.boardOpen * (1 + apart);
    if (voting) votes += nodesOf(own.people);
  }
  const heads = boards + [...communities.values()].reduce((sum, people) => sum + nodesOf(people), 0);
  const each = (poll: number, head: number, vote: number) =>
    (nodes * poll + heads * head + votes * vote) / pollEvery;
  return {
    node: each(costs.pollNode, costs.headNode, costs.openVoteNode) / nodes,
    database: each(costs.pollDatabase, costs.headDatabase, costs.openVoteDatabase),
  };
}
