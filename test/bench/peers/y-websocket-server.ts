import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeScratch } from "../../services/scratch.ts";
import { yWire } from "../load/wire.ts";
import { launch } from "./launch.ts";
import type { Peer, RunningPeer, Setup } from "./peer.ts";
import { buildBoards, documentAt, householdAt, writeSeeds } from "./seed-files.ts";

const PROGRAM = "y-websocket-server-process.ts";

/** The server that the authors of Yjs publish beside y-websocket, with the `ws` of this project under it. */
export const yWebsocketServer: Peer = {
  id: "y-websocket-server",
  name: "@y/websocket-server 0.1.1",
  promise: "in memory: an edit is told to others at once and is gone with the process",
  start: (setup) => startIn(setup, () => ({})),
};

/** The same with the persistence of its own, y-leveldb. */
export const yWebsocketServerLevel: Peer = {
  id: "y-websocket-server-leveldb",
  name: "@y/websocket-server 0.1.1, LevelDB",
  promise:
    "an edit is told to others at once and handed to LevelDB, which leaves it to the system when to write",
  start: (setup) => startIn(setup, (folder) => ({ YPERSISTENCE: join(folder, "level") })),
};

async function startIn(
  setup: Setup,
  settings: (folder: string) => Record<string, string>,
): Promise<RunningPeer> {
  const folder = await makeScratch("y-websocket");
  const boards = buildBoards(setup);
  await writeSeeds(folder, boards);
  let server = await launch(PROGRAM, { ...settings(folder), SEEDS: folder });
  return {
    pids: () => [server.pid],
    seats: (board, clients, { writers = 0, from = 0 } = {}) =>
      Array.from({ length: clients }, (_, index) => ({
        url: `ws://127.0.0.1:${server.port}/${documentAt(board)}`,
        headers: {},
        wire: yWire,
        board,
        cell: householdAt(from + index),
        writes: index < writers,
      })),
    async restart(signal) {
      await server.stop(signal);
      server = await launch(PROGRAM, settings(folder));
    },
    async stop() {
      await server.stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
