import type { WallDoor } from "../../shared/kiosk/model.ts";
import { emptyWall, type WallState } from "./wall-state.ts";

const wallKey = "yuanba.wall";
const unitPrefix = "yuanba.wall.unit.";
/** Raised when the shape of what is kept changes; another one is not read. */
const version = 1;

interface Kept {
  version: number;
  view: WallState["view"];
  build: string | null;
  clockOffset: number;
  heardAt: number | null;
}

/** The last picture this screen had, so that a restart without a connection is not a blank wall. */
export function readKeptWall(): { wall: WallState; build: string | null } {
  try {
    const kept = JSON.parse(localStorage.getItem(wallKey) ?? "null") as Kept | null;
    if (kept?.version !== version) return { wall: emptyWall, build: null };
    const units: Record<string, readonly WallDoor[]> = {};
    for (const key of keysOfUnits()) {
      units[key.slice(unitPrefix.length)] = JSON.parse(localStorage.getItem(key) ?? "[]");
    }
    const { view, build, clockOffset, heardAt } = kept;
    return { wall: { ...emptyWall, holder: view && "kiosk", view, units, clockOffset, heardAt }, build };
  } catch {
    return { wall: emptyWall, build: null };
  }
}

/** Keeps what changed since `last`; each unit by itself, so that a large compound is not written again and again. */
export function keepWall(state: WallState, last: WallState): void {
  try {
    if (state.view === null) {
      forgetWall();
      return;
    }
    if (state.view !== last.view || state.build !== last.build || state.heardAt !== last.heardAt) {
      const { view, build, clockOffset, heardAt } = state;
      const kept: Kept = { version, view, build, clockOffset, heardAt };
      localStorage.setItem(wallKey, JSON.stringify(kept));
    }
    for (const [unitId, doors] of Object.entries(state.units)) {
      if (last.units[unitId] !== doors) localStorage.setItem(unitPrefix + unitId, JSON.stringify(doors));
    }
    for (const key of keysOfUnits()) {
      if (state.units[key.slice(unitPrefix.length)] === undefined) localStorage.removeItem(key);
    }
  } catch {
    // Storage full or forbidden: the wall then needs a connection to start, and runs as well with one.
  }
}

/** The screen belongs to this courtyard no more. */
export function forgetWall(): void {
  try {
    for (const key of [wallKey, ...keysOfUnits()]) localStorage.removeItem(key);
  } catch {
    // Nothing was kept where nothing can be kept.
  }
}

const keysOfUnits = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(unitPrefix));
