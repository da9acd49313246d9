import type { WallDoor, WallView, WallVote } from "../../shared/kiosk/model.ts";
import { votesForWall, wallVote } from "../../shared/kiosk/wall-vote.ts";
import type { Welcome, WireEvent, WireSignal } from "../../shared/wire/contract.ts";
import type { ConnectionStatus } from "../wire/connection.ts";

export interface LastCall {
  round: number;
  until: number;
}

/** All a screen knows. Times are the server's unless they say otherwise. */
export interface WallState {
  status: ConnectionStatus;
  /** Whose session this browser carries; a person's is not a screen's. */
  holder: "kiosk" | "person" | null;
  /** Server clock minus this device's clock, milliseconds. */
  clockOffset: number;
  build: string | null;
  view: WallView | null;
  /** Doors of the units read so far, by unit. */
  units: Readonly<Record<string, readonly WallDoor[]>>;
  /** By proposal. */
  lastCalls: Readonly<Record<string, LastCall>>;
  /** When the line broke, by this device's clock; null while it stands. */
  brokenAt: number | null;
  /** When the server was last heard. */
  heardAt: number | null;
}

export const emptyWall: WallState = {
  status: "connecting",
  holder: null,
  clockOffset: 0,
  build: null,
  view: null,
  units: {},
  lastCalls: {},
  brokenAt: null,
  heardAt: null,
};

/** @param now this device's clock */
export function onStatus(state: WallState, status: ConnectionStatus, now: number): WallState {
  // Whoever unpaired the screen wants it to show nothing of this courtyard any more.
  if (status === "signed-out") return { ...emptyWall, status, clockOffset: state.clockOffset };
  const brokenAt = status === "online" ? null : (state.brokenAt ?? now);
  return { ...state, status, brokenAt };
}

export function onWelcome(state: WallState, welcome: Welcome, now: number): WallState {
  const next = {
    ...state,
    build: welcome.build,
    clockOffset: welcome.now - now,
    heardAt: welcome.now,
    brokenAt: null,
  };
  if (!welcome.snapshot) return next;
  if (welcome.snapshot.audience === "person") return { ...emptyWall, ...next, holder: "person", view: null };
  return { ...next, holder: "kiosk", view: welcome.snapshot.kiosk, lastCalls: {} };
}

/**
 * The wall read anew. Its votes are left aside: they come as events, in order, and a reading may have begun before
 * the last of them.
 */
export function onView(state: WallState, view: WallView, now: number): WallState {
  const votes = state.view?.votes ?? view.votes;
  const known = new Set(view.buildings.flatMap(({ units }) => units.map(({ unitId }) => unitId)));
  const units = Object.fromEntries(Object.entries(state.units).filter(([unitId]) => known.has(unitId)));
  return { ...state, view: { ...view, votes }, units, heardAt: now };
}

export const onUnit = (state: WallState, unitId: string, doors: readonly WallDoor[]): WallState => ({
  ...state,
  units: { ...state.units, [unitId]: doors },
});

export function onEvent(state: WallState, event: WireEvent): WallState {
  const heard = { ...state, heardAt: Math.max(state.heardAt ?? 0, event.at) };
  switch (event.name) {
    case "proposal.was-opened": {
      const opened = wallVote(event.data.proposal);
      return withVotes(heard, (votes) => [
        opened,
        ...votes.filter(({ proposalId }) => proposalId !== opened.proposalId),
      ]);
    }
    case "proposal.was-closed": {
      const { proposalId, round, closedAt, turnout } = event.data;
      return withVote(heard, proposalId, round, (vote) => ({ ...vote, state: "closed", closedAt, turnout }));
    }
    case "proposal.result-revealed": {
      const { proposalId, round, revealedAt, result } = event.data;
      return withVote(heard, proposalId, round, (vote) => ({
        ...vote,
        state: "revealed",
        revealedAt,
        result,
      }));
    }
    default:
      return state;
  }
}

export function onSignal(state: WallState, signal: WireSignal): WallState {
  switch (signal.name) {
    case "wall.cells-changed": {
      const cells = new Map(signal.data.cells.map((cell) => [cell.householdId, cell.labels]));
      return { ...state, units: withLabels(state.units, cells) };
    }
    case "wall.fresh-changed":
      return state.view ? { ...state, view: { ...state.view, ...signal.data } } : state;
    case "wall.notices-changed":
      return state.view ? { ...state, view: { ...state.view, notices: signal.data.notices } } : state;
    case "proposal.turnout": {
      const { proposalId, round, voted, total } = signal.data;
      return withVote(state, proposalId, round, (vote) =>
        vote.state === "open" && voted > vote.turnout.voted ? { ...vote, turnout: { voted, total } } : vote,
      );
    }
    case "proposal.last-call": {
      const { proposalId, round, until } = signal.data;
      return { ...state, lastCalls: { ...state.lastCalls, [proposalId]: { round, until } } };
    }
    default:
      return state;
  }
}

function withVotes(state: WallState, change: (votes: readonly WallVote[]) => WallVote[]): WallState {
  if (!state.view) return state;
  return { ...state, view: { ...state.view, votes: votesForWall(change(state.view.votes)) } };
}

const withVote = (
  state: WallState,
  proposalId: string,
  round: number,
  change: (vote: WallVote) => WallVote,
): WallState =>
  withVotes(state, (votes) =>
    votes.map((vote) => (vote.proposalId === proposalId && vote.round === round ? change(vote) : vote)),
  );

function withLabels(
  units: WallState["units"],
  cells: ReadonlyMap<string, WallDoor["labels"]>,
): WallState["units"] {
  return Object.fromEntries(
    Object.entries(units).map(([unitId, doors]) => [
      unitId,
      doors.some(({ householdId }) => cells.has(householdId))
        ? doors.map((door) => ({ ...door, labels: cells.get(door.householdId) ?? door.labels }))
        : doors,
    ]),
  );
}
