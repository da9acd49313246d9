import { rm } from "node:fs/promises";
import { createBoardStore } from "../../../server/board/board-store.ts";
import { systemClock } from "../../../server/clock.ts";
import { openStorage } from "../../../server/storage/open.ts";
import { type Seeded, seedCourtyard, serverProcess } from "../../server/seeded.ts";
import { bearer } from "../../server/yard.ts";
import { makeScratch } from "../../services/scratch.ts";
import { benchHouseholds, boardOf800 } from "../board.ts";
import type { Peer } from "./peer.ts";

/** This server as shipped, on the embedded database; only the rate limit of a socket is raised for the load. */
export const yuanba: Peer = {
  name: "Yuanba",
  promise: "authenticated, every edit checked, on disk (SQLite, synchronous=FULL) before anyone sees it",
  async start() {
    const dataDir = await makeScratch("bench");
    const seeded = await seedCourtyard({ dataDir }, benchHouseholds);
    await fill(dataDir, seeded);
    const server = await serverProcess({ dataDir }, { BOARD_MESSAGES_PER_SECOND: "10000" });
    const service = await server.start();
    return {
      pid: service.pid,
      async seats(clients, writers) {
        return Array.from({ length: clients }, (_, index) => {
          const household = seeded.households[index % benchHouseholds];
          if (!household) throw new Error("no such household");
          return {
            url: `${server.wsUrl}/yjs/${seeded.boardId}`,
            headers: bearer(household.token),
            cell: index < writers ? household.householdId : null,
          };
        });
      },
      async stop() {
        await service.stop("SIGKILL");
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  },
};

async function fill(dataDir: string, { boardId, households }: Seeded): Promise<void> {
  const storage = await openStorage({ dataDir, databaseUrl: null, databaseConnections: 1 });
  const update = boardOf800((index) => households[index]?.householdId ?? "");
  const store = createBoardStore({ storage, clock: systemClock });
  await store.commit(boardId, { update, bindings: [], changes: [] });
  await storage.close();
}
