import type { Table } from "../../../shared/community/export.ts";

/** What one thread is started for. */
export type Work =
  | { task: "read"; bytes: Uint8Array }
  | { task: "write"; table: Table; format: "csv" | "xlsx" };
