import { collectGarbage } from "./measure.ts";
import { peerOf } from "./peers/all.ts";
import { LOAD_CORE, pin } from "./pin.ts";
import { workloadOf } from "./workloads/all.ts";
import type { Outcome, Scale, Settings } from "./workloads/workload.ts";

/** One workload against one server, once: in a process of its own, with a heap that no other run has filled. */
export interface CellOrder {
  workload: string;
  peer: string;
  scale: Scale;
  settings: Settings;
}

export type CellAnswer = { outcome: Outcome } | { error: string };

async function carryOut({ workload, peer, scale, settings }: CellOrder): Promise<CellAnswer> {
  try {
    pin(process.pid, LOAD_CORE);
    collectGarbage();
    return { outcome: await workloadOf(workload).run(peerOf(peer), scale, settings) };
  } catch (error) {
    return { error: explain(error) };
  }
}

/** With what caused it: "the server is not ready" alone does not say that a setting was refused. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}

process.once("message", (order: CellOrder) => {
  carryOut(order).then((answer) => process.send?.(answer, () => process.exit()));
});
