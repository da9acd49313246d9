import type { Actor } from "../../shared/identity/model.ts";
import type { Storage } from "../storage/storage.ts";
import type { BoardAccess } from "../sync/ports.ts";
import { type BoardPlace, boardAccess, caredBuildings } from "./policy.ts";

export interface VisibleBoard extends BoardPlace {
  access: BoardAccess;
  lists: { id: string; title: string }[];
}

/** Which boards there are, and which of them an actor may open. */
export function createBoards(storage: Pick<Storage, "db">) {
  const places = () =>
    storage.db
      .selectFrom("boards")
      .innerJoin("courtyards", "courtyards.id", "boards.courtyard_id")
      .leftJoin("buildings", "buildings.id", "boards.building_id")
      .select([
        "boards.id",
        "boards.courtyard_id",
        "boards.building_id",
        "boards.community_id",
        "courtyards.open_boards",
      ]);

  type Row = Awaited<ReturnType<ReturnType<typeof places>["execute"]>>[number];
  const placeOf = (row: Row): BoardPlace => ({
    id: row.id,
    courtyardId: row.courtyard_id,
    buildingId: row.building_id,
    open: row.open_boards === 1,
  });

  /** What the actor may do, with the households a steward of some buildings cares for. */
  const accessTo = async (actor: Actor, place: BoardPlace): Promise<BoardAccess> => {
    const access = boardAccess(actor, place);
    const buildings = access.otherCells ? caredBuildings(actor, place) : null;
    if (!buildings) return access;
    const rows = await storage.db
      .selectFrom("households")
      .select("id")
      .where("building_id", "in", buildings)
      .execute();
    return { ...access, onlyCells: new Set(rows.map((row) => row.id)) };
  };

  return {
    /** The board with what the actor may do there; null when it does not exist or is none of theirs. */
    open: async (
      actor: Actor,
      boardId: string,
    ): Promise<{ place: BoardPlace; access: BoardAccess } | null> => {
      const row = await places().where("boards.id", "=", boardId).executeTakeFirst();
      if (!row || row.community_id !== actor.communityId) return null;
      const place = placeOf(row);
      const access = await accessTo(actor, place);
      return access.read ? { place, access } : null;
    },

    /** The boards of the courtyard the actor looks at, in the order of the buildings. */
    visibleTo: async (actor: Actor): Promise<VisibleBoard[]> => {
      const rows = await places()
        .where("boards.courtyard_id", "=", actor.courtyardId)
        .orderBy("buildings.sort")
        .execute();
      const lists = await storage.db
        .selectFrom("board_lists")
        .innerJoin("boards", "boards.id", "board_lists.board_id")
        .select(["board_lists.id", "board_lists.title", "board_lists.board_id"])
        .where("boards.courtyard_id", "=", actor.courtyardId)
        .orderBy("board_lists.sort")
        .execute();
      const visible: VisibleBoard[] = [];
      for (const row of rows) {
        const place = placeOf(row);
        const access = await accessTo(actor, place);
        const own = lists.filter((list) => list.board_id === row.id);
        if (access.read)
          visible.push({ ...place, access, lists: own.map(({ id, title }) => ({ id, title })) });
      }
      return visible;
    },

    /** All boards of a courtyard, for the server's own readers. */
    ofCourtyard: async (courtyardId: string): Promise<BoardPlace[]> =>
      (await places().where("boards.courtyard_id", "=", courtyardId).orderBy("buildings.sort").execute()).map(
        placeOf,
      ),
  };
}

export type Boards = ReturnType<typeof createBoards>;
