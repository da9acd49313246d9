import { type Kysely, sql } from "kysely";
import { lastCallLasts } from "../../shared/proposals/model.ts";
import type { Clock } from "../clock.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Schema } from "../storage/schema.ts";
import type { CatchUp } from "./follow.ts";

/**
 * What passes in open votes and is in no log of events, told to this node's own sockets when the bus did not: how many
 * have voted, and last calls. One question for all votes that somebody on this node looks at, and none when nobody does:
 * it counts ballots, and every node asks it every other second. Told is what has changed since the question before, which
 * the bus may have told too: pages take the higher turnout and the same call. PostgreSQL only.
 * @param courtyards those of whom somebody is on this node
 */
export function followVotes(deps: {
  db: Kysely<Schema>;
  tell: Pick<Tell, "signal">;
  clock: Clock;
  courtyards(): readonly string[];
}): CatchUp {
  const { db, tell, clock, courtyards } = deps;
  let before = new Map<string, { voted: number; calledAt: number }>();
  return async () => {
    const seen: typeof before = new Map();
    const now = clock.now();
    const here = courtyards();
    for (const vote of here.length === 0 ? [] : await openVotes(db, here)) {
      const { proposalId, round, courtyardId, total } = vote;
      const [voted, calledAt] = [Number(vote.voted), Number(vote.calledAt ?? 0)];
      const key = `${proposalId} ${round}`;
      const known = before.get(key) ?? { voted: 0, calledAt: 0 };
      seen.set(key, { voted, calledAt });
      const audience = { courtyard: courtyardId, wall: courtyardId };
      if (voted !== known.voted)
        tell.signal("proposal.turnout", { proposalId, round, voted, total }, audience, null);
      const until = calledAt + lastCallLasts;
      if (calledAt !== known.calledAt && until > now)
        tell.signal("proposal.last-call", { proposalId, round, until }, audience, null);
    }
    before = seen;
  };
}

const openVotes = (db: Kysely<Schema>, courtyardIds: readonly string[]) =>
  db
    .selectFrom("proposals")
    .innerJoin("registers", (on) =>
      on.onRef("registers.proposal_id", "=", "proposals.id").onRef("registers.round", "=", "proposals.round"),
    )
    .where("proposals.state", "=", "open")
    // One value however many there are: thousands, on a node of a city.
    .where(sql<boolean>`proposals.courtyard_id = any(${courtyardIds})`)
    .select([
      "proposals.id as proposalId",
      "proposals.round",
      "proposals.courtyard_id as courtyardId",
      "registers.households as total",
    ])
    .select((eb) => [
      eb
        .selectFrom("ballots")
        .whereRef("ballots.proposal_id", "=", "proposals.id")
        .whereRef("ballots.round", "=", "proposals.round")
        .where("ballots.superseded_at", "is", null)
        .select(({ fn }) => fn.countAll().as("count"))
        .as("voted"),
      eb
        .selectFrom("proposal_acts")
        .whereRef("proposal_acts.proposal_id", "=", "proposals.id")
        .whereRef("proposal_acts.round", "=", "proposals.round")
        .where("proposal_acts.act", "=", "last-called")
        .select(({ fn }) => fn.max("proposal_acts.at").as("at"))
        .as("calledAt"),
    ])
    .execute();
