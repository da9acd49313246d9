import type { communityContract } from "../../shared/community/contract.ts";
import type { Actor } from "../../shared/identity/model.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Storage } from "../storage/storage.ts";
import type { Places } from "./places.ts";

export function createCommunityHandlers(deps: {
  storage: Pick<Storage, "db">;
  places: Places;
}): AreaHandlers<typeof communityContract> {
  const { storage, places } = deps;

  const courtyardsOf = async (actor: Actor) => {
    const rows = await storage.db
      .selectFrom("courtyards")
      .select(["id", "name"])
      .where("community_id", "=", actor.communityId)
      .orderBy("created_at")
      .execute();
    if (actor.kind === "kiosk") return [];
    const reaches = (courtyardId: string) =>
      actor.household?.courtyardId === courtyardId ||
      actor.grants.some((grant) => grant.courtyardId === null || grant.courtyardId === courtyardId);
    return rows.filter((row) => reaches(row.id));
  };

  return {
    commands: {},
    queries: {},
    whispers: {},
    snapshot: async ({ actor }) => ({
      places: actor.courtyardId ? await places.tree(actor.courtyardId) : null,
      courtyards: await courtyardsOf(actor),
    }),
  };
}
