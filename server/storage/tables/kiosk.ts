export interface KioskTables {
  kiosks: {
    id: string;
    community_id: string;
    courtyard_id: string;
    name: string;
    paired_by: string;
    paired_at: number;
    unpaired_at: number | null;
    last_seen_at: number | null;
  };
  kiosk_pairings: {
    id: string;
    /** SHA-256 of the code shown on the screen, hex. */
    code_hash: string;
    /** SHA-256 of the secret the screen keeps, hex. */
    device_hash: string;
    created_at: number;
    expires_at: number;
    /** Set when someone confirmed the code. */
    kiosk_id: string | null;
    /** Set when the screen took its session; it does so once, unless the pairing is `repeatable`. */
    claimed_at: number | null;
    /** 1 for a link that any number of screens may open, all as the same kiosk. */
    repeatable: number;
  };
}
