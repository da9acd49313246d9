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
    /** Null when the server's clock closed it. */
    closed_by: string | null;
    /** Set when it was closed before its time. */
    close_reason: string | null;
    revealed_at: number | null;
    /** JSON: the tally, written when it is revealed and not before. */
    result: string | null;
  };
  /** Rounds set aside for a new one (INV-10). Their ballots and registers stay where they are. */
  proposal_rounds: {
    proposal_id: string;
    round: number;
    register_id: string;
    opened_at: number;
    closes_at: number;
    closed_at: number | null;
    closed_by: string | null;
    close_reason: string | null;
    revealed_at: number | null;
    result: string | null;
    restarted_at: number;
    restart_reason: string;
  };
  /** Who did what with a proposal; never changed. */
  proposal_acts: {
    proposal_id: string;
    /** Dense, from 1. */
    seq: number;
    round: number;
    at: number;
    act: string;
    /** Null for the server's clock. */
    by_id: string | null;
    reason: string | null;
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
