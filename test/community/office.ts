import { createBoardStore } from "../../server/board/board-store.ts";
import { createCommunityHandlers } from "../../server/community/handlers.ts";
import { applyImport, type ImportDeps, type ImportRequest } from "../../server/community/import.ts";
import { addHouseholds, createCourtyard, createPlaces } from "../../server/community/places.ts";
import { newId } from "../../server/identity/secrets.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { doorKey } from "../../shared/community/door.ts";
import type { ImportKind, TableRow } from "../../shared/community/import-plan-table.ts";
import { createWorld } from "../identity/world.ts";
import { doorOf } from "./table-rows.ts";

/** A community with its boards open, and an officer at work. */
export async function createOffice(storage: Storage) {
  const world = await createWorld(storage);
  const { clock, log } = world;
  const { communityId } = world.place;
  const rooms = new Rooms({ store: createBoardStore({ storage, clock }) });
  const places = createPlaces(storage);
  const handlers = createCommunityHandlers({ storage, log, places, rooms });
  const deps: ImportDeps = { storage, log, rooms };
  const officer = await world.officer();
  const by = { residentId: officer.residentId, displayName: "社区的", householdId: null, door: null };

  /** A courtyard of its own for a test, with these doors. */
  const courtyard = (doors: readonly string[], boardsAt: "courtyard" | "building" = "courtyard") =>
    storage.write(async (tx) => {
      const name = `院子 ${newId()}`;
      const id = await createCourtyard(tx, { communityId, name, boardsAt, openBoards: true }, clock.now());
      const households = doors.map((door) => ({ ...doorOf(door), area: null, contact: null }));
      if (doors.length > 0) await addHouseholds(tx, id, households, clock.now());
      return id;
    });

  const run = (
    kind: ImportKind,
    courtyardId: string,
    rows: readonly TableRow[],
    rest: Partial<ImportRequest> = {},
  ) => applyImport(deps, kind, { communityId, courtyardId, rows, by, ...rest });

  /** The households as the officer's table says them, in the order of the wall. */
  const households = async (courtyardId: string) => {
    const rows = await storage.db
      .selectFrom("households")
      .innerJoin("units", "units.id", "households.unit_id")
      .innerJoin("buildings", "buildings.id", "households.building_id")
      .select(["households.door", "area", "contact", "units.name as unit", "buildings.name as building"])
      .where("households.courtyard_id", "=", courtyardId)
      .orderBy("households.sort")
      .execute();
    return rows.map(({ area, contact, ...door }) => ({ door: doorKey(door), area, contact }));
  };

  /** Titles by door, in the order of the cell, as the committed boards have them. */
  const titles = async (courtyardId: string): Promise<Record<string, string[]>> => {
    const doors = await places.doors(courtyardId);
    const boards = await storage.db
      .selectFrom("boards")
      .select("id")
      .where("courtyard_id", "=", courtyardId)
      .execute();
    const cells: Record<string, string[]> = {};
    for (const { id } of boards) {
      const { view } = await rooms.readBoard(id);
      for (const [door, householdId] of doors) {
        const items = view.cells[householdId];
        if (items && items.length > 0) cells[door] = items.map(({ title }) => title);
      }
    }
    return cells;
  };

  /** How many rows each table of places has. */
  const counts = async (courtyardId: string) => {
    const of = async (table: "buildings" | "households" | "boards" | "channels") =>
      (await storage.db.selectFrom(table).select("id").where("courtyard_id", "=", courtyardId).execute())
        .length;
    return {
      buildings: await of("buildings"),
      households: await of("households"),
      boards: await of("boards"),
      channels: await of("channels"),
    };
  };

  return {
    ...world,
    rooms,
    places,
    handlers,
    deps,
    officerPerson: officer,
    by,
    courtyard,
    run,
    households,
    titles,
    counts,
  };
}

export type Office = Awaited<ReturnType<typeof createOffice>>;
