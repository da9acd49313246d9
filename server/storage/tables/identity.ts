export interface IdentityTables {
  residents: {
    id: string;
    community_id: string;
    household_id: string | null;
    display_name: string;
    /** `joined` by a slip, `confirmed` by a steward, `removed`. */
    status: "joined" | "confirmed" | "removed";
    password_hash: string | null;
    failed_sign_ins: number;
    locked_until: number;
    created_at: number;
    confirmed_at: number | null;
    confirmed_by: string | null;
  };
  role_grants: {
    id: string;
    resident_id: string;
    role: string;
    courtyard_id: string | null;
    building_id: string | null;
    granted_by: string | null;
    created_at: number;
    ended_at: number | null;
  };
  invitations: {
    id: string;
    community_id: string;
    /** `household`: a slip; `sign-in`: a link of one person; `device`: for one more phone of theirs. */
    kind: "household" | "sign-in" | "device" | "first-officer";
    household_id: string | null;
    resident_id: string | null;
    /** SHA-256 of the code, hex. */
    code_hash: string;
    created_by: string | null;
    created_at: number;
    expires_at: number;
    uses_left: number;
    used_count: number;
    revoked_at: number | null;
  };
  sessions: {
    id: string;
    /** SHA-256 of the token, hex. */
    token_hash: string;
    community_id: string;
    resident_id: string | null;
    kiosk_id: string | null;
    /** 1 when a password was given. */
    strong: number;
    device: string;
    created_at: number;
    seen_at: number;
    expires_at: number;
    ended_at: number | null;
  };
}
