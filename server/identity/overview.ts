import { type Kysely, sql } from "kysely";
import type { z } from "zod";
import type {
  buildingRow,
  householdMember,
  residentEntry,
  staffMember,
} from "../../shared/identity/contract.ts";
import { parseDevice } from "../../shared/identity/device.ts";
import { doorLabel } from "../community/door-label.ts";
import type { Schema } from "../storage/schema.ts";

type Member = z.input<typeof householdMember>;

/** The people of a household, or one resident alone, each with the devices that are signed in. */
export async function membersOf(
  db: Kysely<Schema>,
  who: { householdId: string | null; residentId: string },
  now: number,
): Promise<Member[]> {
  const rows = await db
    .selectFrom("residents")
    .leftJoin("sessions", (join) =>
      join
        .onRef("sessions.resident_id", "=", "residents.id")
        .on("sessions.ended_at", "is", null)
        .on("sessions.expires_at", ">", now),
    )
    .select([
      "residents.id",
      "residents.display_name",
      "residents.status",
      "sessions.id as session_id",
      "sessions.device",
      "sessions.seen_at",
    ])
    .where(
      who.householdId === null ? "residents.id" : "residents.household_id",
      "=",
      who.householdId ?? who.residentId,
    )
    .where("residents.status", "!=", "removed")
    .orderBy("residents.created_at")
    .orderBy("residents.id")
    .orderBy("sessions.seen_at", "desc")
    .execute();
  const members = new Map<string, Member>();
  for (const row of rows) {
    if (row.status === "removed") continue;
    const member = members.get(row.id) ?? {
      residentId: row.id,
      displayName: row.display_name,
      status: row.status,
      devices: [],
    };
    members.set(row.id, member);
    if (row.session_id === null || row.device === null || row.seen_at === null) continue;
    member.devices.push({ sessionId: row.session_id, ...parseDevice(row.device), seenAt: row.seen_at });
  }
  return [...members.values()];
}

/** The residents of a building in the order of its doors. Nobody who has not joined is in it. */
export async function residentsOf(
  db: Kysely<Schema>,
  buildingId: string,
): Promise<z.input<typeof residentEntry>[]> {
  const rows = await db
    .selectFrom("residents")
    .innerJoin("households", "households.id", "residents.household_id")
    .innerJoin("units", "units.id", "households.unit_id")
    .innerJoin("buildings", "buildings.id", "households.building_id")
    .select((eb) => [
      "residents.id",
      "residents.household_id",
      "residents.display_name",
      "residents.status",
      "residents.created_at",
      "households.door",
      "units.name as unit",
      "buildings.name as building",
      eb
        .selectFrom("role_grants")
        .select((count) => count.fn.countAll<number>().as("held"))
        .whereRef("role_grants.resident_id", "=", "residents.id")
        .where("role_grants.ended_at", "is", null)
        .as("held"),
    ])
    .where("households.building_id", "=", buildingId)
    .where("residents.status", "!=", "removed")
    .orderBy("households.sort")
    .orderBy("residents.created_at")
    .execute();
  return rows.flatMap((row) =>
    row.household_id === null || row.status === "removed"
      ? []
      : [
          {
            residentId: row.id,
            householdId: row.household_id,
            door: doorLabel(row.building, row.unit, row.door),
            displayName: row.display_name,
            status: row.status,
            joinedAt: row.created_at,
            removable: Number(row.held) === 0,
          },
        ],
  );
}

/** Counts of each building: never who, only how many. */
export async function buildingTable(
  db: Kysely<Schema>,
  courtyardId: string,
): Promise<z.input<typeof buildingRow>[]> {
  const { rows } = await sql<{
    building_id: string;
    name: string;
    households: number;
    slips: number;
    joined: number;
    reached: number;
    listed: number;
  }>`
    select buildings.id as building_id, buildings.name,
      count(households.id) as households,
      sum(case when exists (
        select 1 from invitations where invitations.household_id = households.id) then 1 else 0 end) as slips,
      sum(case when exists (
        select 1 from residents where residents.household_id = households.id and residents.status <> 'removed')
        then 1 else 0 end) as joined,
      sum(case when exists (
        select 1 from invitations where invitations.household_id = households.id) or exists (
        select 1 from residents where residents.household_id = households.id and residents.status <> 'removed')
        then 1 else 0 end) as reached,
      sum(case when exists (
        select 1 from board_items inner join boards on boards.id = board_items.board_id
        where boards.courtyard_id = buildings.courtyard_id and board_items.household_id = households.id)
        then 1 else 0 end) as listed
    from buildings left join households on households.building_id = buildings.id
    where buildings.courtyard_id = ${courtyardId}
    group by buildings.id, buildings.name, buildings.sort
    order by buildings.sort`.execute(db);
  return rows.map((row) => ({
    buildingId: row.building_id,
    name: row.name,
    households: Number(row.households),
    slips: Number(row.slips),
    joined: Number(row.joined),
    reached: Number(row.reached),
    listed: Number(row.listed),
  }));
}

type StaffMember = z.input<typeof staffMember>;

/** Everyone who holds a role in the community. */
export async function staffOf(db: Kysely<Schema>, communityId: string): Promise<StaffMember[]> {
  const rows = await db
    .selectFrom("role_grants")
    .innerJoin("residents", "residents.id", "role_grants.resident_id")
    .leftJoin("households", "households.id", "residents.household_id")
    .leftJoin("units", "units.id", "households.unit_id")
    .leftJoin("buildings", "buildings.id", "households.building_id")
    .select([
      "residents.id as resident_id",
      "residents.display_name",
      "residents.password_hash",
      "households.door",
      "units.name as unit",
      "buildings.name as building",
      "role_grants.id",
      "role_grants.role",
      "role_grants.courtyard_id",
      "role_grants.building_id",
    ])
    .where("residents.community_id", "=", communityId)
    .where("residents.status", "!=", "removed")
    .where("role_grants.ended_at", "is", null)
    .orderBy("residents.created_at")
    .orderBy("role_grants.created_at")
    .execute();
  const staff = new Map<string, StaffMember>();
  for (const row of rows) {
    const member = staff.get(row.resident_id) ?? {
      residentId: row.resident_id,
      displayName: row.display_name,
      door: row.door === null ? null : doorLabel(row.building ?? "", row.unit ?? "", row.door),
      hasPassword: row.password_hash !== null,
      grants: [],
    };
    staff.set(row.resident_id, member);
    member.grants.push({
      grantId: row.id,
      role: row.role as StaffMember["grants"][number]["role"],
      courtyardId: row.courtyard_id,
      buildingId: row.building_id,
    });
  }
  return [...staff.values()];
}
