import { boardLimits } from "../board/limits.ts";
import type { Door, DoorRefusal } from "./door.ts";

/** One row of a file, numbered as the spreadsheet program shows it. */
export interface TableRow {
  line: number;
  cells: readonly string[];
}

/** What an import may hold; over it the whole file is refused by the name of the limit. */
export const importLimits = {
  fileBytes: 5 * 1024 * 1024,
  /** All parts of an XLSX file together, unpacked: what 20,000 full rows take, several times over. */
  unpackedBytes: 64 * 1024 * 1024,
  /** Parts of an XLSX file. */
  parts: 1_000,
  rows: 20_000,
  columns: 64,
  cellLength: 2_000,
  /** Rows searched for the header, counted without blank ones. */
  rowsBeforeHeader: 20,
  /** Rows of each sort that a dry run lists; bad rows are listed all. */
  listedRows: 200,
  contactLength: 40,
  titleLength: boardLimits.titleLength,
  noteLength: boardLimits.noteLength,
  quantity: boardLimits.quantity,
  itemsPerHousehold: boardLimits.itemsPerCell,
  /** 0.01 m²: 1 m² to 9,999.99 m². */
  smallestArea: 100,
  largestArea: 999_999,
} as const;

export type ImportKind = "households" | "items";

/** What a column may mean. */
export type Column =
  | "building"
  | "unit"
  | "door"
  | "area"
  | "contact"
  | "title"
  | "category"
  | "quantity"
  | "note";

/** Why a file could not be read as a table at all. */
export type FileRefusal =
  | { code: "file-empty" }
  | { code: "file-too-large"; params: { most: number } }
  /** The format of Excel 97–2003 or an old WPS. */
  | { code: "file-old-excel" }
  | { code: "file-password" }
  /** A web page with the name of a spreadsheet, as some office systems export. */
  | { code: "file-web-page" }
  | { code: "file-not-a-table" }
  | { code: "file-damaged" }
  | { code: "file-encoding-unknown" }
  | { code: "file-quote-open"; params: { line: number } }
  | { code: "file-too-many-rows"; params: { most: number } }
  | { code: "file-too-many-columns"; params: { most: number } }
  | { code: "file-cell-too-long"; params: { line: number; most: number } }
  | { code: "file-took-too-long" };

/** Why no row of a table can be taken. */
export type TableRefusal =
  | { code: "table-empty" }
  | { code: "table-too-many-rows"; params: { most: number } }
  | { code: "table-no-header"; params: { rows: number } }
  | { code: "table-column-missing"; params: { column: Column } };

/** Why a row cannot be taken; the client has a sentence for each code. */
export type RowReason =
  | { code: DoorRefusal }
  | { code: "area-unreadable" }
  | { code: "area-out-of-range"; params: { least: number; most: number } }
  | { code: "contact-too-long"; params: { most: number } }
  /** A spreadsheet shortened a telephone number to `1.38E+10`; its last digits are lost. */
  | { code: "contact-shortened" }
  | { code: "title-missing" }
  | { code: "title-too-long"; params: { most: number } }
  | { code: "note-too-long"; params: { most: number } }
  | { code: "quantity-unreadable"; params: { most: number } }
  | { code: "household-unknown"; params: { door: string } }
  /** Another row says something else about the same household or item. */
  | { code: "row-contradicts"; params: { line: number; column: Column } }
  /** The household has several items of this title, and the row fits none. */
  | { code: "item-ambiguous"; params: { door: string } }
  | { code: "cell-full"; params: { door: string; most: number } };

export interface BadRow {
  line: number;
  /** "3-2-501", where the row says whose it is and neither reason nor value does. */
  door?: string;
  reason: RowReason;
  /** What the file says there. */
  value: string;
}

/** Something a person should know about a row that is taken all the same. */
export interface Remark {
  line: number;
  code: "category-unknown" | "example-skipped";
  value: string;
}

/** Which column of the file was understood as what; `ignored` are the headers that mean nothing here. */
export interface Recognised {
  headerLine: number;
  columns: Partial<Record<Column, { index: number; header: string }>>;
  ignored: string[];
}

/** What an import would do. Nothing may be applied while `bad` holds a row. */
export interface Plan<Addition, Change> {
  recognised: Recognised;
  add: Addition[];
  change: Change[];
  /** Lines that say what is already so, repeated lines included. */
  same: number[];
  bad: BadRow[];
  remarks: Remark[];
}

export type PlanResult<Addition, Change> =
  | { ok: true; plan: Plan<Addition, Change> }
  | { ok: false; refusal: TableRefusal };

export interface PlanOptions {
  /** Lines the person took out of the import. */
  without?: ReadonlySet<number>;
}

export interface HouseholdFacts {
  /** 0.01 m². */
  area: number | null;
  /** Private to officers. */
  contact: string | null;
}

export interface ItemFacts {
  title: string;
  category: string;
  note: string;
  quantity: number;
}

export interface ExistingHousehold extends Door, HouseholdFacts {
  householdId: string;
}

export interface ExistingCell extends Door {
  householdId: string;
  items: readonly (ItemFacts & { itemId: string })[];
}

export interface HouseholdAddition extends Door, HouseholdFacts {
  line: number;
}

export interface HouseholdChange {
  line: number;
  householdId: string;
  door: Door;
  before: HouseholdFacts;
  after: HouseholdFacts;
}

export interface ItemAddition extends ItemFacts {
  line: number;
  householdId: string;
}

export interface ItemChange {
  line: number;
  householdId: string;
  itemId: string;
  before: ItemFacts;
  after: ItemFacts;
}
