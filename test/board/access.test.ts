import { describe, expect, it } from "vitest";
import { type BoardPlace, boardAccess, caredBuildings } from "../../server/board/policy.ts";
import type { PersonActor, RoleGrant } from "../../shared/identity/model.ts";

const board: BoardPlace = { id: "board", courtyardId: "yard", buildingId: null, open: true };
const person = (...grants: RoleGrant[]): PersonActor => ({
  kind: "person",
  sessionId: "session",
  residentId: "resident",
  displayName: "二楼的钓鱼哥",
  communityId: "community",
  courtyardId: "yard",
  household: { householdId: "home", buildingId: "one", unitId: "unit", courtyardId: "yard", door: "1-1-201" },
  grants,
});
const steward = (buildingId: string | null): RoleGrant => ({
  role: "steward",
  courtyardId: "yard",
  buildingId,
});

describe("what a steward may do on a courtyard's board", () => {
  it("[BD-83] one building's steward writes the notice and cares for that building's cells only", () => {
    const actor = person(steward("two"));
    expect(boardAccess(actor, board)).toMatchObject({ ownCell: "home", otherCells: true, notice: true });
    expect(caredBuildings(actor, board)).toEqual(["two"]);
  });

  it("[BD-83] a steward of the whole courtyard and an officer care for all of it", () => {
    expect(caredBuildings(person(steward(null)), board)).toBeNull();
    const officer: RoleGrant = { role: "officer", courtyardId: null, buildingId: null };
    expect(caredBuildings(person(steward("two"), officer), board)).toBeNull();
  });

  it("[BD-83] a resident and another courtyard's steward write no notice and no other cell", () => {
    const elsewhere: RoleGrant = { role: "steward", courtyardId: "other", buildingId: null };
    for (const actor of [person(), person(elsewhere)]) {
      expect(boardAccess(actor, board)).toMatchObject({ otherCells: false, notice: false });
    }
  });
});
