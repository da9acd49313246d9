import { rm } from "node:fs/promises";
import { WebSocket } from "ws";
import { addItem } from "../../../shared/board/rules.ts";
import { openBoard } from "../../server/board-client.ts";
import { type Seeded, type SeededHousehold, seedCourtyard, serverProcess } from "../../server/seeded.ts";
import { bearer } from "../../server/yard.ts";
import { startPostgres } from "../../services/postgres.ts";
import { makeScratch } from "../../services/scratch.ts";
import { cpuOf, cpuOfTree } from "./cpu.ts";

/** CPU of both for one of the things done, µs. */
export interface Cost {
  node: number;
  database: number;
}

export interface Bed {
  url: string;
  wsUrl: string;
  /** One courtyard of many households, and many of few with a board of `itemsOfBoard` each. */
  courtyard: Seeded;
  others: readonly Seeded[];
  itemsOfBoard: number;
  /** What each of `count` things costs that `work` does. */
  during(count: number, work: () => Promise<void>): Promise<Cost>;
  close(): Promise<void>;
}

const households = 140;
const boards = 24;
const householdsOfBoard = 9;
const itemsOfCell = 60;

/** One node on a PostgreSQL that flushes its commits, with boards that have been written to through the front door. */
export async function openBed(): Promise<Bed> {
  const postgres = await startPostgres({ durable: true });
  const dataDir = await makeScratch("measure");
  const where = { dataDir, databaseUrl: postgres.url };
  const courtyard = await seedCourtyard(where, households);
  const others: Seeded[] = [];
  while (others.length < boards) others.push(await seedCourtyard(where, householdsOfBoard));
  const server = await serverProcess(where);
  let service = await server.start();
  for (const { boardId, households } of others)
    for (const household of households) await fillCell(server.wsUrl, boardId, household);
  // A fresh one, which has no board in memory yet.
  await service.stop();
  service = await server.start();
  return {
    url: server.url,
    wsUrl: server.wsUrl,
    courtyard,
    others,
    itemsOfBoard: householdsOfBoard * itemsOfCell,
    async during(count, work) {
      const before = { node: cpuOf(service.pid), database: cpuOfTree(postgres.pid) };
      await work();
      await settled();
      return {
        node: (cpuOf(service.pid) - before.node) / count,
        database: (cpuOfTree(postgres.pid) - before.database) / count,
      };
    },
    async close() {
      await service.stop("SIGKILL");
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What was begun may go on for a moment after its answer. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 500));

async function fillCell(wsUrl: string, boardId: string, { householdId, token }: SeededHousehold) {
  const { doc, provider, close } = await openBoard(wsUrl, boardId, token);
  doc.transact(() => {
    for (let index = 0; index < itemsOfCell; index++) {
      const note = index % 3 === 0 ? "周末在家，随时来拿" : "";
      addItem(doc, householdId, `item${index}`, { title: "螺丝刀", category: "tools", note, quantity: 1 });
    }
  });
  const check = await openBoard(wsUrl, boardId, token);
  while (check.doc.getMap(`cell:${householdId}`).size < itemsOfCell && provider.wsconnected) await settled();
  check.close();
  close();
}

/** A y-protocols sync step 1 and 2 of someone who has nothing: after them a peer is told what changes. */
const askForAll = Uint8Array.of(0, 0, 1, 0);
const haveNothing = Uint8Array.of(0, 1, 2, 0, 0);

/** Sockets that look at a board and throw away what they hear, so that the load costs this process little. */
export async function openWatchers(wsUrl: string, seats: readonly { boardId: string; token: string }[]) {
  const sockets = await Promise.all(
    seats.map(({ boardId, token }) => {
      const socket = new WebSocket(`${wsUrl}/yjs/${boardId}`, { headers: bearer(token) });
      return new Promise<WebSocket>((resolve, reject) => {
        // The board's first message comes when it is loaded.
        socket.once("message", () => {
          socket.send(askForAll);
          socket.send(haveNothing);
          resolve(socket);
        });
        socket.once("error", reject);
        socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
      });
    }),
  );
  return { close: () => sockets.forEach((socket) => void socket.terminate()) };
}
