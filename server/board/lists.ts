import type { Kysely } from "kysely";
import type { boardContract } from "../../shared/board/contract.ts";
import { boardLimits } from "../../shared/board/limits.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import type { EventLog, Unit } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Schema } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { Rooms } from "../sync/rooms.ts";
import type { Boards } from "./boards.ts";
import { type BoardPlace, demand } from "./policy.ts";

type Commands = AreaHandlers<typeof boardContract>["commands"];

/** Shared lists are put up and taken down by stewards and officers; what is on them is everyone's. */
export function createLists(deps: {
  log: EventLog;
  storage: Pick<Storage, "db">;
  boards: Pick<Boards, "open">;
  rooms: Pick<Rooms, "readPlaces">;
}): Pick<Commands, "list.create" | "list.rename" | "list.remove"> {
  const { log, storage, boards, rooms } = deps;

  const managed = async (actor: PersonActor, boardId: string): Promise<BoardPlace> => {
    const board = await boards.open(actor, boardId);
    if (!board) throw new Refusal("not-found", "There is no such board.");
    demand(board.access, "manage the lists of", board.place);
    return board.place;
  };

  const change = async (
    actor: PersonActor,
    place: BoardPlace,
    work: (unit: Unit) => Promise<boolean>,
  ): Promise<void> => {
    const changed = await log.write(actor.communityId, async (unit) => {
      if (!(await work(unit))) return false;
      const lists = await listsOn(unit.db, place.id);
      unit.tell("board.lists-changed", { boardId: place.id, lists }, audienceOf(place));
      unit.tellNodes("node.places-have-changed", { boardIds: [place.id] });
      return true;
    });
    if (changed) await rooms.readPlaces(place.id);
  };

  return {
    "list.create": async ({ boardId, listId, title }, context) => {
      const actor = context.person();
      const place = await managed(actor, boardId);
      await change(actor, place, async ({ db, now }) => {
        const known = await findList(db, listId);
        if (known && known.board_id !== boardId)
          throw new Refusal("invalid-input", "This list id is taken.", { field: "listId" });
        if (known) return false;
        const last = await lastSort(db, boardId);
        if (last.count >= boardLimits.listsPerBoard)
          throw new Refusal("cell-full", "The board has as many lists as it takes.");
        const sort = last.sort + 1;
        await db
          .insertInto("board_lists")
          .values({ id: listId, board_id: boardId, title, sort, created_at: now })
          .execute();
        return true;
      });
      return {};
    },

    "list.rename": async ({ listId, title }, context) => {
      const actor = context.person();
      const list = await findList(storage.db, listId);
      if (!list) throw new Refusal("not-found", "There is no such list.");
      const place = await managed(actor, list.board_id);
      await change(actor, place, async ({ db }) => {
        const { numUpdatedRows } = await db
          .updateTable("board_lists")
          .set({ title })
          .where("id", "=", listId)
          .where("title", "!=", title)
          .executeTakeFirstOrThrow();
        return numUpdatedRows > 0n;
      });
      return {};
    },

    "list.remove": async ({ listId }, context) => {
      const actor = context.person();
      const list = await findList(storage.db, listId);
      if (!list) return {};
      const place = await managed(actor, list.board_id);
      await change(actor, place, async ({ db }) => {
        const { numDeletedRows } = await db
          .deleteFrom("board_lists")
          .where("id", "=", listId)
          .executeTakeFirstOrThrow();
        return numDeletedRows > 0n;
      });
      return {};
    },
  };
}

const findList = (db: Kysely<Schema>, listId: string) =>
  db.selectFrom("board_lists").select(["id", "board_id"]).where("id", "=", listId).executeTakeFirst();

const listsOn = (db: Kysely<Schema>, boardId: string) =>
  db
    .selectFrom("board_lists")
    .select(["id", "title"])
    .where("board_id", "=", boardId)
    .orderBy("sort")
    .orderBy("id")
    .execute();

async function lastSort(db: Kysely<Schema>, boardId: string): Promise<{ sort: number; count: number }> {
  const row = await db
    .selectFrom("board_lists")
    .select(({ fn }) => [fn.max("sort").as("sort"), fn.countAll().as("count")])
    .where("board_id", "=", boardId)
    .executeTakeFirstOrThrow();
  return { sort: row.sort ?? -1, count: Number(row.count) };
}

/** Whoever may read the board hears it; a closed building's lists are its own business. */
const audienceOf = ({ courtyardId, buildingId, open }: BoardPlace) => ({
  courtyard: buildingId === null || open ? courtyardId : null,
  building: buildingId,
  staff: courtyardId,
});
