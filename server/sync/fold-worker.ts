import { flushCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import { type FoldReply, type FoldRequest, foldNow } from "./fold.ts";

parentPort?.on("message", ({ id, parts, expected }: FoldRequest) => {
  let state: Uint8Array | null = null;
  try {
    state = foldNow(parts, expected);
  } catch {
    // What cannot be read at all does not make the document either.
  }
  const reply: FoldReply = { id, state };
  parentPort?.postMessage(reply);
});

// Each thread keeps its own (see `serve`).
flushCompileCache();
