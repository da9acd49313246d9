import type { communityContract } from "../../shared/community/contract.ts";
import type { Actor } from "../../shared/identity/model.ts";
import type { EventLog } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import { isUniqueViolation } from "../storage/errors.ts";
import type { Storage } from "../storage/storage.ts";
import type { Rooms } from "../sync/rooms.ts";
import { addCourtyard, courtyardsOf, renameCourtyard, setOpenBoards } from "./courtyards.ts";
import type { Places } from "./places.ts";
import { demand } from "./policy.ts";
import { courtyardFacts } from "./reading.ts";

export interface CommunityHandlerDeps {
  storage: Pick<Storage, "db">;
  log: Pick<EventLog, "write">;
  places: Places;
  rooms: Pick<Rooms, "closeBoard">;
}

export function createCommunityHandlers(deps: CommunityHandlerDeps): AreaHandlers<typeof communityContract> {
  const { storage, log, places, rooms } = deps;

  /** The courtyards the actor's household and roles reach. */
  const reachable = async (actor: Actor) => {
    if (actor.kind === "kiosk") return [];
    const reaches = (courtyardId: string) =>
      actor.household?.courtyardId === courtyardId ||
      actor.grants.some((grant) => grant.courtyardId === null || grant.courtyardId === courtyardId);
    return (await courtyardsOf(storage.db, actor.communityId)).filter(({ id }) => reaches(id));
  };

  /** @throws Refusal `not-found` unless it is a courtyard of the actor's community; `not-allowed` */
  const demandOfficer = async (actor: Actor, courtyardId: string): Promise<void> => {
    const courtyard = await courtyardFacts(storage.db, courtyardId);
    if (courtyard?.community_id !== actor.communityId)
      throw new Refusal("not-found", "There is no such courtyard.");
    demand(actor, "change the courtyard", courtyardId);
  };

  return {
    commands: {
      "courtyard.create": async ({ courtyardId: id, ...rest }, context) => {
        const actor = context.person();
        const { communityId } = actor;
        demand(actor, "add a courtyard", null);
        await nameClash(log.write(communityId, (unit) => addCourtyard(unit, { id, communityId, ...rest })));
        return {};
      },

      "courtyard.rename": async ({ courtyardId: id, name }, context) => {
        const actor = context.person();
        const { communityId } = actor;
        await demandOfficer(actor, id);
        await nameClash(log.write(communityId, (unit) => renameCourtyard(unit, { id, name, communityId })));
        return {};
      },

      "courtyard.set-open-boards": async ({ courtyardId, openBoards }, context) => {
        const actor = context.person();
        await demandOfficer(actor, courtyardId);
        const boardIds = await log.write(actor.communityId, async (unit) => {
          if (!(await setOpenBoards(unit, courtyardId, openBoards))) return [];
          const boards = await unit.db
            .selectFrom("boards")
            .select("id")
            .where("courtyard_id", "=", courtyardId)
            .execute();
          const boardIds = boards.map(({ id }) => id);
          unit.tellNodes("node.boards-were-closed", { boardIds, reason: "access-changed" });
          return boardIds;
        });
        // Access is decided at connect, so everyone who looks comes again.
        await Promise.all(boardIds.map((id) => rooms.closeBoard(id, "access-changed")));
        return {};
      },
    },
    queries: {},
    whispers: {},
    snapshot: async ({ actor }) => ({
      places: actor.courtyardId ? await places.tree(actor.courtyardId) : null,
      courtyards: await reachable(actor),
    }),
  };
}

/** Two officers may take one name in the same moment; then the database is the one who sees it. */
async function nameClash<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("courtyard-exists", "There is a courtyard of this name.");
    throw error;
  }
}
