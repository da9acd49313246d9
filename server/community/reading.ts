import type { Kysely } from "kysely";
import type { z } from "zod";
import type { placeTree } from "../../shared/community/contract.ts";
import type { ExistingCell, ExistingHousehold } from "../../shared/community/import-plan-table.ts";
import type { Schema } from "../storage/schema.ts";

export type PlaceTree = z.input<typeof placeTree>;

/** The columns of a courtyard that its tree says something about. */
export const courtyardFacts = (db: Kysely<Schema>, courtyardId: string) =>
  db
    .selectFrom("courtyards")
    .select(["id", "name", "community_id", "boards_at", "open_boards", "places_version"])
    .where("id", "=", courtyardId)
    .executeTakeFirst();

export type CourtyardFacts = NonNullable<Awaited<ReturnType<typeof courtyardFacts>>>;

const householdsIn = (db: Kysely<Schema>, courtyardId: string) =>
  db
    .selectFrom("households")
    .innerJoin("units", "units.id", "households.unit_id")
    .innerJoin("buildings", "buildings.id", "households.building_id")
    .where("households.courtyard_id", "=", courtyardId)
    .orderBy("households.sort");

/** The courtyard with its doors, in the order of the wall. */
export async function readTree(db: Kysely<Schema>, courtyard: CourtyardFacts): Promise<PlaceTree> {
  const rows = await householdsIn(db, courtyard.id)
    .select([
      "households.id",
      "households.door",
      "units.id as unit_id",
      "units.name as unit",
      "buildings.id as building_id",
      "buildings.name as building",
    ])
    .execute();
  const buildings = new Map<string, PlaceTree["buildings"][number]>();
  const units = new Map<string, PlaceTree["buildings"][number]["units"][number]>();
  for (const row of rows) {
    let building = buildings.get(row.building_id);
    if (!building) {
      building = { id: row.building_id, name: row.building, units: [] };
      buildings.set(row.building_id, building);
    }
    let unit = units.get(row.unit_id);
    if (!unit) {
      unit = { id: row.unit_id, name: row.unit, households: [] };
      units.set(row.unit_id, unit);
      building.units.push(unit);
    }
    unit.households.push([row.id, row.door]);
  }
  return {
    courtyardId: courtyard.id,
    name: courtyard.name,
    boardsAt: courtyard.boards_at,
    openBoards: courtyard.open_boards === 1,
    version: courtyard.places_version,
    buildings: [...buildings.values()],
  };
}

/** The households of a courtyard as an import compares and an export writes them; with contacts, so for officers only. */
export const readHouseholds = (db: Kysely<Schema>, courtyardId: string): Promise<ExistingHousehold[]> =>
  householdsIn(db, courtyardId)
    .select([
      "households.id as householdId",
      "buildings.name as building",
      "units.name as unit",
      "households.door",
      "households.area",
      "households.contact",
    ])
    .execute();

export interface PlacedCell extends ExistingCell {
  /** Null while no board shows this household. */
  boardId: string | null;
}

/** The households of a courtyard with what each has on its board, in the order of the cell. */
export async function readCells(db: Kysely<Schema>, courtyardId: string): Promise<PlacedCell[]> {
  const households = await householdsIn(db, courtyardId)
    .select([
      "households.id as householdId",
      "households.building_id",
      "buildings.name as building",
      "units.name as unit",
      "households.door",
    ])
    .execute();
  const boards = await db
    .selectFrom("boards")
    .select(["id", "building_id"])
    .where("courtyard_id", "=", courtyardId)
    .execute();
  const boardOf = new Map(boards.map((board) => [board.building_id, board.id]));
  const rows = await db
    .selectFrom("board_items")
    .innerJoin("boards", "boards.id", "board_items.board_id")
    .select(["household_id", "item_id", "title", "category", "note", "quantity", "position"])
    .where("boards.courtyard_id", "=", courtyardId)
    .execute();
  // Sorted here: the order of keys is that of their bytes, which a database's own order of letters is not.
  rows.sort(
    (left, right) => compareKeys(left.position, right.position) || compareKeys(left.item_id, right.item_id),
  );
  const items = Map.groupBy(rows, (row) => row.household_id);
  return households.map(({ building_id, ...door }) => ({
    ...door,
    boardId: boardOf.get(null) ?? boardOf.get(building_id) ?? null,
    items: (items.get(door.householdId) ?? []).map(
      ({ item_id: itemId, title, category, note, quantity }) => ({
        itemId,
        title,
        category,
        note,
        quantity,
      }),
    ),
  }));
}

const compareKeys = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
