import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Door,
  doorInWords,
  doorKey,
  floorOf,
  parseDoor,
  parseDoorColumns,
} from "../../shared/community/door.ts";
import { compareDoors } from "../../shared/community/door-order.ts";
import { floorsOf, placesOf } from "../../shared/community/places.ts";

const read = (text: string) => {
  const result = parseDoor(text);
  return result.ok ? doorKey(result.door) : result.reason;
};

const number = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String);
const letter = fc.constantFrom(..."ABCDEFGHJKLMNPQRSTUVWXYZ");
const building = fc.oneof(
  number(1, 999),
  letter,
  fc.tuple(letter, number(1, 99)).map((parts) => parts.join("")),
  fc
    .tuple(fc.constantFrom("东苑", "A区", "1期", "荷花池", "梨"), number(1, 99))
    .map((parts) => parts.join("")),
);
const unit = fc.oneof(number(1, 99), letter, fc.constantFrom("甲", "乙", "东"));
const door = fc.oneof(
  number(1, 9999),
  fc.tuple(number(1, 9999), letter).map((parts) => parts.join("")),
  fc.tuple(letter, number(1, 9999)).map((parts) => parts.join("")),
);
const anyDoor: fc.Arbitrary<Door> = fc.record({ building, unit, door });

describe("door numbers", () => {
  it.each([
    "3栋2单元501",
    "3-2-501",
    "3-2-0501",
    "03-02-0501",
    "3幢2单元501室",
    "三栋二单元501",
    "三栋二单元五〇一",
    "第3栋第2单元501号",
    "３－２－５０１",
    "３栋２单元５０１",
    "3—2—501",
    "3/2/501",
    "3 栋 2 单元 501 室",
    " 3 2 501 ",
    "3号楼2单元501",
    "3#2-501",
    "3#-2-501",
    "3栋2-501",
    "三号楼二门501",
    "晋院26号3栋2单元501",
    "晋院26号院3号楼2单元501号",
    "晋院26号3-2-501",
    "锦绣小区3栋2单元501",
    "Building 3, Unit 2, Room 501",
    "bldg 3 unit 2 501",
  ])("[LN-1] reads %s as 3-2-501", (text) => {
    expect(read(text)).toBe("3-2-501");
  });

  it.each([
    ["A栋1单元501", "A-1-501"],
    ["3-2-501a", "3-2-501A"],
    ["二十一栋十二单元一百零三", "21-12-103"],
    ["九十九栋两单元1203", "99-2-1203"],
    ["A区3栋2单元501", "A区3-2-501"],
    ["一期三栋二单元501", "1期3-2-501"],
    ["3栋乙单元102", "3-乙-102"],
  ])("[LN-1] reads %s as %s", (text, key) => {
    expect(read(text)).toBe(key);
  });

  it.each([
    ["", "door-empty"],
    ["501", "door-no-building"],
    ["2单元501", "door-no-building"],
    ["A栋", "door-unreadable"],
    ["3-2-50123", "door-unreadable"],
    ["3-2-000", "door-unreadable"],
    ["3-2-501-1", "door-unreadable"],
    ["3-2-501、502", "door-unreadable"],
    ["0-2-501", "door-building-unreadable"],
    ["十百栋1单元1", "door-building-unreadable"],
    ["3栋0单元1", "door-unit-unreadable"],
    ["合计：148户", "door-no-building"],
  ])("[LN-1] refuses %j as %s", (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it("[LN-2] gives a building without units the unit 1", () => {
    expect([read("3栋501"), read("3-501")]).toEqual(["3-1-501", "3-1-501"]);
    const columns = parseDoorColumns({ building: "3栋", unit: "", door: "501" });
    expect(columns).toEqual({ ok: true, door: { building: "3", unit: "1", door: "501" } });
  });

  it("[LN-3] reads the ninth door of the fifth floor as 509, and refuses a floor that contradicts the number", () => {
    expect(["3栋2单元5楼9号", "3栋2单元5层09号", "3-2-5-9", "3栋2单元五楼509"].map(read)).toEqual(
      Array.from({ length: 4 }, () => "3-2-509"),
    );
    expect(read("3栋2单元5楼301")).toBe("door-floor-contradicts");
  });

  it.each(["2003-2-5", "2003/2/5", "2003-02-05", "2月5日", "5-Feb", "Feb-05", "2003年2月5日"])(
    "[LN-4] refuses %s as a day of the calendar",
    (text) => {
      expect(read(text)).toBe("door-looks-like-date");
    },
  );

  it("[LN-1] reads a door from three columns, which must agree where they say a thing twice", () => {
    const key = (building: string, unit: string, door: string) => {
      const result = parseDoorColumns({ building, unit, door });
      return result.ok ? doorKey(result.door) : result.reason;
    };
    expect(key("三栋", "二单元", "501室")).toBe("3-2-501");
    expect(key("3", "2", "3-2-501")).toBe("3-2-501");
    expect(key("3", "", "2-501")).toBe("3-2-501");
    expect(key("3", "2", "2单元501")).toBe("3-2-501");
    expect(key("", "", "3-2-501")).toBe("3-2-501");
    expect(key("3", "1", "3-2-501")).toBe("door-parts-contradict");
    expect(key("4", "", "3栋2单元501")).toBe("door-parts-contradict");
    expect(key("3", "2", "")).toBe("door-empty");
  });

  it("[LN-5] reads back every form it writes", () => {
    fc.assert(
      fc.property(anyDoor, (given) => {
        expect(parseDoor(doorKey(given))).toEqual({ ok: true, door: given });
        expect(parseDoor(doorInWords(given))).toEqual({ ok: true, door: given });
        expect(parseDoor(doorInWords(given, "en"))).toEqual({ ok: true, door: given });
        expect(parseDoorColumns(given)).toEqual({ ok: true, door: given });
      }),
      { numRuns: 1_000 },
    );
  });

  it("[LN-1] answers any text with a door in its shortest form or a reason", () => {
    const pieces = fc.constantFrom(
      ..."3栋2单元501-楼层号室A零十百东 ０９#/".split(""),
      "0501",
      "Unit ",
      "Building ",
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.array(pieces).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (given) => {
        const result = parseDoor(given);
        if (result.ok) expect(parseDoor(doorKey(result.door))).toEqual(result);
      }),
      { numRuns: 5_000 },
    );
  });

  it("[LN-6] derives the floor from the number", () => {
    expect(["501", "1203", "101", "501A", "A501", "12", "A"].map(floorOf)).toEqual([
      5,
      12,
      1,
      5,
      5,
      null,
      null,
    ]);
  });

  it("[LN-6] puts doors in natural order", () => {
    const keys = [
      "1-1-101",
      "2-1-101",
      "2-1-201",
      "2-2-101",
      "3-1-101",
      "3A-1-101",
      "10-1-101",
      "A-1-101",
      "东苑2-1-1",
    ];
    const doors = keys.map(parseDoor).flatMap((result) => (result.ok ? [result.door] : []));
    expect([...doors].reverse().sort(compareDoors).map(doorKey)).toEqual(keys);
  });

  it("[LN-6] has one order for any doors, whatever order they came in", () => {
    fc.assert(
      fc.property(fc.array(anyDoor, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (doors, keys) => {
        const shuffled = doors
          .map((given) => ({ given, key: keys.next().value ?? 0 }))
          .sort((left, right) => left.key - right.key)
          .map(({ given }) => given);
        expect(shuffled.sort(compareDoors).map(doorKey)).toEqual([...doors].sort(compareDoors).map(doorKey));
      }),
    );
  });

  it("[LN-6] makes a tree of buildings, units and floors, the highest floor first", () => {
    const doors = ["2-1-101", "1-2-202", "1-2-1001", "1-2-201", "1-1-8", "1-2-101"]
      .map(parseDoor)
      .flatMap((result) => (result.ok ? [result.door] : []));
    const tree = placesOf(doors);
    expect(tree.map(({ name, units }) => [name, units.map((inside) => inside.name)])).toEqual([
      ["1", ["1", "2"]],
      ["2", ["1"]],
    ]);
    const floors = floorsOf(tree[0]?.units[1]?.households ?? []);
    expect(floors.map(({ floor, households }) => [floor, households.map((home) => home.door)])).toEqual([
      [10, ["1001"]],
      [2, ["201", "202"]],
      [1, ["101"]],
    ]);
    expect(floorsOf(tree[0]?.units[0]?.households ?? [])[0]?.floor).toBeNull();
  });
});
