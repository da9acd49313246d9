import type { Kysely } from "kysely";
import { doorKey, parseDoor } from "../../shared/community/door.ts";
import { doorLabel } from "../community/door-label.ts";
import type { Schema } from "../storage/schema.ts";
import { UsageError } from "./command.ts";

export interface FoundCourtyard {
  id: string;
  name: string;
  communityId: string;
}

/** A courtyard by its id or name; undefined when there is none. */
export async function findCourtyard(
  db: Kysely<Schema>,
  nameOrId: string,
): Promise<FoundCourtyard | undefined> {
  return (await courtyards(db)).find(({ id, name }) => id === nameOrId || name === nameOrId);
}

/** @throws UsageError that lists the courtyards there are */
export async function knownCourtyard(db: Kysely<Schema>, nameOrId: string): Promise<FoundCourtyard> {
  const found = await findCourtyard(db, nameOrId);
  if (found) return found;
  const all = await courtyards(db);
  const list = all.map(({ id, name }) => `${name} (${id})`).join(", ");
  throw new UsageError(
    `There is no courtyard "${nameOrId}". ${list ? `There are: ${list}.` : "There is none at all yet."}`,
  );
}

const courtyards = (db: Kysely<Schema>): Promise<FoundCourtyard[]> =>
  db
    .selectFrom("courtyards")
    .select(["id", "name", "community_id as communityId"])
    .orderBy("created_at")
    .execute();

/** A household of a courtyard by its id or its door in any form an import takes. @throws UsageError */
export async function knownHousehold(
  db: Kysely<Schema>,
  courtyardId: string,
  doorOrId: string,
): Promise<{ id: string; door: string }> {
  const rows = await db
    .selectFrom("households")
    .innerJoin("units", "units.id", "households.unit_id")
    .innerJoin("buildings", "buildings.id", "households.building_id")
    .select(["households.id", "households.door", "units.name as unit", "buildings.name as building"])
    .where("households.courtyard_id", "=", courtyardId)
    .execute();
  const parsed = parseDoor(doorOrId);
  const key = parsed.ok ? doorKey(parsed.door) : null;
  const found = rows.find((row) => row.id === doorOrId) ?? rows.find((row) => doorKey(row) === key);
  if (!found) throw new UsageError(`There is no household "${doorOrId}" in this courtyard.`);
  return { id: found.id, door: doorLabel(found.building, found.unit, found.door) };
}
