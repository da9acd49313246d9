import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Redis, startRedis } from "../../services/redis.ts";
import { makeScratch } from "../../services/scratch.ts";
import type { BuiltBoard } from "../board.ts";
import { hocuspocusWire } from "../load/wire.ts";
import { type Launched, launch } from "./launch.ts";
import type { Peer, RunningPeer, Setup } from "./peer.ts";
import { countCommands } from "./redis-commands.ts";
import { buildBoards, documentAt, householdAt, writeSeeds } from "./seed-files.ts";

const PROGRAM = "hocuspocus-process.ts";

export const hocuspocus: Peer = {
  id: "hocuspocus",
  name: "Hocuspocus 4.7.0",
  promise: "in memory: an edit is told to others at once and is gone with the process",
  async start(setup) {
    return startWith(setup, await makeScratch("hocuspocus"), inMemory);
  },
};

export const hocuspocusSqlite: Peer = {
  id: "hocuspocus-sqlite",
  name: "Hocuspocus 4.7.0, SQLite",
  promise: "an edit is told to others and acknowledged at once; the whole document is stored 2 to 10 s later",
  async start(setup) {
    return startWith(setup, await makeScratch("hocuspocus"), async (folder, boards) => {
      const file = join(folder, "documents.sqlite");
      const database = new DatabaseSync(file);
      database.exec(
        'CREATE TABLE "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))',
      );
      const insert = database.prepare('INSERT INTO "documents" ("name", "data") VALUES (?, ?)');
      for (const [index, { update }] of boards.entries()) insert.run(documentAt(index), update);
      database.close();
      return { DATABASE: file };
    });
  },
};

/** Several nodes, in memory, with @hocuspocus/extension-redis between them. */
export const hocuspocusRedis: Peer = {
  id: "hocuspocus-redis",
  name: "Hocuspocus 4.7.0, Redis",
  promise: "in memory on each node; nodes tell one another through Redis",
  async start(setup) {
    const redis = await startRedis();
    return startWith(
      { nodes: 2, ...setup },
      await makeScratch("hocuspocus"),
      async (folder, boards) => ({ ...(await inMemory(folder, boards)), REDIS_PORT: String(redis.port) }),
      redis,
    );
  },
};

async function inMemory(folder: string, boards: BuiltBoard[]): Promise<Record<string, string>> {
  await writeSeeds(folder, boards);
  return { SEEDS: folder };
}

async function startWith(
  setup: Setup,
  folder: string,
  seed: (folder: string, boards: BuiltBoard[]) => Promise<Record<string, string>>,
  redis?: Redis,
): Promise<RunningPeer> {
  const boards = buildBoards(setup);
  const env = await seed(folder, boards);
  const startAll = async () => {
    const started: Launched[] = [];
    for (let node = 0; node < (setup.nodes ?? 1); node++) started.push(await launch(PROGRAM, env));
    return started;
  };
  let nodes = await startAll();
  const stopAll = (signal: NodeJS.Signals) => Promise.all(nodes.map((node) => node.stop(signal, 15_000)));
  return {
    pids: () => nodes.map(({ pid }) => pid),
    seats: (board, clients, { writers = 0, node = 0, from = 0 } = {}) =>
      Array.from({ length: clients }, (_, index) => ({
        url: `ws://127.0.0.1:${nodes[node]?.port}/`,
        headers: {},
        wire: hocuspocusWire(documentAt(board)),
        board,
        cell: householdAt(from + index),
        writes: index < writers,
      })),
    async restart(signal) {
      await stopAll(signal);
      nodes = await startAll();
    },
    ...(redis && { redisCommands: () => countCommands(redis.url) }),
    async stop() {
      await stopAll("SIGKILL");
      await redis?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
