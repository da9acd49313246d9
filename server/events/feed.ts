import type { EventBatch, EventLog, LoggedEvent } from "./log.ts";

/** How long a hole may stay open before the log is asked; another transaction's hook usually fills it. */
const patience = 25;
const pageSize = 500;
/** A community nobody listens to any more is still followed for this long, in case somebody comes back, milliseconds. */
const linger = 30_000;

/**
 * Hands each community's events to its listeners in sequence order, each once. Commits of several
 * connections or nodes may be heard out of order; a number that stays missing is read from the log.
 */
export interface EventFeed {
  /** Follows a community until `release`. `ready` resolves when every later event will be heard. */
  follow(communityId: string): { ready: Promise<void>; release(): void };
  accept(batch: EventBatch): void;
  /** Resolves when a community that is followed has been handed out up to this sequence. */
  reach(communityId: string, seq: number): Promise<void>;
  /** Asks the log for everything missed, for all communities followed, in one question where they stand. */
  catchUp(): Promise<void>;
  close(): void;
}

/** Where the batches of other nodes come from. */
export interface EventLine {
  open(communityId: string, hear: (batch: EventBatch) => void): { ready: Promise<void>; close(): void };
}

interface Following {
  last: number;
  held: Map<number, LoggedEvent>;
  timer: NodeJS.Timeout | null;
  ready: Promise<void>;
  listeners: number;
  ending: NodeJS.Timeout | null;
  line: { close(): void };
}

export function createEventFeed(deps: {
  log: Pick<EventLog, "since" | "head" | "heads">;
  line?: EventLine;
  deliver(communityId: string, event: LoggedEvent): void;
  onFault(error: unknown): void;
}): EventFeed {
  const { log, deliver, onFault } = deps;
  const line = deps.line ?? { open: () => ({ ready: Promise.resolve(), close: () => {} }) };
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

  const accept = ({ communityId, events }: EventBatch): void => {
    const state = followed.get(communityId);
    if (!state) return;
    for (const event of events)
      if (event.seq > state.last || state.last === Number.POSITIVE_INFINITY) state.held.set(event.seq, event);
    if (state.last !== Number.POSITIVE_INFINITY) release(communityId, state);
  };

  const start = (communityId: string): Following => {
    // Subscribed first, so that nothing is told between the reading and the listening and not heard.
    const { ready, close } = line.open(communityId, accept);
    const state: Following = {
      last: Number.POSITIVE_INFINITY,
      held: new Map(),
      timer: null,
      ready: Promise.resolve(),
      listeners: 0,
      ending: null,
      line: { close },
    };
    state.ready = log.head(communityId).then((head) => {
      state.last = head;
      for (const seq of state.held.keys()) if (seq <= head) state.held.delete(seq);
      release(communityId, state);
    });
    state.ready.catch(() => forget(communityId, state));
    ready
      .then(() => state.ready)
      .then(
        () => (closed ? undefined : fill(communityId, state)),
        () => {},
      )
      .catch(onFault);
    followed.set(communityId, state);
    return state;
  };

  const forget = (communityId: string, state: Following): void => {
    if (followed.get(communityId) !== state) return;
    followed.delete(communityId);
    state.line.close();
    if (state.timer) clearTimeout(state.timer);
  };

  return {
    follow: (communityId) => {
      const state = followed.get(communityId) ?? start(communityId);
      state.listeners++;
      if (state.ending) clearTimeout(state.ending);
      state.ending = null;
      let listening = true;
      return {
        ready: state.ready,
        release: () => {
          if (!listening) return;
          listening = false;
          if (--state.listeners > 0 || closed) return;
          state.ending = setTimeout(() => forget(communityId, state), linger).unref();
        },
      };
    },

    accept,

    reach: async (communityId, seq) => {
      const state = followed.get(communityId);
      if (!state) return;
      await state.ready;
      if (state.last < seq) await fill(communityId, state);
    },

    catchUp: async () => {
      const heads = await log.heads([...followed.keys()]);
      for (const [communityId, state] of followed) {
        if (state.last === Number.POSITIVE_INFINITY) continue;
        if ((heads.get(communityId) ?? 0) > state.last) await fill(communityId, state);
      }
    },

    close: () => {
      closed = true;
      for (const { timer, ending, line: each } of followed.values()) {
        if (timer) clearTimeout(timer);
        if (ending) clearTimeout(ending);
        each.close();
      }
      followed.clear();
    },
  };
}
