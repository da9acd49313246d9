import type { Kysely } from "kysely";
import type { Schema } from "../storage/schema.ts";
import { insertAll } from "./insert-all.ts";
import type { DemoPlan } from "./plan-types.ts";

/**
 * The tree of places under the plan's own ids, so that an address written down in one demo is good in the next.
 * Within each level the plan is in the order of the wall.
 * @param since when the office set the courtyard up, ms
 */
export async function applyPlaces(db: Kysely<Schema>, plan: DemoPlan, since: number): Promise<void> {
  const { id: communityId, name } = plan.community;
  // No event leads here: whoever comes first takes a snapshot, and the log tells what happens from then on.
  await insertAll(db, "communities", [{ id: communityId, name, seq: 0, created_at: since }]);
  await insertAll(
    db,
    "courtyards",
    plan.courtyards.map((courtyard) => ({
      id: courtyard.id,
      community_id: communityId,
      name: courtyard.name,
      boards_at: courtyard.boardsAt,
      open_boards: 1,
      places_version: 1,
      created_at: since,
    })),
  );
  await insertAll(
    db,
    "buildings",
    plan.buildings.map((building, sort) => ({
      id: building.id,
      courtyard_id: building.courtyardId,
      name: building.name,
      sort,
    })),
  );
  await insertAll(
    db,
    "units",
    plan.units.map((unit, sort) => ({ id: unit.id, building_id: unit.buildingId, name: unit.name, sort })),
  );
  await insertAll(
    db,
    "households",
    plan.households.map((household, sort) => ({
      id: household.id,
      courtyard_id: household.courtyardId,
      building_id: household.buildingId,
      unit_id: household.unitId,
      door: household.door,
      sort,
      floor: household.floor,
      area: household.area,
      contact: null,
      phoneless: household.phoneless ? 1 : 0,
      created_at: since,
    })),
  );
  await insertAll(
    db,
    "boards",
    plan.boards.map((board) => ({
      id: board.id,
      community_id: communityId,
      courtyard_id: board.courtyardId,
      building_id: board.buildingId,
      seq: 0,
      created_at: since,
    })),
  );
}
