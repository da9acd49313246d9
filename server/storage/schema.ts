import type { BoardTables } from "./tables/board.ts";
import type { ChatTables } from "./tables/chat.ts";
import type { IdentityTables } from "./tables/identity.ts";
import type { InstallationTables } from "./tables/installation.ts";
import type { KioskTables } from "./tables/kiosk.ts";
import type { PlaceTables } from "./tables/places.ts";
import type { ProposalTables } from "./tables/proposals.ts";

/**
 * Every table, for Kysely. Conventions on both dialects: ids are text, times are milliseconds (bigint),
 * flags are 0 or 1, floor areas are 0.01 m² integers, JSON is text.
 */
export interface Schema
  extends PlaceTables,
    IdentityTables,
    BoardTables,
    ChatTables,
    ProposalTables,
    KioskTables,
    InstallationTables {
  /** One row, written to see whether the storage can write. */
  probes: { id: number; at: number };
}
