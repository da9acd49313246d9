import { describe, expect, test } from "vitest";
import { day } from "../../server/demo/local-time.ts";
import { planDemo } from "../../server/demo/plan.ts";
import type { DemoPlan, DemoSize } from "../../server/demo/plan-types.ts";
import { itemCategories } from "../../shared/board/layout.ts";
import { boardLimits } from "../../shared/board/limits.ts";
import { countBy, textsOf } from "./plan-reading.ts";

const noon = Date.UTC(2026, 4, 20, 4, 0);
/** Also at night, just after midnight and at the turn of a year in Chengdu. */
const moments = [
  noon,
  Date.UTC(2026, 0, 1, 19, 30),
  Date.UTC(2025, 11, 31, 16, 1),
  Date.UTC(2026, 6, 1, 13, 59),
];
const seeds = [1, 7, 26, 148, 2026, 987_654_321, -5, 0.5];

const plans: [string, DemoPlan][] = [
  ...seeds.map((seed, index): [string, DemoPlan] => [
    `small, seed ${seed}`,
    planDemo(seed, "courtyard", moments[index % moments.length] ?? noon),
  ]),
  ...seeds
    .slice(0, 3)
    .map((seed, index): [string, DemoPlan] => [
      `large, seed ${seed}`,
      planDemo(seed, "compound", moments[index] ?? noon),
    ]),
];
const counts: Record<DemoSize, { buildings: number; households: number; lending: number; items: number }> = {
  courtyard: { buildings: 4, households: 148, lending: 113, items: 800 },
  compound: { buildings: 42, households: 1_260, lending: 962, items: 9_000 },
};

test.each(plans)("[DM-1] the counts are exact: %s", (_, plan) => {
  expect({
    buildings: plan.buildings.length,
    households: plan.households.length,
    lending: new Set(plan.items.map(({ householdId }) => householdId)).size,
    items: plan.items.length,
  }).toEqual(counts[plan.size]);
  expect(plan.boards).toHaveLength(plan.size === "courtyard" ? 1 : 42);
  const unitsOf = countBy(plan.units, ({ buildingId }) => buildingId);
  expect([...unitsOf.keys()].sort()).toEqual(plan.buildings.map(({ id }) => id).sort());
});

describe.each(["courtyard", "compound"] as const)("a %s", (size) => {
  test("[DM-2] comes out the same twice", () => {
    expect(planDemo(26, size, noon)).toEqual(planDemo(26, size, noon));
  });

  test("[DM-2] has the same ids at another time, and others from another seed", () => {
    const ids = (plan: DemoPlan) => [...idsOf(plan)].sort();
    const atNoon = ids(planDemo(26, size, noon));
    for (const moment of moments) expect(ids(planDemo(26, size, moment + 12_345))).toEqual(atNoon);
    expect(ids(planDemo(27, size, noon)).filter((id) => atNoon.includes(id))).toEqual([
      "abstain",
      "no",
      "yes",
    ]);
  });
});

test.each(plans)("[DM-3] ids are unique and everything referred to is there: %s", (_, plan) => {
  const ids = idsOf(plan).filter((id) => !["yes", "no", "abstain"].includes(id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[A-Za-z0-9]{12}$/.test(id))).toEqual([]);
  const known = new Set(idsOf(plan));
  expect(referencesOf(plan).filter((id) => !known.has(id))).toEqual([]);
});

test.each(plans)("[DM-4] cells are believable: %s", (_, plan) => {
  const perHome = [...countBy(plan.items, ({ householdId }) => householdId).values()];
  expect(Math.min(...perHome)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...perHome)).toBeLessThanOrEqual(20);
  expect(Math.max(...perHome) - Math.min(...perHome)).toBeGreaterThan(8);
  const perCategory = countBy(plan.items, ({ category }) => category);
  expect([...perCategory.keys()].sort()).toEqual([...itemCategories].sort());
  expect(Math.min(...perCategory.values())).toBeGreaterThanOrEqual(0.03 * plan.items.length);
  const inCells = plan.items.map(({ householdId, title }) => `${householdId} ${title}`);
  expect(new Set(inCells).size).toBe(inCells.length);
  expect(new Set(plan.items.map(({ title }) => title)).size).toBeGreaterThanOrEqual(250);
  const categoryOf = new Map(plan.items.map(({ title, category }) => [title, category]));
  expect(plan.items.filter(({ title, category }) => categoryOf.get(title) !== category)).toEqual([]);
});

test.each(plans)("[DM-5] every text fits its form: %s", (_, plan) => {
  const limits = {
    title: boardLimits.titleLength,
    note: boardLimits.noteLength,
    entry: boardLimits.entryLength,
    notice: boardLimits.noticeLength,
    message: 1_000,
    name: 20,
    proposal: 60,
    body: 2_000,
    option: 40,
    list: 40,
  };
  const wrong = textsOf(plan).filter(({ kind, text }) => {
    const length = [...text].length;
    return length > limits[kind] || text !== text.trim() || (kind !== "note" && length === 0);
  });
  expect(wrong).toEqual([]);
  const quantities = plan.items.map(({ quantity }) => quantity);
  expect(quantities.every((quantity) => Number.isInteger(quantity) && quantity >= 1)).toBe(true);
  expect(Math.max(...quantities)).toBeLessThanOrEqual(boardLimits.quantity);
});

test.each(plans)("[DM-7] doors are unique and areas plausible: %s", (_, plan) => {
  const labels = plan.households.map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  for (const { label, door, floor, area, buildingId, unitId } of plan.households) {
    const unit = plan.units.find(({ id }) => id === unitId);
    const building = plan.buildings.find(({ id }) => id === unit?.buildingId);
    expect(building?.id).toBe(buildingId);
    expect(label).toBe(`${building?.name}-${unit?.name}-${door}`);
    expect(Math.floor(Number(door) / 100)).toBe(floor);
    expect(Number.isInteger(area) && area >= 4_500 && area <= 13_000, `${label}: ${area}`).toBe(true);
  }
});

test.each(plans)("[DM-12] boards have lists, a notice and something new: %s", (_, plan) => {
  for (const { id } of plan.boards) {
    expect(plan.lists.filter(({ boardId }) => boardId === id)).toHaveLength(2);
    expect(plan.notices.filter(({ boardId }) => boardId === id)).toHaveLength(1);
  }
  expect(plan.lists.every(({ entries }) => entries.length >= 5)).toBe(true);
  expect(plan.lists.flatMap(({ entries }) => entries).some(({ done }) => done)).toBe(true);
  const fresh = plan.items.filter(({ addedAt }) => addedAt > plan.now - 7 * day).length / plan.items.length;
  expect(fresh).toBeGreaterThan(0.04);
  expect(fresh).toBeLessThan(0.16);
});

function idsOf(plan: DemoPlan): string[] {
  const lists = [plan.courtyards, plan.buildings, plan.units, plan.households, plan.residents, plan.grants];
  const more = [plan.boards, plan.items, plan.lists, plan.channels, plan.messages, plan.proposals];
  const inner = [
    ...plan.lists.map(({ entries }) => entries),
    ...plan.proposals.flatMap(({ ballots, options }) => [ballots, options]),
  ];
  return [plan.community.id, ...[...lists, ...more, ...inner].flatMap((rows) => rows.map(({ id }) => id))];
}

function referencesOf(plan: DemoPlan): string[] {
  const found: string[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === "string" && /(Id|[a-z]By)$/.test(key)) found.push(inner);
      else collect(inner);
    }
  };
  collect(plan);
  return found;
}
