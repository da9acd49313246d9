import { afterRestart } from "./after-restart.ts";
import { growth } from "./growth.ts";
import { highestRate } from "./highest-rate.ts";
import { joining } from "./joining.ts";
import { kills } from "./kills.ts";
import { manyBoards } from "./many-boards.ts";
import { everyoneWrites, manyReaders } from "./one-board.ts";
import { ticks } from "./ticks.ts";
import { twoNodes } from "./two-nodes.ts";
import { whoIsHere } from "./who-is-here.ts";
import type { Workload } from "./workload.ts";

/** In the order of the page. */
export const allWorkloads: readonly Workload[] = [
  manyReaders,
  everyoneWrites,
  manyBoards,
  joining,
  afterRestart,
  highestRate,
  twoNodes,
  whoIsHere,
  kills,
  ...growth,
  ticks,
];

/** @throws for an id that no workload has */
export function workloadOf(id: string): Workload {
  const found = allWorkloads.find((workload) => workload.id === id);
  if (found) return found;
  throw new Error(`no workload is called ${id}; there are ${allWorkloads.map((each) => each.id).join(", ")}`);
}
