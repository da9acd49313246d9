import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { changesMyAccess } from "../home/reducer.ts";
import { forgetSnapshot, keepSnapshot, readSnapshot } from "../offline/kept-snapshot.ts";
import { connect, type Wire } from "../wire/connection.ts";
import {
  type AppState,
  type Areas,
  initialState,
  onEvent,
  onSignal,
  onStatus,
  onWelcome,
} from "./app-state.ts";
import { reducers } from "./reducers.ts";
import { createStore, type Store, useSelected } from "./store.ts";

interface Live {
  store: Store<AppState>;
  wire: Wire;
}

/** Time over which the devices of a courtyard ask for a new picture, milliseconds. */
const spreadMs = 3_000;

const LiveContext = createContext<Live | null>(null);

/** Opens the page's one socket and keeps the picture it tells. */
export function LiveProvider({ courtyardId, children }: { courtyardId?: string; children: ReactNode }) {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const store = createStore<AppState>({ ...initialState, areas: readSnapshot() });
    const keep = () => {
      const { areas } = store.get();
      if (areas) keepSnapshot(areas);
    };
    const change = (next: (state: AppState) => AppState) => store.set(next(store.get()));
    let fresh: ReturnType<typeof setTimeout> | undefined;
    // Everybody in the courtyard hears the same event; they do not all come for a new picture at once.
    const freshSoon = () => {
      fresh ??= setTimeout(() => {
        fresh = undefined;
        wire.restart();
      }, Math.random() * spreadMs);
    };
    const wire = connect(
      {
        status: (status) => {
          if (status === "signed-out") forgetSnapshot();
          change((state) => onStatus(state, status));
        },
        welcome: (welcome) => {
          change((state) => onWelcome(state, welcome, Date.now()));
          keep();
        },
        event: (event) => {
          change((state) => onEvent(state, event, reducers));
          if (changesMyAccess(store.get().areas?.identity, event)) wire.restart();
          if (event.name === "boards.have-changed") freshSoon();
        },
        signal: (signal) => change((state) => onSignal(state, signal, reducers)),
      },
      courtyardId ? { courtyardId } : {},
    );
    setLive({ store, wire });
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      clearTimeout(fresh);
      wire.close();
    };
  }, [courtyardId]);
  return live && <LiveContext value={live}>{children}</LiveContext>;
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("Outside of LiveProvider");
  return live;
}

export const useWire = (): Wire => useLive().wire;

/** Part of the state. Pass a selector that is stable or cheap and returns the same object for the same state. */
export const useAppState = <T,>(selector: (state: AppState) => T): T =>
  useSelected(useLive().store, selector);

/** Part of an area, inside a page that is drawn only once the first snapshot is here. */
export function useArea<A extends keyof Areas, T>(area: A, selector: (part: Areas[A]) => T): T {
  return useAppState((state) => {
    if (!state.areas) throw new Error("No snapshot yet");
    return selector(state.areas[area]);
  });
}

/** Changes what this page itself knows of an area, such as a page of history it has fetched. */
export function useChangeArea<A extends keyof Areas>(area: A): (next: (part: Areas[A]) => Areas[A]) => void {
  const { store } = useLive();
  return useCallback(
    (next) => {
      const state = store.get();
      if (state.areas) store.set({ ...state, areas: { ...state.areas, [area]: next(state.areas[area]) } });
    },
    [store, area],
  );
}

/** The server's time now, milliseconds, as this device's clock tells it. */
export const useServerNow = (): (() => number) => {
  const { store } = useLive();
  return () => Date.now() + store.get().clockOffset;
};
