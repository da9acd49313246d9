import { Worker } from "node:worker_threads";
import * as Y from "yjs";

/** Answers whether `state` reads back as the document that `expected` (a Yjs snapshot) was taken of. */
export type SnapshotCheck = (state: Uint8Array, expected: Uint8Array) => Promise<boolean>;

/**
 * State vector and delete set say all: equal in both, two documents have the same structs alive.
 * Puts a whole document together, which takes a large board a quarter of a second.
 */
export function readsBackAs(state: Uint8Array, expected: Uint8Array): boolean {
  const copy = new Y.Doc();
  try {
    Y.applyUpdate(copy, state);
    if (copy.store.pendingStructs !== null || copy.store.pendingDs !== null) return false;
    return Y.equalSnapshots(Y.snapshot(copy), Y.decodeSnapshot(expected));
  } finally {
    copy.destroy();
  }
}

export interface CheckRequest {
  id: number;
  state: Uint8Array;
  expected: Uint8Array;
}
export interface CheckReply {
  id: number;
  same: boolean;
}

/** The same on a thread of its own, started when it is first needed, so that no socket waits for it. */
export function createSnapshotChecker(): { check: SnapshotCheck; close(): Promise<void> } {
  const waiting = new Map<number, { resolve(same: boolean): void; reject(error: Error): void }>();
  let worker: Worker | null = null;
  let nextId = 1;

  const start = (): Worker => {
    const started = new Worker(new URL("./snapshot-worker.ts", import.meta.url));
    started.unref();
    started.on("message", ({ id, same }: CheckReply) => {
      waiting.get(id)?.resolve(same);
      waiting.delete(id);
    });
    const ended = (error: Error) => {
      if (worker === started) worker = null;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on("error", (error) => ended(error as Error));
    started.on("exit", () => ended(new Error("the checking thread has ended")));
    return started;
  };

  return {
    check: (state, expected) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        const request: CheckRequest = { id: nextId++, state, expected };
        waiting.set(request.id, { resolve, reject });
        worker.postMessage(request);
      }),
    close: async () => {
      await worker?.terminate();
    },
  };
}
