export interface ProposalTables {
  proposals: {
    id: string;
    courtyard_id: string;
    title: string;
    body: string;
    /** `yes-no-abstain` or `options`. */
    kind: "yes-no-abstain" | "options";
    /** JSON: [{ id, label }]. */
    options: string;
    /** JSON: the rule set, frozen when the vote opens. */
    rule: string;
    state: "draft" | "open" | "closed" | "revealed" | "withdrawn";
    round: number;
    register_id: string | null;
    created_by: string;
    created_at: number;
    opened_at: number | null;
    closes_at: number | null;
    closed_at: number | null;
    closed_by: string | null;
    revealed_at: number | null;
    /** JSON: the tally as revealed. */
    result: string | null;
  };
  registers: {
    id: string;
    courtyard_id: string;
    proposal_id: string;
    round: number;
    frozen_at: number;
    households: number;
    /** Sum of floor areas, 0.01 m². */
    area: number;
  };
  register_entries: { register_id: string; household_id: string; area: number };
  ballots: {
    /** Made by the client. */
    id: string;
    proposal_id: string;
    round: number;
    household_id: string;
    option_id: string;
    cast_by: string;
    cast_at: number;
    receipt: string;
    /** Null for the ballot that counts; a change of mind supersedes and keeps the older one. */
    superseded_at: number | null;
  };
}
