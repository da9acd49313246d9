import { parentPort, workerData } from "node:worker_threads";
import { decodeTable } from "./decode.ts";
import { encodeTable } from "./encode.ts";
import type { Work } from "./work.ts";

const work = workerData as Work;
const result =
  work.task === "read"
    ? await decodeTable(Buffer.from(work.bytes))
    : await encodeTable(work.table, work.format);
parentPort?.postMessage(result);
