import { fork } from "node:child_process";
import { join } from "node:path";
import type { Answer, Order, Result } from "./generator.ts";
import type { Peer } from "./peers/peer.ts";

export interface Load {
  joiningClients: number;
  liveClients: number;
  writers: number;
  /** Length of the paced and of the saturated part, each. */
  seconds: number;
  /** Edits a second of each writer in the paced part. */
  perSecond: number;
  /** Edits of each writer that are on their way in the saturated part. */
  inFlight: number;
}

/** A round that takes longer than its parts and their waits can is stuck. */
const LONGEST_ROUND = 5 * 60_000;

/** Starts a peer, loads it from another process, and stops it. */
export async function runRound(peer: Peer, load: Load): Promise<Result> {
  const running = await peer.start();
  try {
    const { seconds, perSecond, inFlight } = load;
    const live = await running.seats(load.liveClients, load.writers);
    const joining = await running.seats(load.joiningClients, 0);
    return await generate({ serverPid: running.pid, joining, live, seconds, perSecond, inFlight });
  } finally {
    await running.stop();
  }
}

function generate(order: Order): Promise<Result> {
  const child = fork(join(import.meta.dirname, "generator.ts"));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the load generator is stuck for ${LONGEST_ROUND} ms`));
    }, LONGEST_ROUND);
    child.once("message", (answer: Answer) => {
      if ("result" in answer) resolve(answer.result);
      else reject(new Error(answer.error));
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the load generator ended with ${code ?? signal}`));
    });
    child.send(order);
  });
}
