import type { Kysely } from "kysely";
import type { WallCell, WallFresh, WallNotice } from "../../shared/kiosk/model.ts";
import { kioskLimits } from "../../shared/kiosk/model.ts";
import type { PlaceTree } from "../community/places.ts";
import type { Schema } from "../storage/schema.ts";

type Db = Kysely<Schema>;

export interface ShownBoard {
  id: string;
  /** Null for the board of the whole courtyard. */
  buildingId: string | null;
}

/**
 * The boards a wall may show: those that everyone in the courtyard may look at. What is only for the people of one
 * building hangs in no public room (INV-8).
 */
export async function shownBoards(db: Db, courtyardId: string): Promise<ShownBoard[]> {
  const rows = await db
    .selectFrom("boards")
    .innerJoin("courtyards", "courtyards.id", "boards.courtyard_id")
    .leftJoin("buildings", "buildings.id", "boards.building_id")
    .select(["boards.id", "boards.building_id"])
    .where("boards.courtyard_id", "=", courtyardId)
    .where((eb) => eb.or([eb("boards.building_id", "is", null), eb("courtyards.open_boards", "=", 1)]))
    .orderBy("buildings.sort")
    .execute();
  return rows.map((row) => ({ id: row.id, buildingId: row.building_id }));
}

/** Changes whenever anything on the boards or the places of a courtyard does. */
export async function boardsVersion(db: Db, courtyardId: string): Promise<string> {
  const row = await db
    .selectFrom("courtyards")
    .leftJoin("boards", "boards.courtyard_id", "courtyards.id")
    .select(({ fn }) => ["name", "open_boards", "places_version", fn.sum("boards.seq").as("seq")])
    .where("courtyards.id", "=", courtyardId)
    .groupBy(["courtyards.id", "name", "open_boards", "places_version"])
    .executeTakeFirst();
  return JSON.stringify([row?.name, row?.open_boards, row?.places_version, Number(row?.seq ?? 0)]);
}

/** How many things hang in each cell. */
export async function thingsByHousehold(db: Db, boards: readonly string[]): Promise<Map<string, number>> {
  if (boards.length === 0) return new Map();
  const rows = await db
    .selectFrom("board_items")
    .select(({ fn }) => ["household_id", fn.countAll().as("things")])
    .where("board_id", "in", boards)
    .groupBy("household_id")
    .execute();
  return new Map(rows.map((row) => [row.household_id, Number(row.things)]));
}

/** Cells as the public sees them, in the order asked for; one without things is empty. */
export async function readCells(db: Db, boardId: string, households: readonly string[]): Promise<WallCell[]> {
  if (households.length === 0) return [];
  const rows = await db
    .selectFrom("board_items")
    .select(["household_id", "item_id", "title", "category", "quantity", "position"])
    .where("board_id", "=", boardId)
    .where("household_id", "in", households)
    .execute();
  // Sorted here: a database's own collation would not order the keys as every client does.
  rows.sort((a, b) => compare(a.position, b.position) || compare(a.item_id, b.item_id));
  const cells = new Map<string, WallCell>(households.map((id) => [id, { householdId: id, labels: [] }]));
  for (const { household_id, title, category, quantity } of rows) {
    if (title.trim() !== "") cells.get(household_id)?.labels.push({ title, category, quantity });
  }
  return [...cells.values()];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What was listed since, newest first, with the unit it hangs in and not the door. */
export async function readFresh(
  db: Db,
  boards: readonly string[],
  tree: PlaceTree,
  since: number,
): Promise<{ fresh: WallFresh[]; freshCount: number }> {
  if (boards.length === 0) return { fresh: [], freshCount: 0 };
  const listed = db
    .selectFrom("board_items")
    .where("board_id", "in", boards)
    .where("added_at", ">", since)
    .where("title", "!=", "");
  const total = await listed.select(({ fn }) => fn.countAll().as("count")).executeTakeFirst();
  const rows = await listed
    .select(["household_id", "title", "category", "added_at"])
    .orderBy("added_at", "desc")
    .orderBy("item_id")
    .limit(kioskLimits.freshItems)
    .execute();
  const units = new Map(
    tree.buildings.flatMap((building) =>
      building.units.flatMap((unit) =>
        unit.households.map(([id]) => [id, { building: building.name, unit: unit.name }] as const),
      ),
    ),
  );
  const fresh = rows.flatMap(({ household_id, title, category, added_at }) => {
    const place = units.get(household_id);
    return place ? [{ title, category, ...place, addedAt: added_at }] : [];
  });
  return { fresh, freshCount: Number(total?.count ?? 0) };
}

/**
 * The notices as they hang now. They are read from the history, which is written in the commit of each change, so
 * that a wall of forty buildings does not open forty documents.
 */
export async function readNotices(
  db: Db,
  boards: readonly ShownBoard[],
  tree: PlaceTree,
): Promise<WallNotice[]> {
  if (boards.length === 0) return [];
  const ids = boards.map(({ id }) => id);
  const rows = await db
    .selectFrom("board_history as change")
    .innerJoin(
      (eb) =>
        eb
          .selectFrom("board_history")
          .select(({ fn }) => ["board_id", fn.max("seq").as("seq")])
          .where("board_id", "in", ids)
          .where("cell", "=", "notice")
          .where("place", "=", "notice")
          .groupBy("board_id")
          .as("last"),
      (join) => join.onRef("last.board_id", "=", "change.board_id").onRef("last.seq", "=", "change.seq"),
    )
    .select(["change.board_id", "change.before", "change.after"])
    .where("change.cell", "=", "notice")
    .where("change.place", "=", "notice")
    .execute();
  const names = new Map(tree.buildings.map((building) => [building.id, building.name]));
  return boards.flatMap(({ id, buildingId }) => {
    const text = lastNotice(rows.filter((row) => row.board_id === id)).trim();
    const building = buildingId === null ? null : (names.get(buildingId) ?? "");
    return text === "" ? [] : [{ boardId: id, building, text }];
  });
}

/** Of several changes in one commit, the last is the one no other begins with. */
function lastNotice(changes: readonly { before: string | null; after: string | null }[]): string {
  const last = changes.find(({ after }) => !changes.some(({ before }) => before === after)) ?? changes[0];
  return last?.after ? (JSON.parse(last.after) as { text: string }).text : "";
}
