import type { Store } from "../state/store.ts";
import { connect, type Wire } from "../wire/connection.ts";
import { keepWall } from "./kept-wall.ts";
import { mayReload, reloadReason } from "./screen-care.ts";
import { onEvent, onSignal, onStatus, onUnit, onView, onWelcome, type WallState } from "./wall-state.ts";

/** The wall is read anew this often, which also tells the server that the screen is alive. Milliseconds. */
const readEvery = 60_000;
const lookEvery = 5_000;
/** Without a line for this long, although the server answers, the page starts over. */
const stuckAfter = 10 * 60_000;
/** Screens of one office reload apart from each other. */
const reloadSpread = 20_000;

/** Keeps a wall's state true for months without anybody near. */
export interface WallLine {
  readUnit(unitId: string): void;
  /** Connects anew, after the screen was paired. */
  restart(): void;
  close(): void;
}

export function openWallLine(store: Store<WallState>, keptBuild: string | null): WallLine {
  const loadedAt = Date.now() + store.get().clockOffset;
  let runningBuild = keptBuild;
  let reloading = false;
  let kept = store.get();
  const now = (): number => Date.now() + store.get().clockOffset;
  const change = (next: (state: WallState) => WallState): void => store.set(next(store.get()));

  const wire: Wire = connect({
    status: (status) => change((state) => onStatus(state, status, Date.now())),
    welcome: (welcome) => {
      change((state) => onWelcome(state, welcome, Date.now()));
      runningBuild ??= welcome.build;
    },
    event: (event) => change((state) => onEvent(state, event)),
    signal: (signal) => change((state) => onSignal(state, signal)),
  });

  const readView = async (): Promise<void> => {
    if (store.get().status !== "online" || store.get().holder !== "kiosk") return;
    const answer = await wire.ask("kiosk.wall", {});
    if (answer.ok && store.get().view) change((state) => onView(state, answer.value, now()));
  };

  const reload = (): void => {
    reloading = true;
    setTimeout(() => {
      if (mayReload(store.get(), now())) location.reload();
      else reloading = false;
    }, Math.random() * reloadSpread);
  };

  /** A page whose own line is broken although the server answers will not mend by waiting longer. */
  const helpIfStuck = async (state: WallState): Promise<void> => {
    if (state.status === "signed-out" || state.brokenAt === null) return;
    if (Date.now() - state.brokenAt < stuckAfter) return;
    const alive = await fetch("/healthz", { cache: "no-store" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (alive && !reloading) reload();
  };

  const look = (): void => {
    const state = store.get();
    keepWall(state, kept);
    kept = state;
    if (reloading || state.holder === "person") return;
    if (reloadReason(state, { build: runningBuild, loadedAt }, now()) && mayReload(state, now())) reload();
    else void helpIfStuck(state);
  };

  const timers = [setInterval(readView, readEvery), setInterval(look, lookEvery)];
  return {
    readUnit: async (unitId) => {
      if (store.get().status !== "online") return;
      const answer = await wire.ask("kiosk.unit", { unitId });
      if (answer.ok && store.get().view) change((state) => onUnit(state, unitId, answer.value.doors));
    },
    restart: () => wire.restart(),
    close: () => {
      for (const timer of timers) clearInterval(timer);
      wire.close();
    },
  };
}
