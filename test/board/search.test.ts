import { pinyin } from "pinyin-pro";
import { describe, expect, test } from "vitest";
import { guessCategory } from "../../shared/board/category-words.ts";
import { createReadings } from "../../shared/board/readings.ts";
import { asksPinyin, createMatcher, fitsPinyin, prepareItem } from "../../shared/board/search.ts";

const readingsOf = createReadings();
const item = (title: string, category = "other", note = "") =>
  prepareItem({ title, category, note }, readingsOf);
const finds = (query: string, title: string, category?: string, note?: string) =>
  createMatcher(query)(item(title, category, note)) !== null;

describe("what a query finds", () => {
  test.each([
    ["螺丝", "十字螺丝刀"],
    ["luosidao", "螺丝刀"],
    ["lsd", "螺丝刀"],
    ["LSD", "螺丝刀"],
    ["luosi", "大号螺丝刀"],
    ["luosd", "螺丝刀"],
    ["lsdao", "螺丝刀"],
    ["luosid", "螺丝刀"],
    ["12本", "童话书 12 本"],
    ["１２本", "童话书12本"],
    ["12ben", "童话书 12 本"],
    ["bosch", "ＢＯＳＣＨ电钻"],
    ["zhuozi", "折叠桌子"],
    ["zdz", "折叠桌子"],
    ["zhdzh", "折叠桌"],
    ["lv", "绿萝"],
  ])("[BD-20] %s finds %s", (query, title) => {
    expect(finds(query, title)).toBe(true);
  });

  test.each([
    ["chongdian", "重点词典"],
    ["zhongdian", "重点词典"],
    ["xinglixiang", "行李箱"],
    ["hanglixiang", "行李箱"],
    ["changpian", "长片"],
    ["yuepu", "乐谱"],
  ])("[BD-20] a character with several readings is found by each: %s, %s", (query, title) => {
    expect(finds(query, title)).toBe(true);
  });

  test.each([
    ["lsd", "螺丝"],
    ["dao luosi x", "螺丝刀"],
    ["uosi", "螺丝刀"],
    ["锤子", "螺丝刀"],
    ["sdl", "螺丝刀"],
    ["", "螺丝刀"],
    ["  ", "螺丝刀"],
  ])("[BD-20] %s does not find %s", (query, title) => {
    expect(finds(query, title)).toBe(false);
  });

  test.each([
    ["起子", "螺丝刀"],
    ["改刀", "十字螺丝刀"],
    ["螺丝刀", "改锥"],
    ["梯子", "人字梯"],
    ["排插", "公牛插线板"],
    ["撮箕", "铁皮簸箕"],
  ])("[BD-21] a thing is found by its other names: %s, %s", (query, title) => {
    expect(finds(query, title)).toBe(true);
  });

  test("[BD-22] the word of a category finds what belongs to it, and nothing else", () => {
    expect(finds("工具", "锤子", "tools")).toBe(true);
    expect(finds("书", "汪曾祺全集", "books")).toBe(true);
    expect(finds("玩具", "锤子", "tools")).toBe(false);
  });

  test("[BD-22] all words of a query must fit", () => {
    expect(finds("儿童 自行车", "儿童自行车")).toBe(true);
    expect(finds("自行车，16寸", "儿童自行车", "sports", "16 寸，带辅助轮")).toBe(true);
    expect(finds("儿童 轮椅", "儿童自行车")).toBe(false);
  });
});

test("[BD-23] the title ranks before other names, pinyin, category and note", () => {
  const rank = (title: string, category = "other", note = "") =>
    createMatcher("书")(item(title, category, note)) ?? 0;
  const ranks = [
    rank("书"),
    rank("书法用具"),
    rank("童话书"),
    rank("汪曾祺全集", "books"),
    rank("灯", "other", "看书用"),
  ];
  expect(ranks).toEqual([...ranks].sort((one, other) => other - one));
  expect(new Set(ranks).size).toBe(ranks.length);
  const byName = createMatcher("起子");
  expect(byName(item("起子")) ?? 0).toBeGreaterThan(byName(item("螺丝刀")) ?? 0);
});

test("[BD-20] only letters ask for readings, which are heavy", () => {
  expect(asksPinyin("lsd")).toBe(true);
  expect(asksPinyin("ＬＳＤ")).toBe(true);
  expect(asksPinyin("12 本")).toBe(false);
  expect(fitsPinyin("lsd", [])).toBe(false);
});

test("[BD-20] a long run of equal letters is answered at once", () => {
  const readings = Array.from({ length: 40 }, () => ["aaaa", "aaa", "aa"]);
  const started = performance.now();
  expect(fitsPinyin(`${"a".repeat(59)}b`, readings)).toBe(false);
  // Without a memory of dead ends this takes longer than the universe has; any finite bound will do.
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("[BD-20] readings have one entry for each character", () => {
  const text = "12本b螺丝刀🔧末";
  expect(readingsOf(text)).toHaveLength([...text].length);
  expect(readingsOf("行")[0]).toEqual(expect.arrayContaining(["xing", "hang"]));
  expect(readingsOf("绿")[0]).toContain("lv");
  expect(pinyin("螺丝刀", { toneType: "none", type: "array" })).toEqual(["luo", "si", "dao"]);
});

test("[BD-24] the kind of a thing is guessed from its title", () => {
  expect(guessCategory("十字螺丝刀")).toBe("tools");
  expect(guessCategory("空气炸锅")).toBe("appliances");
  expect(guessCategory("羽毛球拍一副")).toBe("sports");
  expect(guessCategory("童话书 12 本")).toBe("books");
  expect(guessCategory("洒水壶")).toBe("garden");
  expect(guessCategory("IPAD 旧款")).toBe("digital");
  expect(guessCategory("阿弥陀佛")).toBe(null);
});
