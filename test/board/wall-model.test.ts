import { describe, expect, test } from "vitest";
import { inOrder } from "../../client/board/use-steady-order.ts";
import { createWallModel, type WallSource } from "../../client/board/wall-model.ts";
import type { Item } from "../../shared/board/model.ts";

const names = { building: (name: string) => `${name} 栋`, unit: (name: string) => `${name} 单元` };
const buildings = [
  {
    id: "building-1",
    name: "1",
    units: [
      {
        id: "unit-1-1",
        name: "1",
        households: [["home-101", "101"] as [string, string], ["home-102", "102"]],
      },
      { id: "unit-1-2", name: "2", households: [["home-201", "201"] as [string, string]] },
    ],
  },
  {
    id: "building-2",
    name: "2",
    units: [{ id: "unit-2-1", name: "1", households: [["home-301", "301"] as [string, string]] }],
  },
] satisfies Parameters<ReturnType<typeof createWallModel>>[0];

const item = (title: string): Item => ({
  id: title,
  title,
  category: "tools",
  note: "",
  quantity: 1,
  order: "a0",
});

function source() {
  const cells = new Map<string, readonly Item[]>();
  const none: readonly Item[] = [];
  const noneFresh = new Set<string>();
  const writing = new Set<string>();
  const reads: WallSource = {
    cell: (id) => cells.get(id) ?? none,
    fresh: () => noneFresh,
    writing: (place) => writing.has(place),
  };
  return { cells, writing, reads };
}

describe("the wall as it is drawn", () => {
  test("[BD-80] nothing changed is the very same wall; one edit is one other door", () => {
    const { cells, writing, reads } = source();
    const layOut = createWallModel();
    const draw = () => layOut(buildings, reads, "home-101", names);
    const before = draw();
    expect(draw()).toBe(before);
    cells.set("home-102", [item("锤子")]);
    const after = draw();
    expect(after).not.toBe(before);
    expect(after[1]).toBe(before[1]);
    expect(after[0]?.units[1]).toBe(before[0]?.units[1]);
    expect(after[0]?.units[0]?.doors[0]).toBe(before[0]?.units[0]?.doors[0]);
    expect(after[0]?.units[0]?.doors[1]).toMatchObject({
      door: "102",
      address: "1-1-102",
      items: [{ title: "锤子" }],
    });
    writing.add("cell:home-301");
    expect(draw()[0]).toBe(after[0]);
    expect(draw()[1]?.units[0]?.doors[0]?.writing).toBe(true);
  });

  test("[BD-80] one's own door is marked, and places are named as the yard does", () => {
    const { reads } = source();
    const [first] = createWallModel()(buildings, reads, "home-101", names);
    expect(first).toMatchObject({ name: "1 栋", units: [{ name: "1 单元" }, { name: "2 单元" }] });
    expect(first?.units[0]?.doors.map((door) => door.mine)).toEqual([true, false]);
  });
});

test("[BD-81] rows keep their earlier order while one is written in; new ones come last, removed ones go but the one in hand", () => {
  const rows = (...ids: string[]) => ids.map((id) => ({ id }));
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join("");
  expect(ids(inOrder(["a", "b", "c"], rows("c", "a", "b"), undefined))).toBe("abc");
  expect(ids(inOrder(["a", "b", "c"], rows("d", "c", "a"), { id: "b" }))).toBe("abcd");
  expect(ids(inOrder(["a", "b", "c"], rows("c", "a"), undefined))).toBe("ac");
});
