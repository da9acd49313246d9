import { z } from "zod";
import { area, command, event, query, signal } from "../wire/define.ts";
import { id, line, nothing, paragraph, time } from "../wire/text.ts";
import { proposalKinds, proposalLimits, proposalStates } from "./model.ts";

const count = z.number().int().nonnegative();
const round = z.number().int().positive();

const rule = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("simple"),
    ballotPer: z.literal("household"),
    changeable: z.boolean(),
    tally: z.enum(["hidden-until-revealed", "hidden-until-closed"]),
    abstention: z.enum(["turnout-only", "not-offered"]),
  }),
]);

const option = z.strictObject({ id: z.string().max(20), label: z.string() });

const draft = {
  question: line(proposalLimits.question),
  body: z.union([z.literal(""), paragraph(proposalLimits.body)]),
  kind: z.enum(proposalKinds),
  options: z.array(line(proposalLimits.optionLabel)).max(proposalLimits.mostOptions),
  rule,
};

const weight = { households: count, area: count };
const tally = z.strictObject({
  options: z.array(z.strictObject({ optionId: z.string(), ...weight })),
  voted: z.strictObject(weight),
  register: z.strictObject(weight),
});

const turnout = z.strictObject({ voted: count, total: count });

export const proposalView = z.strictObject({
  proposalId: id,
  question: z.string(),
  body: z.string(),
  kind: z.enum(proposalKinds),
  options: z.array(option),
  rule,
  state: z.enum(proposalStates),
  round,
  createdAt: time,
  openedAt: time.nullable(),
  closesAt: time.nullable(),
  closedAt: time.nullable(),
  closeReason: z.string().nullable(),
  revealedAt: time.nullable(),
  turnout,
  result: tally.nullable(),
  earlierRounds: z.array(
    z.strictObject({
      round,
      openedAt: time,
      closedAt: time.nullable(),
      reason: z.string(),
      result: tally.nullable(),
    }),
  ),
});

const householdBallot = z.strictObject({ by: z.string(), at: time, receipt: z.string() });

/** What a household knows of its own part in a vote. */
const mine = z.strictObject({
  proposalId: id,
  round,
  /** False for a household that came after the register was frozen. */
  onRegister: z.boolean(),
  ballot: householdBallot.nullable(),
});

const lastCall = z.strictObject({ proposalId: id, round, until: time });

const ending = z.union([
  z.strictObject({ afterSeconds: z.number().int().positive() }),
  z.strictObject({ at: time }),
]);

const opened = z.strictObject({ round, closesAt: time });

export const proposalsContract = area({
  commands: {
    "proposal.write": command(
      "Writes a draft. The id is the client's: the same id again gives the same answer and no second draft.",
      z.strictObject({ proposalId: id, ...draft }),
      nothing,
    ),
    "proposal.edit": command(
      "Replaces what a draft says; the last one wins.",
      z.strictObject({ proposalId: id, ...draft }),
      nothing,
    ),
    "proposal.open": command(
      "Opens a draft to the vote and freezes rule, options and register. Open already: the first answer again.",
      z.strictObject({ proposalId: id, ending }),
      opened,
    ),
    "proposal.call-last": command(
      "Shows a last call on phones and wall for 15 seconds; while one lasts, nothing is added.",
      z.strictObject({ proposalId: id, round }),
      z.strictObject({ until: time }),
    ),
    "proposal.close": command(
      "Closes a round; before its time only with a reason. Closed already: the first answer again.",
      z.strictObject({ proposalId: id, round, reason: line(proposalLimits.reason).nullable() }),
      z.strictObject({ closedAt: time }),
    ),
    "proposal.reveal": command(
      "Counts and tells a closed round. Revealed already: nothing happens.",
      z.strictObject({ proposalId: id, round }),
      nothing,
    ),
    "proposal.restart": command(
      "Sets `round` aside, keeping its ballots, and opens the next. Done already: the first answer again.",
      z.strictObject({ proposalId: id, round, reason: line(proposalLimits.reason), ending }),
      opened,
    ),
    "proposal.withdraw": command(
      "Takes a draft back. Withdrawn already: nothing happens.",
      z.strictObject({ proposalId: id }),
      nothing,
    ),
    "ballot.cast": command(
      "Casts the household's ballot. The same ballot id again gives the same receipt.",
      z.strictObject({ ballotId: id, proposalId: id, round, optionId: z.string().min(1).max(20) }),
      z.strictObject({
        receipt: z.string(),
        at: time,
        /** False when a later ballot of the household has taken its place. */
        counts: z.boolean(),
      }),
    ),
  },
  queries: {
    "proposal.older": query(
      "Finished proposals opened before the last one known, newest first.",
      z.strictObject({ before: z.strictObject({ openedAt: time, proposalId: id }) }),
      z.strictObject({ proposals: z.array(proposalView), mine: z.array(mine), more: z.boolean() }),
    ),
    "proposal.read": query(
      "One vote that has been opened, however old.",
      z.strictObject({ proposalId: id }),
      z.strictObject({ proposal: proposalView, mine: mine.nullable() }),
    ),
    "proposal.acts": query(
      "Who wrote, opened, closed and revealed; for those who lead votes.",
      z.strictObject({ proposalId: id }),
      z.strictObject({
        acts: z.array(
          z.strictObject({
            at: time,
            round,
            act: z.string(),
            /** Null for the server's clock. */
            by: z.string().nullable(),
            reason: z.string().nullable(),
          }),
        ),
      }),
    ),
  },
  events: {
    "proposal.draft-changed": event(
      "A draft was written or edited.",
      ["staff"],
      z.strictObject({ proposal: proposalView }),
    ),
    "proposal.was-withdrawn": event("A draft was taken back.", ["staff"], z.strictObject({ proposalId: id })),
    "proposal.was-opened": event(
      "A round was opened. Holds all that is needed to vote, so that nobody has to ask; the wall's has no body.",
      ["courtyard", "wall"],
      z.strictObject({ proposal: proposalView }),
    ),
    "proposal.was-closed": event(
      "A round was closed; the count stays hidden, and the wall hears no reason.",
      ["courtyard", "wall"],
      z.strictObject({
        proposalId: id,
        round,
        closedAt: time,
        closeReason: z.string().nullable(),
        turnout,
      }),
    ),
    "proposal.result-revealed": event(
      "The count, for everyone at once.",
      ["courtyard", "wall"],
      z.strictObject({ proposalId: id, round, revealedAt: time, result: tally }),
    ),
    "household.voted": event(
      "A member cast the household's ballot; never how.",
      ["household"],
      z.strictObject({ proposalId: id, round, ballot: householdBallot }),
    ),
  },
  signals: {
    "proposal.turnout": signal(
      "How many households have voted; at most four times a second, and a lower number of the same round is old.",
      ["courtyard", "wall"],
      z.strictObject({ proposalId: id, round, voted: count, total: count }),
    ),
    "proposal.last-call": signal("The vote is about to be closed.", ["courtyard", "wall"], lastCall),
  },
  whispers: {},
  snapshot: z.strictObject({
    proposals: z.array(proposalView),
    mine: z.array(mine),
    /** Last calls on show. */
    lastCalls: z.array(lastCall),
  }),
});
