import { rm } from "node:fs/promises";
import { savedParameter } from "../../../shared/wire/yjs-messages.ts";
import { type ServerProcess, serverProcess } from "../../server/seeded.ts";
import { bearer } from "../../server/yard.ts";
import { startPostgres } from "../../services/postgres.ts";
import type { Service } from "../../services/process.ts";
import { startRedis } from "../../services/redis.ts";
import { makeScratch } from "../../services/scratch.ts";
import { yWire } from "../load/wire.ts";
import { pin, SERVER_CORE } from "../pin.ts";
import type { Peer, RunningPeer, Setup } from "./peer.ts";
import { countCommands } from "./redis-commands.ts";
import { seedYuanba, type Where } from "./yuanba-seed.ts";

/** Limits of one socket and one address, out of the way of one machine that plays a whole courtyard. */
const raised = {
  BOARD_MESSAGES_PER_SECOND: "100000",
  MAX_CONNECTIONS: "20000",
  MAX_CONNECTIONS_PER_ADDRESS: "20000",
  BOARD_MAX_PEERS: "5000",
};

/**
 * This server as shipped, on the embedded database; only the limits of a socket and an address are raised. Every client asks
 * to be told "saved", as the pages do.
 */
export const yuanba: Peer = {
  id: "ours",
  name: "Yuanba",
  promise: "authenticated, every edit checked, on disk (SQLite, synchronous=FULL) before anyone sees it",
  async start(setup) {
    const dataDir = await makeScratch("bench");
    return startOn({ dataDir }, setup, {}, async () => {});
  },
};

/** Two nodes on one PostgreSQL, which flushes each commit, with a Redis between them. */
export const yuanbaNodes: Peer = {
  id: "ours-nodes",
  name: "Yuanba, two nodes",
  promise: "authenticated, every edit checked, on disk (PostgreSQL) before anyone sees it on any node",
  async start(setup) {
    const dataDir = await makeScratch("bench");
    const postgres = await startPostgres({ durable: true });
    const redis = await startRedis();
    const stopServices = async () => {
      await redis.stop();
      await postgres.stop();
    };
    try {
      const running = await startOn(
        { dataDir, databaseUrl: postgres.url },
        { nodes: 2, ...setup },
        { REDIS_URL: redis.url },
        stopServices,
      );
      return { ...running, redisCommands: () => countCommands(redis.url) };
    } catch (error) {
      await stopServices();
      throw error;
    }
  },
};

async function startOn(
  where: Where,
  setup: Setup,
  env: Record<string, string>,
  stopServices: () => Promise<void>,
): Promise<RunningPeer> {
  const boards = await seedYuanba(where, setup);
  const servers: ServerProcess[] = [];
  for (let node = 0; node < (setup.nodes ?? 1); node++)
    servers.push(await serverProcess(where, { ...raised, ...env, ...setup.env }));
  let services: Service[] = [];
  const startAll = async () => {
    services = [];
    for (const server of servers) {
      const service = await server.start();
      services.push(service);
      pin(service.pid, SERVER_CORE);
    }
  };
  const stopAll = (signal: NodeJS.Signals) => Promise.all(services.map((each) => each.stop(signal, 20_000)));
  await startAll();
  const boardAt = (board: number) => {
    const found = boards[board];
    if (!found) throw new Error(`there is no board ${board}`);
    return found;
  };
  return {
    pids: () => services.map(({ pid }) => pid),
    seats: (board, clients, { writers = 0, node = 0, from = 0 } = {}) =>
      Array.from({ length: clients }, (_, index) => {
        const { boardId, households } = boardAt(board);
        const household = households[from + index];
        if (!household) throw new Error(`board ${board} has no household ${from + index}`);
        return {
          url: `${servers[node]?.wsUrl}/yjs/${boardId}?${savedParameter}=1`,
          headers: bearer(household.token),
          wire: yWire,
          board,
          cell: household.householdId,
          writes: index < writers,
        };
      }),
    async restart(signal) {
      await stopAll(signal);
      await startAll();
    },
    async stop() {
      await stopAll("SIGKILL");
      await stopServices();
      await rm(where.dataDir, { recursive: true, force: true });
    },
  };
}
