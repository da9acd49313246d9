import { Worker } from "node:worker_threads";
import * as Y from "yjs";

/**
 * The board that these parts of it make together, as one update that reads back the same; null when they do not make
 * the document that `expected` (a Yjs snapshot) was taken of.
 */
export type Fold = (parts: readonly Uint8Array[], expected: Uint8Array) => Promise<Uint8Array | null>;

/** The same on the spot. Puts the whole document together twice, which takes a large board a quarter of a second. */
export function foldNow(parts: readonly Uint8Array[], expected: Uint8Array): Uint8Array | null {
  const state = encodedIfEqual(parts, expected);
  return state !== null && encodedIfEqual([state], expected) !== null ? state : null;
}

/** State vector and delete set say all: equal in both, two documents have the same structs alive. */
function encodedIfEqual(parts: readonly Uint8Array[], expected: Uint8Array): Uint8Array | null {
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      for (const part of parts) Y.applyUpdate(doc, part);
    });
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return null;
    if (!Y.equalSnapshots(Y.snapshot(doc), Y.decodeSnapshot(expected))) return null;
    return Y.encodeStateAsUpdate(doc);
  } finally {
    doc.destroy();
  }
}

export interface FoldRequest {
  id: number;
  parts: readonly Uint8Array[];
  expected: Uint8Array;
}
export interface FoldReply {
  id: number;
  state: Uint8Array | null;
}

/** Folds on a thread of its own, started when it is first needed, so that no socket waits for it. */
export function createFolder(): { fold: Fold; close(): Promise<void> } {
  const waiting = new Map<number, { resolve(state: Uint8Array | null): void; reject(error: Error): void }>();
  let worker: Worker | null = null;
  let nextId = 1;

  const start = (): Worker => {
    const started = new Worker(new URL("./fold-worker.ts", import.meta.url));
    started.unref();
    started.on("message", ({ id, state }: FoldReply) => {
      waiting.get(id)?.resolve(state);
      waiting.delete(id);
    });
    const ended = (error: Error) => {
      if (worker === started) worker = null;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on("error", (error) => ended(error as Error));
    started.on("exit", () => ended(new Error("the folding thread has ended")));
    return started;
  };

  return {
    fold: (parts, expected) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        const request: FoldRequest = { id: nextId++, parts, expected };
        waiting.set(request.id, { resolve, reject });
        worker.postMessage(request);
      }),
    close: async () => {
      await worker?.terminate();
    },
  };
}
