import { useRef, useSyncExternalStore } from "react";

/** A value that changes, and those who want to know. */
export interface Store<S> {
  get(): S;
  set(next: S): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (next) => {
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The part of a store a component draws; it draws again only when that part is another one. */
export function useSelected<S, T>(store: Store<S>, selector: (state: S) => T): T {
  const last = useRef<{ state: S; selector: (state: S) => T; value: T } | null>(null);
  const read = (): T => {
    const state = store.get();
    if (last.current?.state === state && last.current.selector === selector) return last.current.value;
    const value = selector(state);
    last.current = { state, selector, value };
    return value;
  };
  return useSyncExternalStore(store.subscribe, read);
}
