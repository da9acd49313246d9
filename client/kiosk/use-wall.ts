import { useEffect, useState } from "react";
import { createStore, useSelected } from "../state/store.ts";
import { readKeptWall } from "./kept-wall.ts";
import { advance, firstShow, type Show, unitToRead } from "./scenes.ts";
import { openWallLine, type WallLine } from "./wall-line.ts";
import type { WallState } from "./wall-state.ts";

const whole = (state: WallState): WallState => state;
/** How often the clock and the scenes are looked at, milliseconds. */
const tick = 500;

/** The state of the wall and the line that feeds it, for as long as the page stands. */
export function useWall(): { state: WallState; line: WallLine | null } {
  const [{ store, build }] = useState(() => {
    const kept = readKeptWall();
    return { store: createStore(kept.wall), build: kept.build };
  });
  const [line, setLine] = useState<WallLine | null>(null);
  useEffect(() => {
    const opened = openWallLine(store, build);
    setLine(opened);
    return () => opened.close();
  }, [store, build]);
  return { state: useSelected(store, whole), line };
}

/** This device's clock, twice a second. */
export function useDeviceNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tick);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** What is on now. The unit that comes next is read while the one before still hangs. */
export function useShow(state: WallState, line: WallLine | null, now: number): Show {
  const [show, setShow] = useState(firstShow);
  const current = advance(show, state, now);
  useEffect(() => {
    if (current !== show) setShow(current);
  }, [current, show]);
  const next = unitToRead(current, state);
  const online = state.status === "online";
  // biome-ignore lint/correctness/useExhaustiveDependencies: `since` asks again at every turn, though the unit be the same
  useEffect(() => {
    if (online && next !== null) line?.readUnit(next);
  }, [line, next, online, current.since]);
  return current;
}
