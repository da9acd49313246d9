import { expect, test } from "vitest";
import { createFinder } from "../../client/people/find-neighbours.ts";
import { createReadings } from "../../shared/board/readings.ts";

const readings = createReadings();
const doors = ["3-2-501", "3-2-502", "3-1-501", "13-2-501", "5-3-201", "A-1-101"];
const foundDoors = (query: string) => doors.filter(createFinder(query, null).door);

test.each(["3-2-501", "3栋2单元501", "３－２－５０１", "3号楼 2单元 501室", "三栋二单元五〇一", "3 2 501"])(
  "[ID-33] a whole door is found however it is written: %s",
  (query) => {
    expect(foundDoors(query)).toEqual(["3-2-501"]);
  },
);

test.each([
  ["501", ["3-2-501", "3-1-501", "13-2-501"]],
  ["50", ["3-2-501", "3-2-502", "3-1-501", "13-2-501"]],
  ["2-501", ["3-2-501", "13-2-501"]],
  ["3-2", ["3-2-501", "3-2-502", "5-3-201"]],
  ["3-2-5", ["3-2-501", "3-2-502"]],
  ["3栋", ["3-2-501", "3-2-502", "3-1-501"]],
  ["3栋501", ["3-2-501", "3-1-501"]],
  ["a栋", ["A-1-101"]],
  ["9-9-999", []],
  ["-", []],
  ["王孃", []],
])("[ID-33] a part of a door finds what it may be the part of: %s", (query, expected) => {
  expect(foundDoors(query)).toEqual(expected);
});

test("[ID-33] a name is found by any part of it, in any case, and by its pinyin once the dictionary is there", () => {
  const people = ["王孃", "小王", "Bob 王", "李伯伯"];
  const found = (query: string, dictionary = true) =>
    people.filter(createFinder(query, dictionary ? readings : null).name);
  expect(found("王")).toEqual(["王孃", "小王", "Bob 王"]);
  expect(found(" bob王")).toEqual(["Bob 王"]);
  expect(found("lbb")).toEqual(["李伯伯"]);
  expect(found("wang")).toEqual(["王孃", "小王", "Bob 王"]);
  expect(found("wang", false)).toEqual([]);
  expect(found("张")).toEqual([]);
});
