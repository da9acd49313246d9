import { systemTimers, type Timer, type Timers } from "../sync/timers.ts";
import type { Bus } from "./bus.ts";

/**
 * Milliseconds between two looks at the log: while the bus works, and while it cannot be trusted. It may work here and
 * not for the node that has something to tell, which is then heard of within two seconds all the same.
 */
export const followEvery = { trusted: 1_500, alone: 1_000 };

/** Something that hears of other nodes over the bus and can look up in the database what it missed. */
export type CatchUp = () => Promise<void>;

/**
 * Keeps a node level with the others whatever the bus does: looks into the log from time to time, more often while
 * the bus cannot be trusted, and once when it is back.
 * @param always what may miss a word on a bus that works, and is asked every time
 * @param afterTrouble what is asked only when the bus was away
 */
export function followOthers(deps: {
  bus: Bus;
  always: readonly CatchUp[];
  afterTrouble: readonly CatchUp[];
  onFault(error: unknown): void;
  timers?: Timers;
}): { close(): void } {
  const { bus, always, afterTrouble, onFault, timers = systemTimers } = deps;
  let timer: Timer | undefined;
  let closed = false;

  const look = async (what: readonly CatchUp[]): Promise<void> => {
    for (const catchUp of what) await catchUp().catch(onFault);
  };
  const wait = (): void => {
    if (closed) return;
    timer = timers.after(intervalOf(bus), () => {
      look(bus.healthy() ? always : [...always, ...afterTrouble]).finally(wait);
    });
  };
  bus.onBack(() => void look([...always, ...afterTrouble]));
  wait();
  return {
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}

export const intervalOf = (bus: Bus): number => (bus.healthy() ? followEvery.trusted : followEvery.alone);
