import { describe, expect, test } from "vitest";
import {
  emptyWall,
  onEvent,
  onSignal,
  onStatus,
  onUnit,
  onView,
  onWelcome,
  type WallState,
} from "../../client/kiosk/wall-state.ts";
import type { WallView } from "../../shared/kiosk/model.ts";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import type { PersonSnapshot, Welcome, WireEvent } from "../../shared/wire/contract.ts";

const start = 1_800_000_000_000;
const view: WallView = {
  courtyard: "晋院 26 号",
  joinUrl: null,
  buildings: [
    { buildingId: "building", name: "1", units: [{ unitId: "unit-1", name: "1", doors: 2, things: 1 }] },
  ],
  fresh: [],
  freshCount: 0,
  notices: [],
  votes: [],
};
const welcome = (snapshot: Welcome["snapshot"], now = start): Welcome => ({
  protocol: 1,
  build: "a",
  now,
  seq: 7,
  snapshot,
  events: [],
  signals: [],
});
const wall = (): WallState => onWelcome(emptyWall, welcome({ audience: "wall", kiosk: view }), start - 500);

const proposal: ProposalView = {
  proposalId: "proposal-1",
  question: "花台边弄啥子",
  body: "王姐家门口",
  kind: "yes-no-abstain",
  options: [{ id: "yes", label: "赞同" }],
  rule: defaultRule,
  state: "open",
  round: 1,
  createdAt: start,
  openedAt: start,
  closesAt: start + 60_000,
  closedAt: null,
  closeReason: null,
  revealedAt: null,
  turnout: { voted: 0, total: 148 },
  result: null,
  earlierRounds: [],
};
const weight = { households: 1, area: 1 };
const result = { options: [{ optionId: "yes", ...weight }], voted: weight, register: weight };
const happened = <N extends WireEvent["name"]>(name: N, data: Extract<WireEvent, { name: N }>["data"]) =>
  ({ seq: 8, at: start + 1000, name, data }) as WireEvent;
const opened = happened("proposal.was-opened", { proposal });
const theVote = (state: WallState) => state.view?.votes[0];

describe("what a screen knows", () => {
  test("[KI-25] a welcome with a snapshot is the whole picture, and one without keeps it", () => {
    const state = wall();
    expect(state).toMatchObject({ holder: "kiosk", view, build: "a", clockOffset: 500, brokenAt: null });
    expect(onWelcome(state, welcome(null, start + 9), start).view).toBe(state.view);
  });

  test("[KI-25] a person's session is no screen, and an ended one leaves nothing of the courtyard", () => {
    const person = onWelcome(wall(), welcome({ audience: "person" } as PersonSnapshot), start);
    expect(person).toMatchObject({ holder: "person", view: null, units: {} });
    expect(onStatus(wall(), "signed-out", start)).toMatchObject({ holder: null, view: null, units: {} });
  });

  test("[KI-26] a vote opens, fills, closes and is told; its text for the phones is not kept", () => {
    let state = onEvent(wall(), opened);
    expect(theVote(state)).toMatchObject({ question: "花台边弄啥子", state: "open", result: null });
    expect(JSON.stringify(state)).not.toContain("王姐");
    const turnout = (voted: number, round = 1) =>
      ({ name: "proposal.turnout", data: { proposalId: "proposal-1", round, voted, total: 148 } }) as const;
    state = onSignal(onSignal(state, turnout(5)), turnout(3));
    expect(theVote(state)?.turnout.voted).toBe(5);
    expect(theVote(onSignal(state, turnout(9, 2)))?.turnout.voted).toBe(5);
    const of = { proposalId: "proposal-1", round: 1 };
    const closing = { closedAt: start + 2, closeReason: null, turnout: { voted: 6, total: 148 } };
    state = onEvent(state, happened("proposal.was-closed", { ...of, ...closing }));
    expect(theVote(state)).toMatchObject({ state: "closed", turnout: { voted: 6 }, result: null });
    expect(theVote(onSignal(state, turnout(7)))?.turnout.voted).toBe(6);
    state = onEvent(state, happened("proposal.result-revealed", { ...of, revealedAt: start + 3, result }));
    expect(theVote(state)).toMatchObject({ state: "revealed", result });
    const again = happened("proposal.was-opened", { proposal: { ...proposal, round: 2 } });
    expect(onEvent(state, again).view?.votes).toHaveLength(1);
    expect(theVote(onEvent(state, again))).toMatchObject({ round: 2, state: "open", result: null });
  });

  test("[KI-26] a reading that began before a vote was opened does not take it away", () => {
    const state = onEvent(wall(), opened);
    const read = onView(state, { ...view, courtyard: "新名字", votes: [] }, start);
    expect(read.view).toMatchObject({ courtyard: "新名字", votes: [{ proposalId: "proposal-1" }] });
  });

  test("[KI-27] changed cells replace those at hand whole, and units that are gone are forgotten", () => {
    const label = { title: "梯子", category: "tools", quantity: 1 };
    const doors = [
      { householdId: "home-1", door: "101", labels: [label, label] },
      { householdId: "home-2", door: "102", labels: [label] },
    ];
    const state = onUnit(wall(), "unit-1", doors);
    const cells = [
      { householdId: "home-1", labels: [] },
      { householdId: "home-9", labels: [label] },
    ];
    const changed = onSignal(state, { name: "wall.cells-changed", data: { cells } });
    expect(changed.units["unit-1"]).toEqual([{ ...doors[0], labels: [] }, doors[1]]);
    expect(onView(changed, { ...view, buildings: [] }, start).units).toEqual({});
  });

  test("[KI-27] notices and what is new are replaced whole", () => {
    const notices = [{ boardId: "board", building: null, text: "停水" }];
    const fresh = [{ title: "烤箱", category: "appliances", building: "1", unit: "1", addedAt: start }];
    let state = onSignal(wall(), { name: "wall.notices-changed", data: { notices } });
    state = onSignal(state, { name: "wall.fresh-changed", data: { fresh, freshCount: 9 } });
    expect(state.view).toMatchObject({ notices, fresh, freshCount: 9 });
  });

  test("[KI-28] a broken line is remembered from its first moment until the next welcome", () => {
    const broken = onStatus(onStatus(wall(), "offline", start), "offline", start + 9_000);
    expect(broken.brokenAt).toBe(start);
    expect(onWelcome(broken, welcome(null, start + 10_000), start + 10_000).brokenAt).toBeNull();
  });
});
