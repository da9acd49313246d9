import { type Door, doorKey, floorOf } from "../../shared/community/door.ts";
import { compareDoors, compareNames } from "../../shared/community/door-order.ts";
import { newId } from "../identity/secrets.ts";
import type { Storage, Tx } from "../storage/storage.ts";
import { courtyardFacts, type PlaceTree, readTree } from "./reading.ts";

export type { PlaceTree };

/** A household as an import or the demo gives it. */
export interface NewHousehold extends Door {
  id?: string;
  /** 0.01 m². */
  area: number | null;
  contact: string | null;
  phoneless?: boolean;
}

/** Creates the community of this installation. */
export async function createCommunity(tx: Tx, name: string, now: number): Promise<string> {
  const id = newId();
  await tx.db.insertInto("communities").values({ id, name, seq: 0, created_at: now }).execute();
  return id;
}

export async function createCourtyard(
  tx: Tx,
  courtyard: {
    id?: string;
    communityId: string;
    name: string;
    boardsAt: "courtyard" | "building";
    openBoards: boolean;
  },
  now: number,
): Promise<string> {
  const id = courtyard.id ?? newId();
  await tx.db
    .insertInto("courtyards")
    .values({
      id,
      community_id: courtyard.communityId,
      name: courtyard.name,
      boards_at: courtyard.boardsAt,
      open_boards: courtyard.openBoards ? 1 : 0,
      places_version: 0,
      created_at: now,
    })
    .execute();
  await ensureBoardsAndChannels(tx, id, now);
  return id;
}

/**
 * Adds households with the buildings and units they need, and the boards and channels of new buildings.
 * @returns ids in the order given
 */
export async function addHouseholds(
  tx: Tx,
  courtyardId: string,
  households: readonly NewHousehold[],
  now: number,
): Promise<string[]> {
  const buildings = await ensureBuildings(tx, courtyardId, [
    ...new Set(households.map((each) => each.building)),
  ]);
  const units = await ensureUnits(tx, buildings, households);
  const added = households.map((each) => ({ ...each, id: each.id ?? newId() }));
  const sorts = await makeRoom(tx, courtyardId, added);
  const rows = added.map((each) => ({
    id: each.id,
    courtyard_id: courtyardId,
    building_id: buildings.get(each.building) ?? "",
    unit_id: units.get(`${each.building}-${each.unit}`) ?? "",
    door: each.door,
    sort: sorts.get(each.id) ?? 0,
    floor: floorOf(each.door),
    area: each.area,
    contact: each.contact,
    phoneless: each.phoneless ? 1 : 0,
    created_at: now,
  }));
  for (const chunk of chunks(rows, 500)) await tx.db.insertInto("households").values(chunk).execute();
  await tx.db
    .updateTable("courtyards")
    .set((eb) => ({ places_version: eb("places_version", "+", 1) }))
    .where("id", "=", courtyardId)
    .execute();
  await ensureBoardsAndChannels(tx, courtyardId, now);
  return rows.map((row) => row.id);
}

/** Every courtyard has the boards and channels of its places; called again it adds only what is missing. */
export async function ensureBoardsAndChannels(tx: Tx, courtyardId: string, now: number): Promise<void> {
  const courtyard = await tx.db
    .selectFrom("courtyards")
    .select(["community_id", "boards_at"])
    .where("id", "=", courtyardId)
    .executeTakeFirstOrThrow();
  const buildings = await tx.db
    .selectFrom("buildings")
    .select("id")
    .where("courtyard_id", "=", courtyardId)
    .orderBy("sort")
    .execute();
  const places: (string | null)[] = [null, ...buildings.map((building) => building.id)];
  const withBoard = courtyard.boards_at === "courtyard" ? [null] : places.slice(1);
  const boards = await tx.db
    .selectFrom("boards")
    .select("building_id")
    .where("courtyard_id", "=", courtyardId)
    .execute();
  const channels = await tx.db
    .selectFrom("channels")
    .select("building_id")
    .where("courtyard_id", "=", courtyardId)
    .execute();
  const without = (wanted: (string | null)[], have: { building_id: string | null }[]) => {
    const known = new Set(have.map((row) => row.building_id));
    return wanted.filter((place) => !known.has(place));
  };
  const row = { courtyard_id: courtyardId, seq: 0, created_at: now };
  const newBoards = without(withBoard, boards).map((building_id) => ({
    ...row,
    id: newId(),
    community_id: courtyard.community_id,
    building_id,
  }));
  const newChannels = without(places, channels).map((building_id) => ({ ...row, id: newId(), building_id }));
  if (newBoards.length > 0) await tx.db.insertInto("boards").values(newBoards).execute();
  if (newChannels.length > 0) await tx.db.insertInto("channels").values(newChannels).execute();
}

async function ensureBuildings(tx: Tx, courtyardId: string, names: string[]): Promise<Map<string, string>> {
  const known = await tx.db
    .selectFrom("buildings")
    .select(["id", "name"])
    .where("courtyard_id", "=", courtyardId)
    .execute();
  const ids = new Map(known.map((row) => [row.name, row.id]));
  const added = names
    .filter((name) => !ids.has(name))
    .map((name) => ({ id: newId(), courtyard_id: courtyardId, name, sort: 0 }));
  if (added.length > 0) await tx.db.insertInto("buildings").values(added).execute();
  for (const row of added) ids.set(row.name, row.id);
  const sorted = [...ids].sort(([left], [right]) => compareNames(left, right));
  for (const [sort, [, id]] of sorted.entries()) {
    await tx.db
      .updateTable("buildings")
      .set({ sort })
      .where("id", "=", id)
      .where("sort", "!=", sort)
      .execute();
  }
  return ids;
}

/** @returns unit ids by `building-unit` */
async function ensureUnits(
  tx: Tx,
  buildings: Map<string, string>,
  households: readonly Door[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [building, buildingId] of buildings) {
    const known = await tx.db
      .selectFrom("units")
      .select(["id", "name"])
      .where("building_id", "=", buildingId)
      .execute();
    const here = new Map(known.map((row) => [row.name, row.id]));
    const wanted = new Set(households.filter((each) => each.building === building).map((each) => each.unit));
    const added = [...wanted]
      .filter((name) => !here.has(name))
      .map((name) => ({ id: newId(), building_id: buildingId, name, sort: 0 }));
    if (added.length > 0) await tx.db.insertInto("units").values(added).execute();
    for (const row of added) here.set(row.name, row.id);
    const sorted = [...here].sort(([left], [right]) => compareNames(left, right));
    for (const [sort, [name, id]] of sorted.entries()) {
      if (added.length > 0) await tx.db.updateTable("units").set({ sort }).where("id", "=", id).execute();
      ids.set(`${building}-${name}`, id);
    }
  }
  return ids;
}

/** Moves the households that are there apart for the new ones. @returns the place of each new one, by id */
async function makeRoom(
  tx: Tx,
  courtyardId: string,
  added: readonly (Door & { id: string })[],
): Promise<Map<string, number>> {
  const known = await tx.db
    .selectFrom("households")
    .innerJoin("units", "units.id", "households.unit_id")
    .innerJoin("buildings", "buildings.id", "households.building_id")
    .select([
      "households.id",
      "households.sort",
      "households.door",
      "units.name as unit",
      "buildings.name as building",
    ])
    .where("households.courtyard_id", "=", courtyardId)
    .execute();
  const sorts = new Map<string, number>();
  const all: (Door & { id: string; sort?: number })[] = [...known, ...added];
  for (const [sort, row] of all.sort(compareDoors).entries()) {
    if (row.sort === undefined) sorts.set(row.id, sort);
    else if (row.sort !== sort)
      await tx.db.updateTable("households").set({ sort }).where("id", "=", row.id).execute();
  }
  return sorts;
}

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );

/** Reads courtyards; the tree is kept until its version moves. */
export function createPlaces(storage: Pick<Storage, "db">) {
  const trees = new Map<string, PlaceTree>();

  const tree = async (courtyardId: string): Promise<PlaceTree | null> => {
    const courtyard = await courtyardFacts(storage.db, courtyardId);
    if (!courtyard) return null;
    const known = trees.get(courtyardId);
    if (known?.version === courtyard.places_version) return known;
    const fresh = await readTree(storage.db, courtyard);
    trees.set(courtyardId, fresh);
    return fresh;
  };

  return {
    tree,
    buildingsOf: async (courtyardId: string): Promise<string[]> =>
      (await tree(courtyardId))?.buildings.map((building) => building.id) ?? [],
    /** Household id by `doorKey`. */
    doors: async (courtyardId: string): Promise<Map<string, string>> => {
      const doors = new Map<string, string>();
      for (const building of (await tree(courtyardId))?.buildings ?? []) {
        for (const unit of building.units) {
          for (const [id, door] of unit.households)
            doors.set(doorKey({ building: building.name, unit: unit.name, door }), id);
        }
      }
      return doors;
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;
