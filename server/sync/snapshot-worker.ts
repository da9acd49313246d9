import { flushCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import { type CheckReply, type CheckRequest, readsBackAs } from "./snapshot-check.ts";

parentPort?.on("message", ({ id, state, expected }: CheckRequest) => {
  let same = false;
  try {
    same = readsBackAs(state, expected);
  } catch {
    // What cannot be read at all does not read back either.
  }
  const reply: CheckReply = { id, same };
  parentPort?.postMessage(reply);
});

// Each thread keeps its own (see `serve`).
flushCompileCache();
