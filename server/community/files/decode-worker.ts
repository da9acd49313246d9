import { parentPort, workerData } from "node:worker_threads";
import { decodeTable } from "./decode.ts";

parentPort?.postMessage(await decodeTable(Buffer.from(workerData)));
