import { lastCallLasts } from "../../shared/proposals/model.ts";
import type { Tell } from "../sockets/tell.ts";

/** Turnout is told at most this often for one vote, milliseconds. */
export const turnoutEvery = 250;

interface Vote {
  proposalId: string;
  round: number;
  courtyardId: string;
}

/** What passes and is never logged: turnout as it grows, and last calls. */
export interface Passing {
  /** A ballot was committed: the turnout may have risen. */
  counted(vote: Vote): void;
  /** Shows a last call, or says when the one on show ends. Milliseconds. */
  callLast(vote: Vote, now: number): number;
  lastCalls(courtyardId: string, now: number): { proposalId: string; round: number; until: number }[];
  /** Tells everyone how every open vote stands: the bus may have missed a count, of this node or of another. */
  recount(open: readonly Vote[]): Promise<void>;
  close(): void;
}

/**
 * Counts are read, not added up, so that what is told is committed and the same on every node. A count begins at
 * once when the vote was quiet; what comes in while one is under way, or within a quarter second, is told together.
 */
export function createPassing(deps: {
  tell: Pick<Tell, "signal" | "others" | "hear">;
  count(proposalId: string, round: number): Promise<{ voted: number; total: number }>;
  onFault(error: unknown): void;
}): Passing {
  const { tell, count, onFault } = deps;
  const busy = new Map<string, { again: boolean; timer: NodeJS.Timeout | null }>();
  const calls = new Map<string, Vote & { until: number }>();
  let closed = false;
  const keyOf = ({ proposalId, round }: Vote) => `${proposalId} ${round}`;

  tell.hear("node.last-call", (call) => calls.set(keyOf(call), call));

  const tellTurnout = async ({ proposalId, round, courtyardId }: Vote): Promise<void> => {
    const turnout = await count(proposalId, round);
    if (closed) return;
    tell.signal(
      "proposal.turnout",
      { proposalId, round, ...turnout },
      { courtyard: courtyardId, wall: courtyardId },
      courtyardId,
    );
  };

  const run = (vote: Vote): void => {
    const key = keyOf(vote);
    const state: { again: boolean; timer: NodeJS.Timeout | null } = { again: false, timer: null };
    busy.set(key, state);
    tellTurnout(vote)
      .catch((error: unknown) => {
        // The storage may be closed by now.
        if (!closed) onFault(error);
      })
      .finally(() => {
        if (closed) return;
        state.timer = setTimeout(() => {
          busy.delete(key);
          if (state.again) run(vote);
        }, turnoutEvery);
      });
  };

  return {
    counted: (vote) => {
      if (closed) return;
      const state = busy.get(keyOf(vote));
      if (state) state.again = true;
      else run(vote);
    },
    callLast: (vote, now) => {
      for (const [key, call] of calls) if (call.until <= now) calls.delete(key);
      const known = calls.get(keyOf(vote));
      const until = known?.until ?? now + lastCallLasts;
      if (!known) {
        calls.set(keyOf(vote), { ...vote, until });
        const { proposalId, round, courtyardId } = vote;
        tell.others("node.last-call", { proposalId, round, courtyardId, until }, courtyardId);
        tell.signal(
          "proposal.last-call",
          { proposalId, round, until },
          { courtyard: courtyardId, wall: courtyardId },
          courtyardId,
        );
      }
      return until;
    },
    lastCalls: (courtyardId, now) =>
      [...calls.values()]
        .filter((call) => call.courtyardId === courtyardId && call.until > now)
        .map(({ proposalId, round, until }) => ({ proposalId, round, until })),
    recount: async (open) => {
      for (const vote of open) await tellTurnout(vote);
    },
    close: () => {
      closed = true;
      for (const { timer } of busy.values()) if (timer) clearTimeout(timer);
      busy.clear();
    },
  };
}
