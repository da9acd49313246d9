import type { PersonSnapshot, Welcome, WireEvent, WireSignal } from "../../shared/wire/contract.ts";
import type { ConnectionStatus } from "../wire/connection.ts";

/** What the pages of a person draw. Everything in `areas` comes from the snapshot and the events after it. */
export interface AppState {
  status: ConnectionStatus;
  /** Server clock minus this device's clock, milliseconds. */
  clockOffset: number;
  build: string | null;
  /** Null until the first welcome. */
  areas: Areas | null;
}

export type Areas = Omit<PersonSnapshot, "audience">;

export const initialState: AppState = { status: "connecting", clockOffset: 0, build: null, areas: null };

/** How an area follows what happens. Each returns the same object when nothing of it changed. */
export interface AreaReducer<P> {
  event(part: P, event: WireEvent): P;
  signal?(part: P, signal: WireSignal): P;
}
export type Reducers = { [A in keyof Areas]?: AreaReducer<Areas[A]> };

export function onStatus(state: AppState, status: ConnectionStatus): AppState {
  if (state.status === status) return state;
  return status === "signed-out" ? { ...state, status, areas: null } : { ...state, status };
}

/** @param now this device's clock when the welcome came, milliseconds */
export function onWelcome(state: AppState, welcome: Welcome, now: number): AppState {
  const areas = welcome.snapshot?.audience === "person" ? withoutAudience(welcome.snapshot) : state.areas;
  return { ...state, areas, build: welcome.build, clockOffset: welcome.now - now };
}

export const onEvent = (state: AppState, event: WireEvent, reducers: Reducers): AppState =>
  follow(state, (name, part) => reducers[name]?.event(part as never, event) ?? part);

export const onSignal = (state: AppState, signal: WireSignal, reducers: Reducers): AppState =>
  follow(state, (name, part) => reducers[name]?.signal?.(part as never, signal) ?? part);

function follow(state: AppState, next: (name: keyof Areas, part: Areas[keyof Areas]) => unknown): AppState {
  if (!state.areas) return state;
  let areas = state.areas;
  for (const name of Object.keys(areas) as (keyof Areas)[]) {
    const part = next(name, areas[name]);
    if (part !== areas[name]) areas = { ...areas, [name]: part };
  }
  return areas === state.areas ? state : { ...state, areas };
}

function withoutAudience({ audience: _audience, ...areas }: PersonSnapshot): Areas {
  return areas;
}
