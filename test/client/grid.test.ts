import { expect, test } from "vitest";
import {
  countLending,
  floorOf,
  type GridBuilding,
  type GridDoor,
  houseFront,
  neighbourUnit,
  unitPlaces,
} from "../../client/board/grid/grid-model.ts";
import { swipeStep } from "../../client/board/grid/swipe.ts";
import { asCategory } from "../../client/ui/categories.ts";

function door(number: string, things = 0): GridDoor {
  return {
    householdId: `h-${number}`,
    door: number,
    address: `1-1-${number}`,
    items: Array.from({ length: things }, (_, index) => ({
      id: `${number}-${index}`,
      title: "锤子",
      category: "tools",
      note: "",
      quantity: 1,
    })),
    mine: false,
    fresh: new Set(),
    writing: false,
  };
}

function building(id: string, units: readonly string[]): GridBuilding {
  return {
    id,
    name: `${id} 栋`,
    units: units.map((unit) => ({ id: unit, name: unit, doors: [door("101")] })),
  };
}

test("[UI-6] doors lie as on the house front: the top floor first, from left to right", () => {
  const doors = ["101", "1202", "502", "501", "1201", "102"].map((number) => door(number));
  expect(houseFront(doors).map(({ door: number }) => number)).toEqual([
    "1201",
    "1202",
    "501",
    "502",
    "101",
    "102",
  ]);
});

test("[UI-6] a door without a floor in its number comes last, in its own order", () => {
  expect(floorOf("甲")).toBe(0);
  expect(floorOf("8")).toBe(0);
  expect(houseFront([door("10"), door("9"), door("201")]).map(({ door: number }) => number)).toEqual([
    "201",
    "9",
    "10",
  ]);
});

test("[UI-7] the next unit after a building's last is the next building's first, and the courtyard has two ends", () => {
  const places = unitPlaces([building("1", ["a", "b"]), building("2", ["c"])]);
  expect(neighbourUnit(places, "b", 1)).toMatchObject({ unitId: "c", buildingId: "2" });
  expect(neighbourUnit(places, "c", -1)?.unitId).toBe("b");
  expect(neighbourUnit(places, "a", -1)).toBeUndefined();
  expect(neighbourUnit(places, "c", 1)).toBeUndefined();
  expect(neighbourUnit(places, "gone", 1)).toBeUndefined();
});

test("[UI-7] only a long move mostly sideways turns the page; a scroll and a tap do not", () => {
  expect(swipeStep(-90, 10)).toBe(1);
  expect(swipeStep(90, -10)).toBe(-1);
  expect(swipeStep(-90, 80)).toBe(0);
  expect(swipeStep(-20, 0)).toBe(0);
});

test("[UI-8] a category nobody here knows is shown as other", () => {
  expect(asCategory("tools")).toBe("tools");
  expect(asCategory("spaceships")).toBe("other");
});

test("[UI-9] a building says how many households lend and how much, and nothing about who does not", () => {
  expect(countLending([door("101", 3), door("102"), door("201", 2)])).toEqual({ lending: 2, items: 5 });
});
