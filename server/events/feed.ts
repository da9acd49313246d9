import type { EventBatch, EventLog, LoggedEvent } from "./log.ts";

/** How long a hole may stay open before the log is asked; another transaction's hook usually fills it. */
const patience = 25;
const pageSize = 500;

/**
 * Hands each community's events to its listeners in sequence order, each once. Commits of several
 * connections or nodes may be heard out of order; a number that stays missing is read from the log.
 */
export interface EventFeed {
  /** Starts following a community; resolves when every later event will be heard. */
  follow(communityId: string): Promise<void>;
  accept(batch: EventBatch): void;
  /** Asks the log for everything missed, for all communities followed. */
  catchUp(): Promise<void>;
  close(): void;
}

interface Following {
  last: number;
  held: Map<number, LoggedEvent>;
  timer: NodeJS.Timeout | null;
  ready: Promise<void>;
}

export function createEventFeed(deps: {
  log: Pick<EventLog, "since" | "head">;
  deliver(communityId: string, event: LoggedEvent): void;
  onFault(error: unknown): void;
}): EventFeed {
  const { log, deliver, onFault } = deps;
  const followed = new Map<string, Following>();
  let closed = false;

  const release = (communityId: string, state: Following): void => {
    for (let next = state.held.get(state.last + 1); next; next = state.held.get(state.last + 1)) {
      state.held.delete(next.seq);
      state.last = next.seq;
      deliver(communityId, next);
    }
    if (state.held.size > 0 && !state.timer && !closed) {
      state.timer = setTimeout(() => {
        state.timer = null;
        if (state.held.size === 0) return;
        fill(communityId, state).catch((error) => {
          onFault(error);
          release(communityId, state);
        });
      }, patience);
    }
  };

  const fill = async (communityId: string, state: Following): Promise<void> => {
    for (;;) {
      const missed = await log.since(communityId, state.last, pageSize);
      if (closed) return;
      for (const event of missed) if (event.seq > state.last) state.held.set(event.seq, event);
      release(communityId, state);
      if (missed.length < pageSize) return;
    }
  };

  return {
    follow: (communityId) => {
      const known = followed.get(communityId);
      if (known) return known.ready;
      const state: Following = {
        last: Number.POSITIVE_INFINITY,
        held: new Map(),
        timer: null,
        ready: Promise.resolve(),
      };
      state.ready = log.head(communityId).then((head) => {
        state.last = head;
        for (const seq of state.held.keys()) if (seq <= head) state.held.delete(seq);
        release(communityId, state);
      });
      state.ready.catch(() => followed.delete(communityId));
      followed.set(communityId, state);
      return state.ready;
    },

    accept: ({ communityId, events }) => {
      const state = followed.get(communityId);
      if (!state) return;
      for (const event of events)
        if (event.seq > state.last || state.last === Number.POSITIVE_INFINITY)
          state.held.set(event.seq, event);
      if (state.last !== Number.POSITIVE_INFINITY) release(communityId, state);
    },

    catchUp: async () => {
      for (const [communityId, state] of followed) await state.ready.then(() => fill(communityId, state));
    },

    close: () => {
      closed = true;
      for (const { timer } of followed.values()) if (timer) clearTimeout(timer);
      followed.clear();
    },
  };
}
