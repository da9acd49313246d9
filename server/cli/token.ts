import { type Role, roles } from "../../shared/identity/model.ts";
import { systemClock } from "../clock.ts";
import { addResident } from "../identity/residents.ts";
import { grantRole } from "../identity/roles.ts";
import { newId } from "../identity/secrets.ts";
import { createSessions } from "../identity/sessions.ts";
import type { Tx } from "../storage/storage.ts";
import { type Command, given, readArguments, say, UsageError } from "./command.ts";
import { type FoundCourtyard, knownCourtyard, knownHousehold } from "./find-place.ts";
import { withStorage } from "./storage.ts";

/** The name of a person who exists for a tool. */
const toolName = "设备";
const deviceLabel = "yuanba token";

export const tokenCommand: Command = {
  usage: `yuanba token --courtyard <id|name> --household <id|door> [--role <role>]
Prints a session token, for the cookie yuanba_session or "Authorization: Bearer". Works while the server runs.
The session is one of the household's; a household without residents gets one named ${toolName}.

  --role      ${roles.join(", ")} or kiosk; a role of its own gets a person of its own, and
              --household may be left out. Without it the session is a resident's.`,
  run: async (args, env) => {
    const { values } = readArguments(args, {
      courtyard: { type: "string" },
      household: { type: "string" },
      role: { type: "string" },
    });
    const courtyardName = given(values.courtyard, "--courtyard");
    const role = roleOf(values.role ?? "resident");
    if (role === "resident") given(values.household, "--household");
    const token = await withStorage(env, async (storage) => {
      const courtyard = await knownCourtyard(storage.db, courtyardName);
      const household = values.household
        ? (await knownHousehold(storage.db, courtyard.id, values.household)).id
        : null;
      const sessions = createSessions({ storage, clock: systemClock });
      return storage.write(async (tx) => {
        const session = { communityId: courtyard.communityId, device: deviceLabel };
        const holder =
          role === "kiosk"
            ? { ...session, kioskId: await addKiosk(tx, courtyard) }
            : {
                ...session,
                residentId: await residentFor(tx, courtyard, household, role),
                strong: role !== "resident",
              };
        return (await sessions.start(tx, holder)).token;
      });
    });
    say(token);
    return 0;
  },
};

function roleOf(text: string): Role | "kiosk" {
  const role = [...roles, "kiosk" as const].find((known) => known === text);
  if (role) return role;
  throw new UsageError(`"${text}" is not a role: ${roles.join(", ")} or kiosk.`);
}

/** Someone who is there already and holds the role in this courtyard; otherwise a person made for it. */
async function residentFor(
  tx: Tx,
  courtyard: FoundCourtyard,
  household: string | null,
  role: Role,
): Promise<string> {
  const now = systemClock.now();
  const known = await tx.db
    .selectFrom("residents")
    .leftJoin("role_grants", (join) =>
      join.onRef("role_grants.resident_id", "=", "residents.id").on("role_grants.ended_at", "is", null),
    )
    .select("residents.id")
    .where("residents.community_id", "=", courtyard.communityId)
    .where("residents.household_id", household === null ? "is" : "=", household)
    .where("residents.status", "!=", "removed")
    .$if(role !== "resident", (query) =>
      query
        .where("role_grants.role", "=", role)
        .where("role_grants.courtyard_id", "=", courtyard.id)
        .where("role_grants.building_id", "is", null),
    )
    .orderBy("residents.created_at")
    .orderBy("residents.id")
    .executeTakeFirst();
  if (known) return known.id;
  const id = newId();
  const person = { id, communityId: courtyard.communityId, householdId: household, displayName: toolName };
  await addResident(tx.db, { ...person, status: "confirmed" }, now);
  if (role !== "resident") {
    const grant = { residentId: id, role, courtyardId: courtyard.id, buildingId: null, by: null };
    await grantRole(tx.db, grant, now);
  }
  return id;
}

async function addKiosk(tx: Tx, { id: courtyardId, communityId }: FoundCourtyard): Promise<string> {
  const id = newId();
  await tx.db
    .insertInto("kiosks")
    .values({
      id,
      community_id: communityId,
      courtyard_id: courtyardId,
      name: toolName,
      paired_by: "",
      paired_at: systemClock.now(),
      unpaired_at: null,
      last_seen_at: null,
    })
    .execute();
  return id;
}
