import { flushCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import { foldNow } from "./fold.ts";
import type { FolderReply, FolderRequest } from "./folder.ts";
import { renewNow } from "./renewal.ts";
import { stepBack } from "./step-back.ts";

stepBack();

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
