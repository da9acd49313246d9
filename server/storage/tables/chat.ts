export interface ChatTables {
  channels: { id: string; courtyard_id: string; building_id: string | null; seq: number; created_at: number };
  messages: {
    /** Made by the client; unique, so that a retry is the same message. */
    id: string;
    channel_id: string;
    /** Dense within the channel. */
    seq: number;
    author_id: string;
    text: string;
    at: number;
    edited_at: number | null;
    deleted_at: number | null;
    /** `shown`, `blurred` while a report waits, `removed` by a steward. */
    state: "shown" | "blurred" | "removed";
    /** Rises with each change, so that a client can tell a late page from a newer event. */
    version: number;
    /** The community's `seq` when the message was posted: all events that carry its text come later. */
    log_after: number;
  };
  message_reports: {
    id: string;
    message_id: string;
    reporter_id: string;
    rule: string;
    at: number;
    decided_at: number | null;
    decided_by: string | null;
    decision: string | null;
  };
  channel_marks: { channel_id: string; resident_id: string; seen_seq: number };
  mutes: {
    id: string;
    courtyard_id: string;
    resident_id: string;
    until: number;
    reason: string;
    by_id: string;
    at: number;
    lifted_at: number | null;
  };
}
