import { z } from "zod";
import type { Column, Remark, RowReason } from "./import-plan-table.ts";

const text = z.string();
const line = z.number().int();
const count = z.number().int().nonnegative();

/** What a table says about a household or an item; only the columns that count here. */
const facts = z.strictObject({
  /** 0.01 m². */
  area: count.nullable().optional(),
  contact: text.nullable().optional(),
  title: text.optional(),
  category: text.optional(),
  note: text.optional(),
  quantity: count.optional(),
});

const plannedAddition = z.strictObject({ line, door: text, facts });
const plannedChange = z.strictObject({
  line,
  door: text,
  /** The item that changes; null for a household. */
  title: text.nullable(),
  before: facts,
  after: facts,
});

/** What an import would do. */
export const plannedImport = z.strictObject({
  state: z.literal("planned"),
  kind: z.enum(["households", "items"]),
  /** Of this plan; given back with the import, it makes sure that just this happens. */
  fingerprint: text,
  source: z.discriminatedUnion("format", [
    z.strictObject({ format: z.literal("csv"), encoding: text }),
    z.strictObject({ format: z.literal("xlsx"), sheet: text }),
  ]),
  headerLine: line,
  columns: z.array(z.strictObject({ column: z.custom<Column>(), header: text })),
  /** Headers that mean nothing here. */
  ignored: z.array(text),
  counts: z.strictObject({ add: count, change: count, same: count, bad: count, remarks: count }),
  /** At most `importLimits.listedRows` each of additions, changes and remarks; the counts tell of all. */
  add: z.array(plannedAddition),
  change: z.array(plannedChange),
  /** Every row that cannot be taken; a reason is `{ code, params? }`. */
  bad: z.array(z.strictObject({ line, door: text.optional(), reason: z.custom<RowReason>(), value: text })),
  remarks: z.array(z.strictObject({ line, code: z.custom<Remark["code"]>(), value: text })),
  division: z.strictObject({
    households: count,
    buildings: count,
    advised: z.boolean(),
    possible: z.boolean(),
  }),
});

export const appliedImport = z.strictObject({
  state: z.literal("applied"),
  added: count,
  changed: count,
  same: count,
});

export const importResult = z.discriminatedUnion("state", [plannedImport, appliedImport]);

export type PlannedImport = z.input<typeof plannedImport>;
export type AppliedImport = z.input<typeof appliedImport>;
