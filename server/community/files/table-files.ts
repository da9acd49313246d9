import { Worker } from "node:worker_threads";
import type { Table } from "../../../shared/community/export.ts";
import { importLimits } from "../../../shared/community/import-plan-table.ts";
import { Refusal } from "../../refusal.ts";
import type { Decoded } from "./decode.ts";
import type { TableFile } from "./encode.ts";
import type { Work } from "./work.ts";

/** Files at work or waiting for their turn; each holds its bytes in memory. */
export const mostTableFiles = 24;

/**
 * Reads and writes tables away from the thread that serves everyone else. Both reject with a Refusal
 * `rate-limited` when too many files wait.
 */
export interface TableFiles {
  /** What `decodeTable` answers, or a refusal when the file took too long or too much memory. */
  read(bytes: Uint8Array): Promise<Decoded>;
  /** What `encodeTable` answers. Rejects when the thread was ended. */
  write(table: Table, format: "csv" | "xlsx"): Promise<TableFile>;
  /** Ends the work under way; what waits is not begun. */
  close(): Promise<void>;
}

export interface TableFilesOptions {
  /** Milliseconds one file may take. */
  deadline?: number;
  /** Megabytes of heap one file may take. */
  heapMb?: number;
}

type Outcome = { done: unknown } | { ended: "memory" | "time" };

/**
 * One file at a time, each in a thread of its own with a bounded heap: a spreadsheet of a few kilobytes can ask for
 * gigabytes (a cell in the last column of every row), and even an honest one takes a second of work.
 */
export function createTableFiles({ deadline = 20_000, heapMb = 384 }: TableFilesOptions = {}): TableFiles {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let taken = 0;
  let working: Worker | undefined;

  const start = (work: Work): Promise<Outcome> => {
    if (closed) return Promise.resolve({ ended: "time" });
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    working = worker;
    const timer = setTimeout(() => void worker.terminate(), deadline);
    return new Promise<Outcome>((resolve, reject) => {
      worker.once("message", (done: unknown) => resolve({ done }));
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve({ ended: "memory" });
        else reject(error);
      });
      worker.once("exit", () => resolve({ ended: "time" }));
    }).finally(() => {
      clearTimeout(timer);
      working = undefined;
    });
  };

  const inTurn = async (work: Work): Promise<Outcome> => {
    if (taken >= mostTableFiles) {
      throw new Refusal("rate-limited", "Too many tables at once.", { seconds: 10 });
    }
    taken += 1;
    const outcome = last
      .then(() => start(work))
      .finally(() => {
        taken -= 1;
      });
    last = outcome.catch(() => undefined);
    return outcome;
  };

  return {
    async read(bytes) {
      const outcome = await inTurn({ task: "read", bytes });
      if ("done" in outcome) return outcome.done as Decoded;
      return outcome.ended === "memory" ? tooLarge : tookTooLong;
    },
    async write(table, format) {
      const outcome = await inTurn({ task: "write", table, format });
      if (!("done" in outcome)) throw new Error(`Writing a table ended: ${outcome.ended}`);
      const file = outcome.done as TableFile;
      return { ...file, bytes: Buffer.from(file.bytes) };
    },
    async close() {
      closed = true;
      await working?.terminate();
      await last;
    },
  };
}

const tookTooLong: Decoded = { ok: false, refusal: { code: "file-took-too-long" } };
const tooLarge: Decoded = {
  ok: false,
  refusal: { code: "file-too-large", params: { most: importLimits.unpackedBytes } },
};
