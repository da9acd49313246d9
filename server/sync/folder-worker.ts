import { flushCompileCache } from "node:module";
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { foldNow } from "./fold.ts";
import type { FolderReply, FolderRequest } from "./folder.ts";
import { renewNow } from "./renewal.ts";

// Everyone waits for the main thread, hardly anybody for this one. On Linux a thread has a priority of its own; elsewhere
// it would be the whole process's.
if (process.platform === "linux") setPriority(5);

function answerTo(request: FolderRequest): FolderReply {
  const { id, kind, parts } = request;
  try {
    if (kind === "fold") return { id, kind, answer: foldNow(parts, request.expected) };
    return { id, kind, answer: renewNow(parts, request.clientId, request.expected) };
  } catch {
    // What cannot be read at all does not make the document either.
    return { id, kind, answer: null };
  }
}

parentPort?.on("message", (request: FolderRequest) => parentPort?.postMessage(answerTo(request)));

// Each thread keeps its own (see `serve`).
flushCompileCache();
