import type { ImportKind } from "../../shared/community/import-plan-table.ts";
import type { EventLog } from "../events/log.ts";
import type { Storage } from "../storage/storage.ts";
import type { BoardWriter } from "../sync/ports.ts";
import type { Rooms } from "../sync/rooms.ts";
import { divideBoards, tellPlaces } from "./courtyards.ts";
import { importItems } from "./import-items.ts";
import { demandAsSeen, type ImportTable, planHouseholdImport } from "./import-plan.ts";
import { addHouseholds } from "./places.ts";

export interface ImportDeps {
  storage: Pick<Storage, "db">;
  log: Pick<EventLog, "write">;
  /** Where boards are open: an import reaches those who look at them like anyone's edit. */
  rooms: Pick<Rooms, "edit" | "readPlaces" | "closeBoard">;
}

export interface ImportRequest extends ImportTable {
  communityId: string;
  /** Gives each building a board of its own first; only while the one board for all is empty. */
  divide?: boolean;
  /** Fingerprint of the plan that was shown; without it whatever the table says now is done. */
  seen?: string | undefined;
  /** Whom the items are attributed to, on behalf of their households. */
  by: BoardWriter;
}

export interface ImportOutcome {
  added: number;
  changed: number;
  /** Rows that say what is already so. */
  same: number;
}

/**
 * Carries out an import, all or nothing.
 *
 * Households are one unit of work. Items are one commit a board: what a courtyard with one board gets is all or
 * nothing too. In a compound everything is checked first and then each building's board is written; should the
 * process end, or a neighbour change a touched cell, between two boards, the first ones stay and the same file
 * imported again adds the rest and nothing twice (LN-12, LN-29).
 * @throws Refusal `file-unreadable`, `import-has-bad-rows`, `import-changed`, `import-unfinished`,
 * `courtyard-has-boards`, `too-large`
 */
export const applyImport = (
  deps: ImportDeps,
  kind: ImportKind,
  request: ImportRequest,
): Promise<ImportOutcome> =>
  kind === "households" ? importHouseholds(deps, request) : importItems(deps, request);

async function importHouseholds(deps: ImportDeps, request: ImportRequest): Promise<ImportOutcome> {
  const { communityId, courtyardId } = request;
  const { outcome, gone, boardIds } = await deps.log.write(communityId, async (unit) => {
    // Two imports of one courtyard come one after the other, each planned on what the other left.
    await unit.db
      .updateTable("courtyards")
      .set((eb) => ({ places_version: eb.ref("places_version") }))
      .where("id", "=", courtyardId)
      .execute();
    const planned = await planHouseholdImport(unit.db, request);
    demandAsSeen(planned, request.seen);
    const { add, change, same } = planned.plan;
    const gone = request.divide ? await divideBoards(unit, courtyardId, unit.now) : [];
    if (add.length > 0) await addHouseholds(unit, courtyardId, add.map(withoutLine), unit.now);
    for (const { householdId, after } of change) {
      await unit.db
        .updateTable("households")
        .set({ area: after.area, contact: after.contact })
        .where("id", "=", householdId)
        .execute();
    }
    let boardIds: string[] = [];
    if (add.length > 0 || gone.length > 0) {
      await tellPlaces(unit, courtyardId);
      unit.tell("boards.have-changed", {}, { courtyard: courtyardId });
      const boards = await unit.db
        .selectFrom("boards")
        .select("id")
        .where("courtyard_id", "=", courtyardId)
        .execute();
      boardIds = boards.map(({ id }) => id);
      if (gone.length > 0)
        unit.tellNodes("node.boards-were-closed", { boardIds: gone, reason: "board-gone" });
      unit.tellNodes("node.places-have-changed", { boardIds });
    }
    return { outcome: { added: add.length, changed: change.length, same: same.length }, gone, boardIds };
  });
  await Promise.all(gone.map((boardId) => deps.rooms.closeBoard(boardId, "board-gone")));
  for (const boardId of boardIds) await deps.rooms.readPlaces(boardId);
  return outcome;
}

const withoutLine = <T extends { line: number }>({ line: _line, ...rest }: T): Omit<T, "line"> => rest;
