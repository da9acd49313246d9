import fc from "fast-check";
import type { TFunction } from "i18next";
import { describe, expect, test } from "vitest";
import { ballotFor, emptyMemory, isUncast } from "../../client/votes/choice-memory.ts";
import { type VotesPart, votesReducer } from "../../client/votes/reducer.ts";
import { inOrder } from "../../client/votes/vote-order.ts";
import { decidingLine, outcomeSentence, whenText } from "../../client/votes/vote-words.ts";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { ballotOptions, defaultRule } from "../../shared/proposals/rules.ts";
import { outcomeOf } from "../../shared/proposals/tally.ts";
import type { EventData, EventName, WireEvent } from "../../shared/wire/contract.ts";
import { wordsOf } from "../shots/words.ts";

const empty: VotesPart = { proposals: [], mine: [], lastCalls: [] };
const opened: ProposalView = {
  proposalId: "vote-1",
  question: "问",
  body: "",
  kind: "yes-no-abstain",
  options: ballotOptions({ kind: "yes-no-abstain", options: [], rule: defaultRule }),
  rule: defaultRule,
  state: "open",
  round: 1,
  createdAt: 1,
  openedAt: 2,
  closesAt: 3,
  closedAt: null,
  closeReason: null,
  revealedAt: null,
  turnout: { voted: 0, total: 10 },
  result: null,
  earlierRounds: [],
};
const result = {
  options: [{ optionId: "yes", households: 1, area: 1 }],
  voted: { households: 1, area: 1 },
  register: { households: 10, area: 10 },
};
const event = <N extends EventName>(name: N, data: EventData<N>): WireEvent =>
  ({ seq: 1, at: 1, name, data }) as WireEvent;
const turnout = (voted: number, round = 1) =>
  ({ name: "proposal.turnout", data: { proposalId: "vote-1", round, voted, total: 10 } }) as const;
const close = event("proposal.was-closed", {
  proposalId: "vote-1",
  round: 1,
  closedAt: 5,
  closeReason: null,
  turnout: { voted: 4, total: 10 },
});
const reveal = event("proposal.result-revealed", { proposalId: "vote-1", round: 1, revealedAt: 6, result });
const open = event("proposal.was-opened", { proposal: opened });
const again = event("proposal.was-opened", { proposal: { ...opened, round: 2 } });
const signal = (part: VotesPart, said: ReturnType<typeof turnout>) =>
  votesReducer.signal?.(part, said) ?? part;
const follow = (events: WireEvent[]) => events.reduce(votesReducer.event, empty);

describe("the votes on a page", () => {
  test("[PR-28] an opening shows the vote and an empty place for the household's ballot", () => {
    const part = follow([open]);
    expect(part.proposals).toEqual([opened]);
    expect(part.mine).toEqual([{ proposalId: "vote-1", round: 1, onRegister: true, ballot: null }]);
  });

  test("[PR-28] turnout never falls within a round, and begins anew with the next", () => {
    const part = [3, 7, 5, 6].reduce((known, voted) => signal(known, turnout(voted)), follow([open]));
    expect(part.proposals[0]?.turnout.voted).toBe(7);
    const next = votesReducer.event(part, again);
    expect(next.proposals[0]?.turnout.voted).toBe(0);
    expect(signal(next, turnout(9, 1)).proposals[0]?.turnout.voted).toBe(0);
  });

  test("[PR-28] events heard late or twice never move a vote back", () => {
    const rank = ({ round, state }: ProposalView) =>
      round * 10 + ["open", "closed", "revealed"].indexOf(state);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(open, close, reveal, again), { maxLength: 12 }), (events) => {
        let part = empty;
        let furthest = -1;
        for (const one of events) {
          part = votesReducer.event(part, one);
          const now = part.proposals[0] ? rank(part.proposals[0]) : -1;
          expect(now).toBeGreaterThanOrEqual(furthest);
          furthest = now;
        }
      }),
    );
  });

  test("[PR-28] of two ballots of the household the later one stays, in whatever order they are heard", () => {
    const voted = (at: number) =>
      event("household.voted", {
        proposalId: "vote-1",
        round: 1,
        ballot: { by: "小雨妈", at, receipt: `R-${at}` },
      });
    for (const events of [
      [open, voted(5), voted(9)],
      [open, voted(9), voted(5)],
      [voted(9), open],
    ]) {
      expect(follow(events).mine[0]?.ballot?.receipt).toBe("R-9");
    }
  });

  test("[PR-28] what is about other things leaves the same object", () => {
    const part = follow([open, close]);
    expect(votesReducer.event(part, close)).toBe(part);
    expect(votesReducer.event(part, event("proposal.was-withdrawn", { proposalId: "other" }))).toBe(part);
    expect(signal(part, turnout(1))).toBe(part);
  });

  test("[PR-28] open votes come first, the one that ends first on top; drafts are not listed", () => {
    const votes = [
      { ...opened, proposalId: "a", closesAt: 30 },
      { ...opened, proposalId: "b", closesAt: 20 },
      { ...opened, proposalId: "c", state: "closed" as const, openedAt: 1 },
      { ...opened, proposalId: "d", state: "revealed" as const, openedAt: 2 },
      { ...opened, proposalId: "e", state: "draft" as const },
    ];
    const { open: now, finished } = inOrder(votes);
    expect([now, finished].map((list) => list.map(({ proposalId }) => proposalId).join(""))).toEqual([
      "ba",
      "dc",
    ]);
  });
});

describe("what is said of a vote", () => {
  test("[PR-6] that nobody voted is another sentence than that all abstained", () => {
    const zh = wordsOf("zh-CN");
    const t = ((key: string) => zh(`votes:${key}`)) as unknown as TFunction<"votes">;
    const none = (voted: number) => ({
      ...result,
      options: [{ optionId: "abstain", households: voted, area: 0 }],
      voted: { households: voted, area: 0 },
    });
    expect(outcomeSentence(t, opened, none(0))).toBe("一户都没投");
    expect(outcomeSentence(t, opened, none(3))).toBe("没有哪家选");
  });

  test("[PR-6] what decides is said as it is counted", () => {
    const zh = wordsOf("zh-CN");
    const t = ((key: string) => zh(`votes:${key}`)) as unknown as TFunction<"votes">;
    const count = (yes: number, no: number, abstain: number) => ({
      ...result,
      options: [
        { optionId: "yes", households: yes, area: 0 },
        { optionId: "no", households: no, area: 0 },
        { optionId: "abstain", households: abstain, area: 0 },
      ],
    });
    expect(decidingLine(t, { kind: "yes-no-abstain" })).toBe("赞同比反对多就通过，弃权不算");
    expect(outcomeOf("yes-no-abstain", count(2, 1, 9)).kind).toBe("passed");
    expect(outcomeOf("yes-no-abstain", count(1, 1, 9)).kind).toBe("tie");
    expect(decidingLine(t, { kind: "options" })).toBe("得票最多的算数");
    expect(outcomeOf("options", count(2, 1, 9))).toMatchObject({ kind: "chosen", optionId: "yes" });
  });

  test("[UI-29] an English sentence says at what time of today, and on which other day", () => {
    const en = wordsOf("en");
    const t = ((key: string, values: Record<string, string>) =>
      en(`votes:${key}`, values)) as unknown as TFunction<"votes">;
    const closed = new Date(2026, 2, 5, 20, 0).getTime();
    const say = (now: number) => t("closedAt", { time: whenText(t, closed, now, "en") });
    expect(say(closed + 1_000)).toBe("Closed at 20:00");
    expect(say(new Date(2026, 2, 7).getTime())).toBe("Closed on 5 March, 20:00");
  });
});

describe("the paper in one's hand", () => {
  test("[PR-27] a retry of the same choice uses the same ballot id, another choice a new one", () => {
    let made = 0;
    const newId = () => `ballot-${++made}`;
    const first = ballotFor(emptyMemory, "yes", newId);
    const waiting = { ...emptyMemory, choice: "yes", sending: first };
    expect(ballotFor(waiting, "yes", newId)).toBe(first);
    expect(ballotFor(waiting, "no", newId).ballotId).toBe("ballot-2");
  });

  test("[PR-27] a choice that was not cast is known as such, also after one that was", () => {
    expect(isUncast(emptyMemory)).toBe(false);
    expect(isUncast({ ...emptyMemory, choice: "yes" })).toBe(true);
    const cast = { optionId: "yes", receipt: "AAAA-BBBB" };
    expect(isUncast({ ...emptyMemory, choice: "yes", cast })).toBe(false);
    expect(isUncast({ ...emptyMemory, choice: "no", cast })).toBe(true);
  });
});
