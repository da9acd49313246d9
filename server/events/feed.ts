import { followEvery } from "../fanout/follow.ts";
import { systemTimers, type Timer, type Timers } from "../sync/timers.ts";
import type { EventBatch, EventLog, LoggedEvent } from "./log.ts";

/** How long a hole may stay open before the log is asked; another transaction's hook usually fills it. */
const patience = 25;
/** The log that had nothing to tell, or could not be read, is not asked again sooner, milliseconds. */
const restAfterNothing = followEvery.trusted;
const pageSize = 500;
/** Communities whose events are read in one question. */
const communitiesAtOnce = 200;
/** Events that may wait behind a hole. The log has them all. */
const mostHeld = 1_000;
/** A community nobody listens to any more is still followed for this long, in case somebody comes back, milliseconds. */
const lingers = 30_000;

/**
 * Hands each community's events to its listeners in sequence order, each once. Commits of several
 * connections or nodes may be heard out of order; a number that stays missing is read from the log.
 */
export interface EventFeed {
  /** Follows a community until `release`. `ready` resolves when every later event will be heard. */
  follow(communityId: string): { ready: Promise<void>; release(): void };
  /** Counts the times that a community began to be heard: what was found out before may have changed unheard. */
  readonly beginnings: number;
  accept(batch: EventBatch): void;
  /** Resolves when a community that is followed has been handed out up to this sequence. */
  reach(communityId: string, seq: number): Promise<void>;
  /** Asks the log for everything missed: one question where all communities stand, one for what is missed of them. */
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
  timer: Timer | null;
  /** Until when no hole makes the log be asked. */
  restUntil: number;
  ready: Promise<void>;
  listeners: number;
  ending: Timer | null;
  line: { close(): void };
}

export function createEventFeed(deps: {
  log: Pick<EventLog, "since" | "sinceEach" | "head" | "heads">;
  line?: EventLine;
  deliver(communityId: string, event: LoggedEvent): void;
  onFault(error: unknown): void;
  timers?: Timers;
  lingerMs?: number;
}): EventFeed {
  const { log, deliver, onFault, timers = systemTimers, lingerMs = lingers } = deps;
  const line = deps.line ?? { open: () => ({ ready: Promise.resolve(), close: () => {} }) };
  const followed = new Map<string, Following>();
  let closed = false;
  let beginnings = 0;

  const release = (communityId: string, state: Following): void => {
    if (followed.get(communityId) !== state) return;
    for (let next = state.held.get(state.last + 1); next; next = state.held.get(state.last + 1)) {
      state.held.delete(next.seq);
      state.last = next.seq;
      try {
        deliver(communityId, next);
      } catch (error) {
        onFault(error);
      }
    }
    if (state.held.size === 0 || state.timer || closed) return;
    state.timer = timers.after(Math.max(patience, state.restUntil - timers.now()), () => {
      state.timer = null;
      if (state.held.size > 0) askLog(communityId, state);
    });
  };

  const askLog = (communityId: string, state: Following): void => {
    const { last } = state;
    state.restUntil = timers.now() + restAfterNothing;
    fill(communityId, state)
      .catch(onFault)
      .finally(() => {
        if (state.last > last) state.restUntil = 0;
        release(communityId, state);
      });
  };

  /** Reads the log to its end. What was said to come later, before it was read, is not in it and never was. */
  const fill = async (communityId: string, state: Following): Promise<void> => {
    const said = [...state.held.keys()];
    for (;;) {
      const missed = await log.since(communityId, state.last, pageSize);
      // Who follows the community anew has begun where it stood then.
      if (followed.get(communityId) !== state) return;
      for (const event of missed) if (event.seq > state.last) state.held.set(event.seq, event);
      if (missed.length < pageSize) {
        const head = Math.max(state.last, missed.at(-1)?.seq ?? 0);
        for (const seq of said) if (seq > head) state.held.delete(seq);
      }
      release(communityId, state);
      if (missed.length < pageSize) return;
    }
  };

  /** One question for all of these, and for those that need more than one page one more each. */
  const catchUpSome = async (
    behind: ReadonlyMap<string, Following>,
    isBehind: (communityId: string, state: Following) => boolean,
  ): Promise<void> => {
    const cursors = [...behind].map(([communityId, { last }]) => ({ communityId, cursor: last }));
    const missed = await log.sinceEach(cursors, pageSize);
    for (const { communityId, event } of missed) {
      const state = behind.get(communityId);
      if (state && event.seq > state.last) state.held.set(event.seq, event);
    }
    for (const [communityId, state] of behind) {
      release(communityId, state);
      if (followed.get(communityId) === state && isBehind(communityId, state)) await fill(communityId, state);
    }
  };

  const accept = ({ communityId, events }: EventBatch): void => {
    const state = followed.get(communityId);
    if (!state) return;
    const starting = state.last === Number.POSITIVE_INFINITY;
    for (const event of events) {
      if (event.seq <= state.last && !starting) continue;
      if (state.held.size < mostHeld || event.seq === state.last + 1) state.held.set(event.seq, event);
      if (!starting) release(communityId, state);
    }
  };

  const start = (communityId: string): Following => {
    // Subscribed first, so that nothing is told between the reading and the listening and not heard.
    const { ready, close } = line.open(communityId, accept);
    const state: Following = {
      last: Number.POSITIVE_INFINITY,
      held: new Map(),
      timer: null,
      restUntil: 0,
      ready: Promise.resolve(),
      listeners: 0,
      ending: null,
      line: { close },
    };
    state.ready = log.head(communityId).then((head) => {
      state.last = head;
      beginnings++;
      for (const seq of state.held.keys()) if (seq <= head) state.held.delete(seq);
      release(communityId, state);
    });
    state.ready.catch(() => forget(communityId, state));
    ready
      .then(() => state.ready)
      .then(
        () => fill(communityId, state),
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
    state.held.clear();
    state.timer?.cancel();
  };

  return {
    follow: (communityId) => {
      const state = followed.get(communityId) ?? start(communityId);
      state.listeners++;
      state.ending?.cancel();
      state.ending = null;
      let listening = true;
      return {
        ready: state.ready,
        release: () => {
          if (!listening) return;
          listening = false;
          if (--state.listeners > 0 || closed) return;
          state.ending = timers.after(lingerMs, () => forget(communityId, state));
        },
      };
    },

    get beginnings() {
      return beginnings;
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
      const isBehind = (communityId: string, { last }: Following) => (heads.get(communityId) ?? 0) > last;
      const behind = [...followed].filter(([communityId, state]) => isBehind(communityId, state));
      for (let at = 0; at < behind.length; at += communitiesAtOnce)
        await catchUpSome(new Map(behind.slice(at, at + communitiesAtOnce)), isBehind);
    },

    close: () => {
      closed = true;
      for (const { timer, ending, line: each } of followed.values()) {
        timer?.cancel();
        ending?.cancel();
        each.close();
      }
      followed.clear();
    },
  };
}
