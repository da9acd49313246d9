import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { Turn } from "./schedule.ts";

/** Sent in one go before the event loop gets to read again. */
const MOST_AT_ONCE = 64;

/**
 * Acts at the times of a schedule, late rather than never.
 * @param going is asked before each act; false ends it early
 * @returns how late acts were, in ms: far above 1, the load generator was too slow for its load
 */
export async function actOnTime(
  turns: Turn[],
  act: (turn: Turn) => void,
  going: () => boolean = () => true,
): Promise<number[]> {
  const startedAt = performance.now();
  const late: number[] = [];
  let atOnce = 0;
  for (const turn of turns) {
    const wait = startedAt + turn.at - performance.now();
    if (wait > 0) {
      atOnce = 0;
      await pause(wait);
    } else if (++atOnce % MOST_AT_ONCE === 0) await nextTurn();
    if (!going()) break;
    late.push(performance.now() - startedAt - turn.at);
    act(turn);
  }
  return late;
}
