import { expect, test } from "vitest";
import { planDemo } from "../../server/demo/plan.ts";
import type { DemoPlan } from "../../server/demo/plan-types.ts";
import { buildingThreads } from "../../server/demo/words/building-threads.ts";
import { courtyardThreads } from "../../server/demo/words/courtyard-threads.ts";
import { itemWords } from "../../server/demo/words/items.ts";
import { countBy, textsOf } from "./plan-reading.ts";

/** Noon, the middle of the night, and the earliest morning hours in Chengdu. */
const moments = [Date.UTC(2026, 4, 20, 4, 0), Date.UTC(2026, 0, 1, 19, 30), Date.UTC(2025, 11, 31, 22, 10)];
const plans: [string, DemoPlan][] = [1, 7, 26, 148, 2026, 31_337].map((seed, index) => [
  `small, seed ${seed}`,
  planDemo(seed, "courtyard", moments[index % moments.length] ?? 0),
]);
plans.push(["large, seed 26", planDemo(26, "compound", moments[1] ?? 0)]);
plans.push(["large, seed 5", planDemo(5, "compound", moments[2] ?? 0)]);

/** The hundred most frequent surnames of China, as far as one character goes. */
const surnames =
  "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚";
const titles = "嬢嬢|孃孃|大爷|大娘|大妈|婆婆|阿姨|叔叔|师傅|老师|医生|先生|女士|主任|书记|经理|哥|姐";
const surnameWithTitle = new RegExp(`[${surnames}](?:${titles})`);
const telephone = /\d{7,}|1[3-9]\d[\s-]\d{4}|[一二三四五六七八九〇零幺]{7,}|微信号|@/;

test.each(plans)("[DM-6] nobody real can be found in it: %s", (_, plan) => {
  expect(textsOf(plan).filter(({ text }) => surnameWithTitle.test(text) || telephone.test(text))).toEqual([]);
  const names = plan.residents.map(({ displayName }) => displayName);
  expect(new Set(names).size).toBeGreaterThanOrEqual(60);
  expect([...countBy(names, (name) => name)].filter(([, count]) => count > 1)).toEqual([]);
});

test("[DM-6] the pattern knows a real name and a number when it sees one", () => {
  for (const text of ["501 的王嬢嬢", "张师傅修车", "李老师"]) expect(text).toMatch(surnameWithTitle);
  for (const text of ["打 13800000000", "028 85551234", "一三八零零零零"]) expect(text).toMatch(telephone);
});

test("[DM-8] the chat asks only for things the vocabulary has", () => {
  const known = new Set(Object.values(itemWords).flatMap((words) => words.map(({ title }) => title)));
  const asked = [...courtyardThreads, ...buildingThreads].flatMap(({ cast }) =>
    Object.values(cast).flatMap(({ has }) => (has === undefined ? [] : [has])),
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((title) => !known.has(title))).toEqual([]);
});

test.each(plans)("[DM-8] who offers a thing has it on the wall, and numbers agree: %s", (_, plan) => {
  const homeOf = new Map(plan.residents.map(({ id, householdId }) => [id, householdId]));
  let offers = 0;
  for (const { cast, lines } of [...courtyardThreads, ...buildingThreads]) {
    for (const [letter, { has }] of Object.entries(cast)) {
      const said = lines.find(([speaker]) => speaker === letter)?.[2] ?? "";
      if (has === undefined || said === "") continue;
      const spoken = said.split(/\{[^}]+\}/);
      for (const { authorId, at } of plan.messages.filter(
        ({ text }) => spoken.every((part) => text.includes(part)) && text.length < said.length + 12,
      )) {
        const own = plan.items.filter(({ householdId }) => householdId === homeOf.get(authorId));
        expect(
          own.some(({ title, addedAt }) => title === has && addedAt < at),
          `${has} in ${said}`,
        ).toBe(true);
        offers += 1;
      }
    }
  }
  expect(offers).toBeGreaterThan(2);
  const ballots = plan.proposals.find(({ state }) => state === "revealed")?.ballots ?? [];
  const count = (option: string) => ballots.filter(({ optionId }) => optionId === option).length;
  const told = `${ballots.length} 户投了票，赞同 ${count("yes")}，反对 ${count("no")}，弃权 ${count("abstain")}`;
  expect(plan.messages.filter(({ text }) => text.includes(told))).toHaveLength(1);
  expect(count("yes")).toBeGreaterThan(plan.households.length * 0.4);
});

test.each(plans)("[DM-9] the channels are alive: %s", (_, plan) => {
  const perChannel = countBy(plan.messages, ({ channelId }) => channelId);
  for (const { id, buildingId } of plan.channels) {
    const least = buildingId === null ? 60 : plan.size === "courtyard" ? 15 : 4;
    expect(perChannel.get(id) ?? 0).toBeGreaterThanOrEqual(least);
  }
  const joinedAt = new Map(plan.residents.map((resident) => [resident.id, resident.joinedAt]));
  const early = plan.messages.filter(({ authorId, at }) => at < (joinedAt.get(authorId) ?? Infinity));
  expect(early).toEqual([]);
  const times = [
    ...plan.messages.map(({ at }) => at),
    ...plan.items.map(({ addedAt }) => addedAt),
    ...plan.residents.map((resident) => resident.joinedAt),
    ...plan.notices.map(({ writtenAt }) => writtenAt),
    ...plan.lists.flatMap(({ entries }) => entries.map(({ addedAt }) => addedAt)),
  ];
  expect(times.filter((time) => time > plan.now || !Number.isInteger(time))).toEqual([]);
  expect(textsOf(plan).filter(({ text }) => /[{}]/.test(text))).toEqual([]);
  if (plan.size === "compound") return;
  const said = countBy(plan.messages, ({ text }) => text);
  expect([...said].filter(([, count]) => count > 1)).toEqual([]);
});

test.each(plans)("[DM-10] each vote counts a household once: %s", (_, plan) => {
  expect(plan.proposals.map(({ state }) => state)).toEqual(["revealed", "open"]);
  const residentOf = new Map(plan.residents.map((resident) => [resident.id, resident]));
  const homeOf = new Map(plan.households.map((household) => [household.id, household]));
  for (const proposal of plan.proposals) {
    const options = new Set(proposal.options.map(({ id }) => id));
    const voters = proposal.ballots.map(({ householdId }) => householdId);
    expect(new Set(voters).size).toBe(voters.length);
    const end = proposal.closedAt ?? plan.now;
    for (const ballot of proposal.ballots) {
      const caster = residentOf.get(ballot.castBy);
      const home = homeOf.get(ballot.householdId);
      expect(options).toContain(ballot.optionId);
      expect(ballot.castAt).toBeGreaterThanOrEqual(proposal.openedAt);
      expect(ballot.castAt).toBeLessThanOrEqual(end);
      expect(caster?.status).toBe("confirmed");
      expect(ballot.onBehalf).toBe(home?.phoneless);
      const isSteward = plan.grants.some(
        ({ role, residentId, buildingId }) =>
          role === "steward" && residentId === caster?.id && buildingId === home?.buildingId,
      );
      expect(ballot.onBehalf ? isSteward : caster?.householdId === home?.id).toBe(true);
    }
  }
  const [closed, open] = plan.proposals;
  expect(closed?.closesAt).toBeLessThan(plan.now);
  expect(open?.closesAt).toBeGreaterThan(plan.now);
  expect(new Set(open?.ballots.map(({ optionId }) => optionId)).size).toBeGreaterThan(3);
  const turnout = (open?.ballots.length ?? 0) / plan.households.length;
  expect(turnout).toBeGreaterThan(0.3);
  expect(turnout).toBeLessThan(0.5);
});

test.each(plans)("[DM-11] every role is there: %s", (_, plan) => {
  const roles = countBy(plan.grants, ({ role }) => role);
  expect(Object.fromEntries(roles)).toEqual({
    officer: 1,
    facilitator: 1,
    organisation: 1,
    "social-worker": 1,
    steward: plan.buildings.length,
  });
  const stewarded = plan.grants.flatMap(({ role, buildingId }) => (role === "steward" ? [buildingId] : []));
  expect(stewarded.sort()).toEqual(plan.buildings.map(({ id }) => id).sort());
  expect(plan.residents.filter(({ status }) => status === "joined").length).toBeGreaterThan(0);
  const byHome = countBy(plan.residents, ({ householdId }) => householdId);
  byHome.delete(null);
  expect(Math.max(...byHome.values())).toBeLessThanOrEqual(4);
  expect(byHome.size / plan.households.length).toBeGreaterThan(0.6);
  const phoneless = plan.households.filter((household) => household.phoneless);
  expect(phoneless.filter(({ id }) => byHome.has(id))).toEqual([]);
  const behalf = new Set(plan.items.filter(({ onBehalf }) => onBehalf).map(({ householdId }) => householdId));
  expect([...behalf].filter((id) => byHome.has(id))).toEqual([]);
  expect(behalf.size).toBeGreaterThan(0);
});

test.each(plans)("[DM-13] the tour's resident can try everything: %s", (_, plan) => {
  const { residentId, secondResidentId, facilitatorId, officerId, stewardId } = plan.tour;
  const home = (id: string) => plan.residents.find((resident) => resident.id === id)?.householdId;
  expect(home(residentId)).toBe(home(secondResidentId));
  expect(residentId).not.toBe(secondResidentId);
  expect(plan.items.filter(({ householdId }) => householdId === home(residentId)).length).toBeGreaterThan(2);
  const open = plan.proposals.find(({ state }) => state === "open");
  expect(open?.ballots.some(({ householdId }) => householdId === home(residentId))).toBe(false);
  const roleOf = (id: string) =>
    plan.grants.filter((grant) => grant.residentId === id).map(({ role }) => role);
  expect([residentId, stewardId, facilitatorId, officerId].map(roleOf)).toEqual([
    [],
    ["steward"],
    ["facilitator"],
    ["officer"],
  ]);
});
