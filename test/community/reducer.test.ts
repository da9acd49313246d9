import { describe, expect, it } from "vitest";
import { communityReducer } from "../../client/community/reducer.ts";
import type { Areas } from "../../client/state/app-state.ts";
import type { WireEvent } from "../../shared/wire/contract.ts";

type Community = Areas["community"];
type Places = NonNullable<Community["places"]>;

const tree = (version: number, rest: Partial<Places> = {}): Places => ({
  courtyardId: "courtyard-1",
  name: "26 号院",
  boardsAt: "courtyard",
  openBoards: true,
  version,
  buildings: [],
  ...rest,
});
const before: Community = {
  places: tree(3),
  courtyards: [
    { id: "courtyard-1", name: "26 号院" },
    { id: "courtyard-2", name: "锦绣里" },
  ],
};
const changed = (places: Places): WireEvent => ({
  seq: 1,
  at: 1,
  name: "places.have-changed",
  data: { places },
});

describe("the places on a page", () => {
  it("[LN-39] take over a newer tree and the courtyard's new name", () => {
    const after = communityReducer.event(before, changed(tree(4, { name: "桂花巷 8 号" })));
    expect(after.places).toMatchObject({ version: 4, name: "桂花巷 8 号" });
    expect(after.courtyards.map(({ name }) => name)).toEqual(["桂花巷 8 号", "锦绣里"]);
  });

  it("[LN-39] keep what they have when an older or another courtyard's tree comes", () => {
    expect(communityReducer.event(before, changed(tree(3, { name: "旧名" })))).toBe(before);
    expect(communityReducer.event(before, changed(tree(9, { courtyardId: "courtyard-2" })))).toBe(before);
    const nowhere: Community = { places: null, courtyards: [] };
    expect(communityReducer.event(nowhere, changed(tree(9)))).toBe(nowhere);
  });

  it("[LN-38] [LN-39] show the courtyards there are now", () => {
    const courtyards = [{ id: "courtyard-3", name: "新院子" }];
    const event: WireEvent = { seq: 1, at: 1, name: "courtyards.have-changed", data: { courtyards } };
    expect(communityReducer.event(before, event)).toEqual({ places: before.places, courtyards });
    const other: WireEvent = { seq: 1, at: 1, name: "boards.have-changed", data: {} };
    expect(communityReducer.event(before, other)).toBe(before);
  });
});
