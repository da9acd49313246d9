import { Worker } from "node:worker_threads";
import { importLimits } from "../../../shared/community/import-plan-table.ts";
import type { Decoded } from "./decode.ts";

/** Reads uploaded tables away from the thread that serves everyone else. */
export interface TableReader {
  /** What {@link decodeTable} answers, or a refusal when it took too long or too much memory. */
  read(bytes: Uint8Array): Promise<Decoded>;
  /** Ends the reading under way; files that wait are refused. */
  close(): Promise<void>;
}

export interface TableReaderOptions {
  /** Milliseconds one file may take. */
  deadline?: number;
  /** Megabytes of heap one file may take. */
  heapMb?: number;
}

/**
 * One file at a time, each in a thread of its own with a bounded heap: a spreadsheet of a few kilobytes can ask for
 * gigabytes (a cell in the last column of every row), and even an honest one takes a second of work.
 */
export function createTableReader({ deadline = 20_000, heapMb = 384 }: TableReaderOptions = {}): TableReader {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let working: Worker | undefined;

  const readNow = (bytes: Uint8Array): Promise<Decoded> => {
    if (closed) return Promise.resolve(tooLong);
    const worker = new Worker(new URL("./decode-worker.ts", import.meta.url), {
      workerData: bytes,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    working = worker;
    const timer = setTimeout(() => void worker.terminate(), deadline);
    return new Promise<Decoded>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(tooLarge);
        else reject(error);
      });
      worker.once("exit", () => resolve(tooLong));
    }).finally(() => {
      clearTimeout(timer);
      working = undefined;
    });
  };

  return {
    read(bytes) {
      const reading = last.then(() => readNow(bytes));
      last = reading.catch(() => undefined);
      return reading;
    },
    async close() {
      closed = true;
      await working?.terminate();
      await last;
    },
  };
}

const tooLong: Decoded = { ok: false, refusal: { code: "file-took-too-long" } };
const tooLarge: Decoded = {
  ok: false,
  refusal: { code: "file-too-large", params: { most: importLimits.unpackedBytes } },
};
