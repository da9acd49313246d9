import { Worker } from "node:worker_threads";
import type { Fold } from "./fold.ts";
import type { Renew, Renewed } from "./renewal.ts";

/** What the folding thread is asked, and its answers: null when it cannot be done with these parts. */
export type FolderRequest = { id: number; parts: readonly Uint8Array[] } & (
  | { kind: "fold"; expected: Uint8Array }
  | { kind: "renew"; expected: Uint8Array | null; clientId: number }
);
export type FolderReply = { id: number } & (
  | { kind: "fold"; answer: Uint8Array | null }
  | { kind: "renew"; answer: Renewed | null }
);

type Waiting = { answered(reply: FolderReply): void; failed(error: Error): void };

/**
 * Folds and renews on a thread of its own, started when it is first needed, one board after the other. No socket waits
 * for it: what a question costs the main thread is the copying of the bytes, some milliseconds for the largest board.
 */
export function createFolder(): { fold: Fold; renew: Renew; close(): Promise<void> } {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let nextId = 1;

  const start = (): Worker => {
    const started = new Worker(new URL("./folder-worker.ts", import.meta.url));
    started.unref();
    started.on("message", (reply: FolderReply) => {
      waiting.get(reply.id)?.answered(reply);
      waiting.delete(reply.id);
    });
    const ended = (error: Error) => {
      // Its end is told twice, and another may have been started in between.
      if (worker !== started) return;
      worker = null;
      for (const { failed } of waiting.values()) failed(error);
      waiting.clear();
    };
    started.on("error", (error) => ended(error as Error));
    started.on("exit", () => ended(new Error("the folding thread has ended")));
    return started;
  };

  const ask = (request: FolderRequest, answered: Waiting["answered"], failed: Waiting["failed"]): void => {
    worker ??= start();
    waiting.set(request.id, { answered, failed });
    worker.postMessage(request);
  };

  return {
    fold: (parts, expected) =>
      new Promise((resolve, reject) => {
        const take = (reply: FolderReply) => resolve(reply.kind === "fold" ? reply.answer : null);
        ask({ kind: "fold", id: nextId++, parts, expected }, take, reject);
      }),
    renew: (parts, clientId, expected) =>
      new Promise((resolve, reject) => {
        const take = (reply: FolderReply) => resolve(reply.kind === "renew" ? reply.answer : null);
        ask({ kind: "renew", id: nextId++, parts, clientId, expected }, take, reject);
      }),
    close: async () => {
      await worker?.terminate();
    },
  };
}
