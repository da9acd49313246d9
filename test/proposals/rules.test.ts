import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ProposalDraft, proposalLimits, proposalStates } from "../../shared/proposals/model.ts";
import {
  ballotOptions,
  ballotRefusal,
  closingTime,
  defaultRule,
  draftFaults,
  moveOf,
  type ProposalAct,
  writtenOptions,
} from "../../shared/proposals/rules.ts";

const sound: ProposalDraft = {
  question: "问",
  body: "",
  kind: "yes-no-abstain",
  options: [],
  rule: defaultRule,
};
const options = (labels: string[]): ProposalDraft => ({ ...sound, kind: "options", options: labels });

describe("a draft", () => {
  test.each<[string, ProposalDraft, string[]]>([
    ["yes / no / abstain without options", sound, []],
    ["a question of 80 characters", { ...sound, question: "问".repeat(80) }, []],
    ["a question of 81 characters", { ...sound, question: "问".repeat(81) }, ["question-long"]],
    ["a blank question", { ...sound, question: "  " }, ["question-missing"]],
    ["a body of 2000 characters", { ...sound, body: "字".repeat(2000) }, []],
    ["a body of 2001 characters", { ...sound, body: "字".repeat(2001) }, ["body-long"]],
    ["one option", options(["一"]), ["options-few"]],
    ["two options", options(["一", "二"]), []],
    ["twelve options", options(Array.from({ length: 12 }, (_, i) => `选项 ${i}`)), []],
    ["thirteen options", options(Array.from({ length: 13 }, (_, i) => `选项 ${i}`)), ["options-many"]],
    ["an option of 61 characters", options(["一", "二".repeat(61)]), ["option-long"]],
    ["a blank option", options(["一", "二", " "]), ["option-missing"]],
    ["the same option twice, once in full width", options(["A 方案", "Ａ 方案"]), ["option-twice"]],
    ["yes / no with options", { ...sound, options: ["一"] }, ["options-unasked"]],
    [
      "yes / no without abstaining",
      { ...sound, rule: { ...defaultRule, abstention: "not-offered" } },
      ["abstention-fixed"],
    ],
  ])("[PR-1] %s", (_what, draft, faults) => {
    expect(draftFaults(draft)).toEqual(faults);
  });

  test("[PR-1] the labels written are read back from the ballot paper", () => {
    const labels = ["周六", "周日"];
    expect(writtenOptions("options", ballotOptions(options(labels)))).toEqual(labels);
    expect(ballotOptions(options(labels)).map(({ id }) => id)).toEqual(["option-1", "option-2", "abstain"]);
    expect(writtenOptions("yes-no-abstain", ballotOptions(sound))).toEqual([]);
  });
});

describe("the states of a proposal", () => {
  const acts: ProposalAct[] = ["edit", "open", "last-call", "close", "reveal", "restart", "withdraw"];

  test.each<[ProposalAct, string[]]>([
    ["edit", ["draft>draft"]],
    ["open", ["draft>open", "open>done"]],
    ["last-call", ["open>open"]],
    ["close", ["open>closed", "closed>done", "revealed>done"]],
    ["reveal", ["closed>revealed", "revealed>done"]],
    ["restart", ["open>open", "closed>open", "revealed>open"]],
    ["withdraw", ["draft>withdrawn", "withdrawn>done"]],
  ])("[PR-2] %s leads along these ways and no other: %s", (act, ways) => {
    const found = proposalStates.flatMap((state) => {
      const move = moveOf(state, act);
      if (move.kind === "refused") return [];
      return [`${state}>${move.kind === "goes" ? move.to : "done"}`];
    });
    expect(found).toEqual(ways);
  });

  test("[PR-2] no row of acts shows a count without a closing, or brings a vote back to a draft", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 30 }), (row) => {
        let state: (typeof proposalStates)[number] = "draft";
        for (const act of row) {
          const move = moveOf(state, act);
          if (move.kind !== "goes") continue;
          if (move.to === "revealed") expect(state).toBe("closed");
          if (move.to === "draft") expect(state).toBe("draft");
          expect(state).not.toBe("withdrawn");
          state = move.to;
        }
      }),
    );
  });
});

describe("time", () => {
  const now = 1_000_000;

  test("[PR-3] a vote lasts 30 seconds to 60 days", () => {
    expect(closingTime({ afterSeconds: 29 }, now)).toBeNull();
    expect(closingTime({ afterSeconds: 30 }, now)).toBe(now + 30_000);
    expect(closingTime({ at: now + proposalLimits.longestVote }, now)).toBe(now + proposalLimits.longestVote);
    expect(closingTime({ at: now + proposalLimits.longestVote + 1 }, now)).toBeNull();
    expect(closingTime({ at: now - 1 }, now)).toBeNull();
  });

  test.each([
    ["the last millisecond", { state: "open", round: 1 }, { round: 1, arrivedAt: now - 1 }, null],
    ["the deadline itself", { state: "open", round: 1 }, { round: 1, arrivedAt: now }, "proposal-closed"],
    ["a draft", { state: "draft", round: 1 }, { round: 1, arrivedAt: 0 }, "proposal-not-open"],
    ["a closed vote", { state: "closed", round: 1 }, { round: 1, arrivedAt: 0 }, "proposal-closed"],
    ["a revealed vote", { state: "revealed", round: 1 }, { round: 1, arrivedAt: 0 }, "proposal-closed"],
    ["a round gone by", { state: "open", round: 2 }, { round: 1, arrivedAt: 0 }, "proposal-closed"],
    ["a round to come", { state: "open", round: 1 }, { round: 2, arrivedAt: 0 }, "proposal-not-open"],
  ] as const)("[PR-4] a ballot at %s", (_when, proposal, ballot, answer) => {
    expect(ballotRefusal({ ...proposal, closesAt: now }, ballot)).toBe(answer);
  });
});
