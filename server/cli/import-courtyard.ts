import { adviseDivision } from "../../shared/community/division.ts";
import type { Door } from "../../shared/community/door.ts";
import { type HouseholdPlan, planHouseholds } from "../../shared/community/import-plan-households.ts";
import type { TableRow } from "../../shared/community/import-plan-table.ts";
import { systemClock } from "../clock.ts";
import { tableRefused } from "../community/import-plan.ts";
import { createCommunity, createCourtyard } from "../community/places.ts";
import type { Storage } from "../storage/storage.ts";
import type { FoundCourtyard } from "./find-place.ts";

/** Until the first officer gives the community its name. */
const unnamed = "社区";

export type BoardsAt = "courtyard" | "building";

/** What the households of a courtyard that is not there yet would be. @throws Refusal `file-unreadable` */
export function planFirst(rows: readonly TableRow[], without: ReadonlySet<number>): HouseholdPlan {
  const planned = planHouseholds([], rows, { without });
  if (!planned.ok) throw tableRefused(planned.refusal);
  return planned.plan;
}

/**
 * Makes a courtyard for these doors, and the community of this installation when it has none.
 * @param boardsAt undefined decides by the size
 */
export function makeCourtyard(
  storage: Storage,
  name: string,
  boardsAt: BoardsAt | undefined,
  doors: readonly Door[],
): Promise<FoundCourtyard> {
  const buildings = new Set(doors.map(({ building }) => building)).size;
  const { advised } = adviseDivision({ households: doors.length, buildings }, "courtyard", true);
  const place = boardsAt ?? (advised ? "building" : "courtyard");
  return storage.write(async (tx) => {
    const now = systemClock.now();
    const known = await tx.db.selectFrom("communities").select("id").executeTakeFirst();
    const communityId = known?.id ?? (await createCommunity(tx, unnamed, now));
    const id = await createCourtyard(tx, { communityId, name, boardsAt: place, openBoards: true }, now);
    return { id, name, communityId };
  });
}
