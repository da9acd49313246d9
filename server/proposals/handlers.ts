import type { PersonActor } from "../../shared/identity/model.ts";
import type { proposalsContract } from "../../shared/proposals/contract.ts";
import { proposalLimits } from "../../shared/proposals/model.ts";
import type { Clock } from "../clock.ts";
import type { EventLog, Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import { isUniqueViolation } from "../storage/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { castBallot } from "./ballot-box.ts";
import type { Closer } from "./closer.ts";
import { editDraft, withdrawDraft, writeDraft } from "./drafts.ts";
import type { Passing } from "./passing.ts";
import { may, must } from "./policy.ts";
import { presentMine, presentProposals } from "./present.ts";
import { currentRows, currentSignals, finishedRows } from "./reading.ts";
import { lockProposal, noteAct, type ProposalRow } from "./repository.ts";
import { closeRound, isDue, openRound, restartRound, revealRound } from "./rounds.ts";

/** The proposals of the contract. Idempotence is stated there, command by command. */
export function createProposalHandlers(deps: {
  log: Pick<EventLog, "write">;
  storage: Pick<Storage, "db" | "dialect">;
  clock: Clock;
  passing: Passing;
  closer: Pick<Closer, "expect">;
}): AreaHandlers<typeof proposalsContract> {
  const { log, storage, clock, passing, closer } = deps;
  const { db, dialect } = storage;

  /** Runs a unit; when two did the same at once, the second finds what the first stored. */
  const write = <T>(communityId: string, work: (unit: Unit) => Promise<T>): Promise<T> =>
    log.write(communityId, work).catch((error) => {
      if (isUniqueViolation(error)) return log.write(communityId, work);
      throw error;
    });

  /** A unit on one proposal of the courtyard that the actor leads. */
  const lead = <T>(
    actor: PersonActor,
    proposalId: string,
    work: (unit: Unit, row: ProposalRow) => Promise<T>,
  ): Promise<T> => {
    must(actor, "lead", actor.courtyardId);
    return write(actor.communityId, async (unit) => {
      const row = await lockProposal(unit.db, dialect, proposalId, "update");
      if (!row || row.courtyard_id !== actor.courtyardId) {
        throw new Refusal("not-found", "There is no such proposal here.");
      }
      return work(unit, row);
    });
  };

  const opened = (row: ProposalRow) => ({ round: row.round, closesAt: row.closes_at ?? 0 });

  return {
    commands: {
      "proposal.write": async ({ proposalId, ...draft }, context) => {
        const actor = context.person();
        must(actor, "lead", actor.courtyardId);
        await write(actor.communityId, (unit) => writeDraft(unit, dialect, { proposalId, draft, actor }));
        return {};
      },
      "proposal.edit": async ({ proposalId, ...draft }, context) => {
        const actor = context.person();
        await lead(actor, proposalId, (unit, row) => editDraft(unit, row, { draft, actor }));
        return {};
      },
      "proposal.withdraw": async ({ proposalId }, context) => {
        const actor = context.person();
        await lead(actor, proposalId, (unit, row) => withdrawDraft(unit, row, actor));
        return {};
      },
      "proposal.open": async ({ proposalId, ending }, context) => {
        const actor = context.person();
        const answer = await lead(actor, proposalId, async (unit, row) =>
          isDue(row, "open")
            ? openRound(unit, row, { round: row.round, ending, byId: actor.residentId })
            : opened(row),
        );
        closer.expect(answer.closesAt);
        return answer;
      },
      "proposal.call-last": async ({ proposalId, round }, context) => {
        const actor = context.person();
        const vote = { proposalId, round, courtyardId: actor.courtyardId };
        await lead(actor, proposalId, async (unit, row) => {
          isDue(row, "last-call");
          isRound(row, round);
          if (
            passing.lastCalls(actor.courtyardId, context.now).some((call) => call.proposalId === proposalId)
          ) {
            return;
          }
          const act = {
            proposalId,
            round,
            at: unit.now,
            act: "last-called",
            byId: actor.residentId,
          } as const;
          await noteAct(unit.db, act);
        });
        return { until: passing.callLast(vote, context.now) };
      },
      "proposal.close": async ({ proposalId, round, reason }, context) => {
        const actor = context.person();
        return lead(actor, proposalId, async (unit, row) => {
          const due = isDue(row, "close");
          isRound(row, round);
          if (!due) return { closedAt: row.closed_at ?? 0 };
          return { closedAt: await closeRound(unit, row, { byId: actor.residentId, reason }) };
        });
      },
      "proposal.reveal": async ({ proposalId, round }, context) => {
        const actor = context.person();
        await lead(actor, proposalId, async (unit, row) => {
          const due = isDue(row, "reveal");
          isRound(row, round);
          if (due) await revealRound(unit, row, actor.residentId);
        });
        return {};
      },
      "proposal.restart": async ({ proposalId, round, reason, ending }, context) => {
        const actor = context.person();
        const answer = await lead(actor, proposalId, async (unit, row) => {
          if (row.round === round + 1) return opened(row);
          isRound(row, round);
          isDue(row, "restart");
          return restartRound(unit, row, { reason, ending, byId: actor.residentId });
        });
        closer.expect(answer.closesAt);
        return answer;
      },
      "ballot.cast": async (ballot, context) => {
        const actor = context.person();
        const { household, courtyardId } = actor;
        if (!household || !may(actor, "cast", courtyardId)) {
          throw new Refusal("not-on-register", "Only a household of this courtyard votes.");
        }
        const cast = {
          ...ballot,
          arrivedAt: context.now,
          courtyardId,
          householdId: household.householdId,
          resident: { id: actor.residentId, displayName: actor.displayName },
        };
        return write(actor.communityId, (unit) => castBallot(unit, dialect, cast, passing.counted));
      },
    },

    queries: {
      "proposal.older": async ({ before }, context) => {
        const actor = context.person();
        const rows = await finishedRows(db, actor.courtyardId, before, proposalLimits.page + 1);
        const page = rows.slice(0, proposalLimits.page);
        return {
          proposals: await presentProposals(db, page),
          mine: await presentMine(db, page, actor.household?.householdId ?? null),
          more: rows.length > page.length,
        };
      },
      "proposal.read": async ({ proposalId }, context) => {
        const actor = context.person();
        const row = await db
          .selectFrom("proposals")
          .selectAll()
          .where("id", "=", proposalId)
          .where("courtyard_id", "=", actor.courtyardId)
          .where("state", "in", ["open", "closed", "revealed"])
          .executeTakeFirst();
        const [proposal] = await presentProposals(db, row ? [row] : []);
        if (!row || !proposal) throw new Refusal("not-found", "There is no such vote here.");
        const [mine] = await presentMine(db, [row], actor.household?.householdId ?? null);
        return { proposal, mine: mine ?? null };
      },
      "proposal.acts": async ({ proposalId }, context) => {
        const actor = context.person();
        must(actor, "see-draft", actor.courtyardId);
        const acts = await db
          .selectFrom("proposal_acts")
          .innerJoin("proposals", "proposals.id", "proposal_acts.proposal_id")
          .leftJoin("residents", "residents.id", "proposal_acts.by_id")
          .select([
            "proposal_acts.at",
            "proposal_acts.round",
            "proposal_acts.act",
            "residents.display_name as by",
            "proposal_acts.reason",
          ])
          .where("proposals.id", "=", proposalId)
          .where("proposals.courtyard_id", "=", actor.courtyardId)
          .orderBy("proposal_acts.seq")
          .execute();
        return { acts };
      },
    },

    whispers: {},

    snapshot: async ({ actor }) => {
      const { courtyardId } = actor;
      const rows = await currentRows(db, courtyardId, { drafts: may(actor, "see-draft", courtyardId) });
      const householdId = actor.kind === "person" ? (actor.household?.householdId ?? null) : null;
      return {
        proposals: await presentProposals(db, rows),
        mine: await presentMine(db, rows, householdId),
        lastCalls: passing.lastCalls(courtyardId, clock.now()),
      };
    },

    signals: ({ actor }) => currentSignals(db, passing, actor.courtyardId, clock.now()),
  };
}

/** A command names the round it means, so that a late one never touches the next. */
function isRound(row: ProposalRow, round: number): void {
  if (row.round !== round) throw new Refusal("proposal-not-open", "This round is over.");
}
