import type { Kysely } from "kysely";
import type { Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { Tx } from "../storage/storage.ts";
import { createCourtyard, ensureBoardsAndChannels } from "./places.ts";
import { courtyardFacts, readTree } from "./reading.ts";

export interface Courtyard {
  id: string;
  name: string;
}

/** The courtyards of a community, the oldest first. */
export const courtyardsOf = (db: Kysely<Schema>, communityId: string): Promise<Courtyard[]> =>
  db
    .selectFrom("courtyards")
    .select(["id", "name"])
    .where("community_id", "=", communityId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

/**
 * Adds a courtyard under the id its maker chose.
 * @throws Refusal `courtyard-exists` when another one has this name; a broken unique constraint when two are made at once
 */
export async function addCourtyard(
  unit: Unit,
  courtyard: Parameters<typeof createCourtyard>[1] & { id: string },
): Promise<void> {
  const { id, communityId, name } = courtyard;
  const there = await unit.db
    .selectFrom("courtyards")
    .select("community_id")
    .where("id", "=", id)
    .executeTakeFirst();
  // Made by this very command before: its answer was lost.
  if (there?.community_id === communityId) return;
  if (there) throw new Refusal("not-found", "This id belongs to something else.");
  await demandFreeName(unit, communityId, name, id);
  await createCourtyard(unit, courtyard, unit.now);
  await tellCourtyards(unit, communityId);
}

/** @throws Refusal `courtyard-exists` */
export async function renameCourtyard(
  unit: Unit,
  { id, communityId, name }: Courtyard & { communityId: string },
): Promise<void> {
  await demandFreeName(unit, communityId, name, id);
  const { numUpdatedRows } = await unit.db
    .updateTable("courtyards")
    .set((eb) => ({ name, places_version: eb("places_version", "+", 1) }))
    .where("id", "=", id)
    .where("name", "!=", name)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await tellPlaces(unit, id);
  await tellCourtyards(unit, communityId);
}

/** @returns whether that was another answer than before */
export async function setOpenBoards(unit: Unit, id: string, open: boolean): Promise<boolean> {
  const { numUpdatedRows } = await unit.db
    .updateTable("courtyards")
    .set((eb) => ({ open_boards: open ? 1 : 0, places_version: eb("places_version", "+", 1) }))
    .where("id", "=", id)
    .where("open_boards", "!=", open ? 1 : 0)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tellPlaces(unit, id);
  unit.tell("boards.have-changed", {}, { courtyard: id });
  return true;
}

/** True while nobody has written anything on the one board of a courtyard. */
export async function boardIsEmpty(db: Kysely<Schema>, courtyardId: string): Promise<boolean> {
  const used = await db
    .selectFrom("boards")
    .leftJoin("board_lists", "board_lists.board_id", "boards.id")
    .select("boards.id")
    .where("boards.courtyard_id", "=", courtyardId)
    .where((eb) => eb.or([eb("boards.seq", ">", 0), eb("board_lists.id", "is not", null)]))
    .executeTakeFirst();
  return used === undefined;
}

/**
 * Gives every building a board of its own instead of the empty one for all.
 * @returns the ids of the boards that are gone
 * @throws Refusal `courtyard-has-boards` when somebody has written on the board
 */
export async function divideBoards(tx: Tx, courtyardId: string, now: number): Promise<string[]> {
  const refusal = new Refusal("courtyard-has-boards", "The one board for all is in use.");
  if (!(await boardIsEmpty(tx.db, courtyardId))) throw refusal;
  const gone = await tx.db
    .deleteFrom("boards")
    .where("courtyard_id", "=", courtyardId)
    .where("building_id", "is", null)
    // Written on between the look above and now: on PostgreSQL that is possible.
    .where("seq", "=", 0)
    .returning("id")
    .execute();
  if (gone.length === 0) throw refusal;
  await tx.db
    .updateTable("courtyards")
    .set((eb) => ({ boards_at: "building" as const, places_version: eb("places_version", "+", 1) }))
    .where("id", "=", courtyardId)
    .execute();
  await ensureBoardsAndChannels(tx, courtyardId, now);
  return gone.map(({ id }) => id);
}

/** Tells everyone in the courtyard and its walls how the places are now. */
export async function tellPlaces(unit: Unit, courtyardId: string): Promise<void> {
  const courtyard = await courtyardFacts(unit.db, courtyardId);
  if (!courtyard) return;
  const places = await readTree(unit.db, courtyard);
  unit.tell("places.have-changed", { places }, { courtyard: courtyardId, wall: courtyardId });
}

async function demandFreeName(unit: Unit, communityId: string, name: string, id: string): Promise<void> {
  const taken = (await courtyardsOf(unit.db, communityId)).find((other) => other.name === name);
  if (taken && taken.id !== id) throw new Refusal("courtyard-exists", "There is a courtyard of this name.");
}

/** Those whose role reaches every courtyard see the new list; nobody else learns of other courtyards. */
async function tellCourtyards(unit: Unit, communityId: string): Promise<void> {
  const courtyards = await courtyardsOf(unit.db, communityId);
  const people = await unit.db
    .selectFrom("role_grants")
    .innerJoin("residents", "residents.id", "role_grants.resident_id")
    .select("residents.id")
    .distinct()
    .where("residents.community_id", "=", communityId)
    .where("residents.status", "!=", "removed")
    .where("role_grants.courtyard_id", "is", null)
    .where("role_grants.ended_at", "is", null)
    .execute();
  for (const { id } of people) unit.tell("courtyards.have-changed", { courtyards }, { resident: id });
}
