import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import { adviseDivision, type Division } from "../../shared/community/division.ts";
import { type HouseholdPlan, planHouseholds } from "../../shared/community/import-plan-households.ts";
import { type ItemPlan, planItems } from "../../shared/community/import-plan-items.ts";
import type {
  ExistingHousehold,
  ImportKind,
  TableRefusal,
  TableRow,
} from "../../shared/community/import-plan-table.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import { boardIsEmpty } from "./courtyards.ts";
import { courtyardFacts, type PlacedCell, readCells, readHouseholds } from "./reading.ts";

/** A table that was read, for one courtyard. */
export interface ImportTable {
  courtyardId: string;
  rows: readonly TableRow[];
  /** Lines the person took out. */
  without?: ReadonlySet<number>;
}

/** What is in the way of a table as a whole, with the same shape as what stops a file. */
export const tableRefused = ({ code, ...rest }: TableRefusal): Refusal =>
  new Refusal("file-unreadable", `The table cannot be read: ${code}.`, {
    reason: code,
    ...("params" in rest ? rest.params : {}),
  });

export interface HouseholdImport {
  kind: "households";
  plan: HouseholdPlan;
  existing: readonly ExistingHousehold[];
}
export interface ItemImport {
  kind: "items";
  plan: ItemPlan;
  existing: readonly PlacedCell[];
}

/** @throws Refusal `file-unreadable` when the table as a whole cannot be understood */
export async function planHouseholdImport(
  db: Kysely<Schema>,
  { courtyardId, rows, without = new Set() }: ImportTable,
): Promise<HouseholdImport> {
  const existing = await readHouseholds(db, courtyardId);
  const planned = planHouseholds(existing, rows, { without });
  if (!planned.ok) throw tableRefused(planned.refusal);
  return { kind: "households", plan: planned.plan, existing };
}

/** @throws Refusal `file-unreadable` when the table as a whole cannot be understood */
export async function planItemImport(
  db: Kysely<Schema>,
  { courtyardId, rows, without = new Set() }: ImportTable,
): Promise<ItemImport> {
  const existing = await readCells(db, courtyardId);
  const planned = planItems(existing, rows, { without });
  if (!planned.ok) throw tableRefused(planned.refusal);
  return { kind: "items", plan: planned.plan, existing };
}

/** What an import would do now; changes nothing. @throws Refusal `file-unreadable` */
export const planImport = (
  db: Kysely<Schema>,
  kind: ImportKind,
  table: ImportTable,
): Promise<HouseholdImport | ItemImport> =>
  kind === "households" ? planHouseholdImport(db, table) : planItemImport(db, table);

/** The same text as long as the same is added and changed, and nothing else is in the way. */
export function fingerprintOf({ kind, plan }: HouseholdImport | ItemImport): string {
  const { add, change, bad } = plan;
  return createHash("sha256")
    .update(JSON.stringify([kind, add, change, bad]))
    .digest("base64url")
    .slice(0, 22);
}

/** How large the courtyard would be, and whether it should have a board for each building. */
export async function divisionOf(
  db: Kysely<Schema>,
  courtyardId: string,
  planned: HouseholdImport | ItemImport,
): Promise<Division> {
  const courtyard = await courtyardFacts(db, courtyardId);
  const added = planned.kind === "households" ? planned.plan.add : [];
  const buildings = new Set([...planned.existing, ...added].map(({ building }) => building));
  const size = { households: planned.existing.length + added.length, buildings: buildings.size };
  return adviseDivision(size, courtyard?.boards_at ?? "courtyard", await boardIsEmpty(db, courtyardId));
}

/**
 * Whether an import may be carried out. An import that has nothing left to do always may: it is a repeat.
 * @throws Refusal `import-has-bad-rows`; `import-changed` when it is not what the person saw
 */
export function demandAsSeen(planned: HouseholdImport | ItemImport, seen: string | undefined): void {
  const { add, change, bad } = planned.plan;
  if (bad.length > 0) {
    throw new Refusal("import-has-bad-rows", `${bad.length} rows cannot be taken.`, { count: bad.length });
  }
  const nothingLeft = add.length === 0 && change.length === 0;
  if (seen !== undefined && !nothingLeft && seen !== fingerprintOf(planned)) {
    throw new Refusal("import-changed", "What the import would do is not what was shown.");
  }
}
