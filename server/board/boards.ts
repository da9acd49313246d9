import type { Kysely } from "kysely";
import type { Actor } from "../../shared/identity/model.ts";
import { compileOnce } from "../storage/compile-once.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { BoardAccess } from "../sync/ports.ts";
import { type BoardPlace, boardAccess, caredBuildings, isGuest } from "./policy.ts";

export interface SharedList {
  id: string;
  title: string;
}

export interface VisibleBoard extends BoardPlace {
  access: BoardAccess;
  guest: boolean;
  lists: SharedList[];
}

/** A board with what an actor may do there. */
export interface OpenedBoard {
  place: BoardPlace;
  access: BoardAccess;
}

/** Which boards there are, and which of them an actor may open. */
export function createBoards(storage: Pick<Storage, "db" | "readKnown">) {
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

  const placeById = compileOnce(storage, "board-place", ["boardId"], ({ boardId }: { boardId: string }) =>
    places().where("boards.id", "=", boardId),
  );

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
    open: async (actor: Actor, boardId: string): Promise<OpenedBoard | null> => {
      const [row] = await placeById({ boardId });
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
      const lists = await listsOf(storage.db, actor.courtyardId);
      const visible: VisibleBoard[] = [];
      for (const row of rows) {
        const place = placeOf(row);
        const access = await accessTo(actor, place);
        if (access.read)
          visible.push({ ...place, access, guest: isGuest(actor, place), lists: lists.get(row.id) ?? [] });
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

/** The shared lists of a courtyard's boards, by board, each in their order. */
export async function listsOf(db: Kysely<Schema>, courtyardId: string): Promise<Map<string, SharedList[]>> {
  const rows = await db
    .selectFrom("board_lists")
    .innerJoin("boards", "boards.id", "board_lists.board_id")
    .select(["board_lists.id", "board_lists.title", "board_lists.board_id"])
    .where("boards.courtyard_id", "=", courtyardId)
    .orderBy("board_lists.sort")
    .orderBy("board_lists.id")
    .execute();
  const lists = new Map<string, SharedList[]>();
  for (const { id, title, board_id } of rows)
    lists.set(board_id, [...(lists.get(board_id) ?? []), { id, title }]);
  return lists;
}
