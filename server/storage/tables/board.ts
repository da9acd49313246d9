import type { Generated } from "kysely";

export interface BoardTables {
  boards: {
    id: string;
    community_id: string;
    courtyard_id: string;
    /** Null for the board of a whole courtyard. */
    building_id: string | null;
    seq: number;
    /** How often the document was made anew with the same contents: see `server/sync/renewal.ts`. */
    generation: Generated<number>;
    created_at: number;
  };
  board_lists: { id: string; board_id: string; title: string; sort: number; created_at: number };
  board_updates: {
    board_id: string;
    seq: number;
    at: number;
    data: Uint8Array;
    /** JSON: pairs of a client id and the account it belongs to, for ids this update used first. */
    bindings: Generated<string | null>;
  };
  board_snapshots: {
    board_id: string;
    seq: number;
    at: number;
    data: Uint8Array;
    generation: Generated<number>;
  };
  board_clients: { board_id: string; client_id: number; resident_id: string; bound_at: number };
  /** What each item looks like now; written in the transaction of the update that changed it. */
  board_items: {
    board_id: string;
    household_id: string;
    item_id: string;
    title: string;
    category: string;
    note: string;
    quantity: number;
    position: string;
    added_at: number;
    changed_at: number;
  };
  board_history: {
    id: string;
    board_id: string;
    seq: number;
    at: number;
    place: "cell" | "list" | "notice";
    /** Household id, list id or "notice". */
    cell: string;
    item_id: string;
    before: string | null;
    after: string | null;
    resident_id: string;
    on_behalf: number;
  };
}
