import type { PersonActor } from "../../shared/identity/model.ts";
import { type ProposalDraft, proposalLimits } from "../../shared/proposals/model.ts";
import { ballotOptions, draftFaults } from "../../shared/proposals/rules.ts";
import type { Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { Dialect } from "../storage/dialect.ts";
import { presentProposals } from "./present.ts";
import { changeProposal, countInState, lockProposal, noteAct, type ProposalRow } from "./repository.ts";
import { isDue } from "./rounds.ts";

type Author = Pick<PersonActor, "residentId" | "courtyardId">;

const columnsOf = (draft: ProposalDraft) => ({
  title: draft.question,
  body: draft.body,
  kind: draft.kind,
  options: JSON.stringify(ballotOptions(draft)),
  rule: JSON.stringify(draft.rule),
});

function mustBeSound(draft: ProposalDraft): void {
  const [fault] = draftFaults(draft);
  if (fault) throw new Refusal("draft-unsound", `The draft is not sound: ${fault}.`, { fault });
}

/** Stores a new draft; the same id from the same author again does nothing. */
export async function writeDraft(
  unit: Unit,
  dialect: Dialect,
  { proposalId, draft, actor }: { proposalId: string; draft: ProposalDraft; actor: Author },
): Promise<void> {
  const { db, now } = unit;
  mustBeSound(draft);
  const known = await lockProposal(db, dialect, proposalId, "share");
  if (known) {
    if (known.courtyard_id === actor.courtyardId && known.created_by === actor.residentId) return;
    throw new Refusal("invalid-input", "This proposal id was used before.", { field: "proposalId" });
  }
  if ((await countInState(db, actor.courtyardId, "draft")) >= proposalLimits.drafts) {
    throw new Refusal("too-many-proposals", "Too many drafts wait here.");
  }
  const row: ProposalRow = {
    id: proposalId,
    courtyard_id: actor.courtyardId,
    ...columnsOf(draft),
    state: "draft",
    round: 1,
    register_id: null,
    created_by: actor.residentId,
    created_at: now,
    opened_at: null,
    closes_at: null,
    closed_at: null,
    closed_by: null,
    close_reason: null,
    revealed_at: null,
    result: null,
  };
  await db.insertInto("proposals").values(row).execute();
  await noteAct(db, { proposalId, round: 1, at: now, act: "written", byId: actor.residentId });
  await tellDraft(unit, row);
}

/** Replaces what a draft says. */
export async function editDraft(
  unit: Unit,
  row: ProposalRow,
  { draft, actor }: { draft: ProposalDraft; actor: Author },
): Promise<void> {
  isDue(row, "edit");
  mustBeSound(draft);
  const columns = columnsOf(draft);
  await changeProposal(unit.db, row, columns);
  await noteAct(unit.db, {
    proposalId: row.id,
    round: row.round,
    at: unit.now,
    act: "edited",
    byId: actor.residentId,
  });
  await tellDraft(unit, { ...row, ...columns });
}

/** Takes a draft back; it stays in the table. */
export async function withdrawDraft(unit: Unit, row: ProposalRow, actor: Author): Promise<void> {
  if (!isDue(row, "withdraw")) return;
  await changeProposal(unit.db, row, { state: "withdrawn" });
  await noteAct(unit.db, {
    proposalId: row.id,
    round: row.round,
    at: unit.now,
    act: "withdrawn",
    byId: actor.residentId,
  });
  unit.tell("proposal.was-withdrawn", { proposalId: row.id }, { staff: row.courtyard_id });
}

async function tellDraft(unit: Unit, row: ProposalRow): Promise<void> {
  const [proposal] = await presentProposals(unit.db, [row]);
  if (proposal) unit.tell("proposal.draft-changed", { proposal }, { staff: row.courtyard_id });
}
