import type { ExpressionBuilder, Kysely } from "kysely";
import type { z } from "zod";
import type { historyEntry } from "../../shared/board/contract.ts";
import type { Item, ItemFields, ListEntry, Notice } from "../../shared/board/model.ts";
import { doorLabel } from "../community/door-label.ts";
import type { Schema } from "../storage/schema.ts";
import type { BoardThing } from "./policy.ts";

export type HistoryEntry = z.input<typeof historyEntry>;

/** One change as it is stored, with where it was made. */
export interface StoredChange {
  boardId: string;
  thing: BoardThing;
  itemId: string;
  before: ItemFields | ListEntry | Notice | null;
}

/** The name under which changes of a place are stored. */
export const cellOf = (thing: BoardThing): string => {
  if (thing.place === "cell") return thing.householdId;
  return thing.place === "list" ? thing.listId : "notice";
};

const thingOf = (place: BoardThing["place"], cell: string): BoardThing => {
  if (place === "cell") return { place, householdId: cell };
  return place === "list" ? { place, listId: cell } : { place };
};

/** Changes of one place, newest first, at most `limit`, older than `before`. */
export async function readHistory(
  db: Kysely<Schema>,
  asked: {
    boardId: string;
    of: BoardThing;
    before: { at: number; seq: number; historyId: string } | null;
    limit: number;
  },
): Promise<HistoryEntry[]> {
  const { boardId, of, before, limit } = asked;
  const rows = await db
    .selectFrom("board_history")
    .leftJoin("residents", "residents.id", "board_history.resident_id")
    .leftJoin("households", "households.id", "residents.household_id")
    .leftJoin("units", "units.id", "households.unit_id")
    .leftJoin("buildings", "buildings.id", "households.building_id")
    .select([
      "board_history.id",
      "board_history.seq",
      "board_history.at",
      "board_history.item_id",
      "board_history.before",
      "board_history.after",
      "board_history.on_behalf",
      "residents.display_name",
      "households.door",
      "units.name as unit",
      "buildings.name as building",
    ])
    .where("board_history.board_id", "=", boardId)
    .where("board_history.place", "=", of.place)
    .where("board_history.cell", "=", cellOf(of))
    // Made on another node and removed on one that had not heard of it: there was nothing to see where this was written.
    .where((eb) =>
      eb.or([eb("board_history.before", "is not", null), eb("board_history.after", "is not", null)]),
    )
    .$if(before !== null, (query) =>
      query.where((eb) => older(eb, before ?? { at: 0, seq: 0, historyId: "" })),
    )
    .orderBy("board_history.at", "desc")
    .orderBy("board_history.seq", "desc")
    .orderBy("board_history.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const made = {
      historyId: row.id,
      seq: row.seq,
      at: row.at,
      by: row.display_name,
      door: row.door === null ? null : doorLabel(row.building ?? "", row.unit ?? "", row.door),
      onBehalf: row.on_behalf === 1,
    };
    return present(made, of.place, row.item_id, { before: row.before, after: row.after });
  });
}

/** What comes after an entry when the newest is read first. */
const older = (
  eb: ExpressionBuilder<Schema, "board_history">,
  { at, seq, historyId }: { at: number; seq: number; historyId: string },
) =>
  eb.or([
    eb("board_history.at", "<", at),
    eb.and([eb("board_history.at", "=", at), eb("board_history.seq", "<", seq)]),
    eb.and([
      eb("board_history.at", "=", at),
      eb("board_history.seq", "=", seq),
      eb("board_history.id", "<", historyId),
    ]),
  ]);

/** One change by its id, with the courtyard it belongs to decided by its board; null when there is none. */
export async function findChange(db: Kysely<Schema>, historyId: string): Promise<StoredChange | null> {
  const row = await db
    .selectFrom("board_history")
    .select(["board_id", "place", "cell", "item_id", "before"])
    .where("id", "=", historyId)
    .executeTakeFirst();
  return row
    ? {
        boardId: row.board_id,
        thing: thingOf(row.place, row.cell),
        itemId: row.item_id,
        before: row.before && JSON.parse(row.before),
      }
    : null;
}

/**
 * What has to be put back so that a cell is as it was at `at` (milliseconds, the changes of that moment
 * included): for every item changed later, how it was before the first of these changes.
 */
export async function changedSince(
  db: Kysely<Schema>,
  { boardId, householdId, at }: { boardId: string; householdId: string; at: number },
): Promise<Map<string, ItemFields | null>> {
  const rows = await db
    .selectFrom((from) =>
      from
        .selectFrom("board_history")
        .select(["item_id", "before"])
        .select(({ fn }) =>
          fn
            .agg<number>("row_number")
            .over((over) => over.partitionBy("item_id").orderBy("at").orderBy("seq").orderBy("id"))
            .as("nth"),
        )
        .where("board_id", "=", boardId)
        .where("place", "=", "cell")
        .where("cell", "=", householdId)
        .where("at", ">", at)
        .as("later"),
    )
    .select(["item_id", "before"])
    .where("nth", "=", 1)
    .execute();
  return new Map(rows.map((row) => [row.item_id, row.before && JSON.parse(row.before)]));
}

/** The cell as it was, from the cell as it is and what was changed since. */
export function cellBefore(now: readonly Item[], changed: ReadonlyMap<string, ItemFields | null>): Item[] {
  const untouched = now.filter((item) => !changed.has(item.id));
  const back = [...changed].flatMap(([id, fields]) => (fields ? [{ id, ...fields }] : []));
  return [...untouched, ...back];
}

type Made = Pick<HistoryEntry, "historyId" | "seq" | "at" | "by" | "door" | "onBehalf">;

function present(
  made: Made,
  place: BoardThing["place"],
  itemId: string,
  stored: { before: string | null; after: string | null },
): HistoryEntry {
  const both = <T, U>(show: (value: T) => U) => ({
    before: stored.before === null ? null : show(JSON.parse(stored.before) as T),
    after: stored.after === null ? null : show(JSON.parse(stored.after) as T),
  });
  switch (place) {
    case "cell":
      return { ...made, place, itemId, ...both(showItem) };
    case "list":
      return { ...made, place, itemId, ...both(showEntry) };
    case "notice":
      return { ...made, place, ...both(({ text }: Notice) => ({ text })) };
  }
}

const showItem = ({ title, category, note, quantity }: ItemFields) => ({ title, category, note, quantity });
const showEntry = ({ text, done }: ListEntry) => ({ text, done });
