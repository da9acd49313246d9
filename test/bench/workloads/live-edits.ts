import { openRoom, type Played } from "../load/room.ts";
import { collectGarbage } from "../measure.ts";
import type { RunningPeer, Seat } from "../peers/peer.ts";
import type { Outcome, Values } from "./workload.ts";

/** On one board, every edit is looked for by about so many clients; the rest are checked at the end. */
const WATCHERS = 50;
/** A share of its core at which the load generator is the limit. */
const BUSY = 0.95;
/** ms by which edits may be sent late before it is said. */
const LATE = 20;
/**
 * Seconds of warming up at most: what a compiler does at first is not what a server does all day. Long enough for the first
 * folding of a busy board's log, for which a thread is started; those that follow are measured.
 */
const WARM_UP = 14;
/** The same where CPU is held against a peer's: half a minute in, V8 has compiled most of what runs a few hundred times a second. */
export const LONG_WARM_UP = 30;

export interface LiveLoad {
  /** Edits a second of each writer. */
  perSecond: number;
  seconds: number;
  /** Seconds of warming up; without it twice `seconds`, and no more than 14. */
  warmUp?: number;
  /** Whether clients that nobody watches read by turns, for more of them than the load generator can read at once. */
  restByTurns?: boolean;
}

/** Opens the seats, lets the writers warm the server up, and measures. */
export async function playLive(running: RunningPeer, seats: Seat[], load: LiveLoad): Promise<Played> {
  const oneBoard = seats.every(({ board }) => board === seats[0]?.board);
  const watchers = oneBoard ? Math.min(WATCHERS, seats.length) : seats.length;
  const { restByTurns = false, warmUp = Math.min(WARM_UP, load.seconds * 2) } = load;
  const room = await openRoom(seats, { watchers, restByTurns, pids: running.pids() });
  try {
    await room.play({ ...load, seconds: warmUp });
    collectGarbage();
    return await room.play(load);
  } finally {
    room.close();
  }
}

/** What most workloads tell of a play; CPU in µs for one edit delivered to one client. */
export function valuesOf({ cpu, deliveries, p50, p99, lost, generatorLoad }: Played): Values {
  return { cpu: (cpu * 1000) / deliveries, p50, p99, lost, generator: generatorLoad * 100 };
}

export function notesOf({ late, generatorLoad }: Played): string[] {
  const share = Math.round(generatorLoad * 100);
  if (generatorLoad > BUSY) return [`the load generator was the limit, with ${share} % of its core`];
  if (late <= LATE) return [];
  return [`the machine was busy with other things: edits were sent up to ${late.toFixed(0)} ms late`];
}

export function outcomeOf(played: Played): Outcome {
  return { values: valuesOf(played), notes: notesOf(played) };
}
