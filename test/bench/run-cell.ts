import { fork } from "node:child_process";
import { join } from "node:path";
import type { CellAnswer, CellOrder } from "./cell.ts";
import type { Outcome } from "./workloads/workload.ts";

/** A run that takes longer, in ms, is stuck. The longest kills a server a hundred times. */
const LONGEST = 45 * 60_000;

/** Carries out one workload against one server, once. @throws with the message of what went wrong there */
export function runCell(order: CellOrder): Promise<Outcome> {
  const child = fork(join(import.meta.dirname, "cell.ts"), {
    execArgv: ["--expose-gc", "--max-semi-space-size=32"],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`stuck for ${LONGEST} ms`));
    }, LONGEST);
    child.once("message", (answer: CellAnswer) => {
      if ("outcome" in answer) resolve(answer.outcome);
      else reject(new Error(answer.error));
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the load generator ended with ${code ?? signal}`));
    });
    child.send(order);
  });
}
