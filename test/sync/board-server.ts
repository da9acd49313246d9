import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { withSharedFrames } from "../../server/sockets/shared-frames.ts";
import type { BoardSocket } from "../../server/sync/peer.ts";
import type { BoardAccess, BoardBus, BoardWriter } from "../../server/sync/ports.ts";
import type { Renew } from "../../server/sync/renewal.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import type { RoomSettings } from "../../server/sync/settings.ts";
import type { Timers } from "../../server/sync/timers.ts";
import type { Turns } from "../../server/turns.ts";
import { residentOf, steward, viewer } from "./guarded-board.ts";
import { MemoryStore } from "./memory-store.ts";

export function writerOf(residentId: string, householdId: string | null): BoardWriter {
  return { residentId, displayName: `名${residentId}`, householdId, door: householdId };
}

/** Who may come: `?as=` names one of these. */
const people: Record<string, { writer: BoardWriter | null; access: BoardAccess }> = {
  r1: { writer: writerOf("r1", "h1"), access: residentOf("h1") },
  r1b: { writer: writerOf("r1b", "h1"), access: residentOf("h1") },
  r2: { writer: writerOf("r2", "h2"), access: residentOf("h2") },
  r3: { writer: writerOf("r3", "h3"), access: residentOf("h3") },
  steward: { writer: writerOf("steward", "h9"), access: steward },
  guest: { writer: writerOf("guest", "h8"), access: viewer },
  kiosk: { writer: null, access: viewer },
};

export type BoardServer = {
  url: string;
  store: MemoryStore;
  rooms: Rooms;
  reports: { what: string; error: unknown }[];
  /** Sockets as the server holds them, newest last. */
  sockets: WebSocket[];
  close(): Promise<void>;
};

export type BoardServerOptions = {
  store?: MemoryStore;
  settings?: Partial<RoomSettings>;
  timers?: Timers;
  turns?: Turns;
  newClientId?: () => number;
  bus?: BoardBus;
  renew?: Renew;
  /** Lets a test stand between the room and a real socket. */
  wrap?: (socket: WebSocket) => BoardSocket;
};

/** A real server on a real port with the rooms behind it and nothing else. */
export async function startBoardServer(options: BoardServerOptions = {}): Promise<BoardServer> {
  const store = options.store ?? new MemoryStore();
  if (store.boards.size === 0) store.addBoard("b1");
  const reports: BoardServer["reports"] = [];
  const rooms = new Rooms({
    store,
    settings: { tickMs: 1, presenceMs: 5, staleCheckMs: 5, ...options.settings },
    report: (_, what, error) => reports.push({ what, error }),
    ...(options.timers ? { timers: options.timers } : {}),
    ...(options.newClientId ? { newClientId: options.newClientId } : {}),
    ...(options.turns ? { turns: options.turns } : {}),
    ...(options.bus ? { bus: options.bus } : {}),
    ...(options.renew ? { renew: options.renew } : {}),
  });
  const http = createServer();
  const sockets: WebSocket[] = [];
  const wss = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 8 * 1024 * 1024 });
  wss.on("connection", (socket, request) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const person = people[url.searchParams.get("as") ?? ""] ?? people.guest;
    sockets.push(socket);
    if (person === undefined) return;
    const wrapped: BoardSocket = options.wrap?.(socket) ?? withSharedFrames(socket);
    rooms.accept(wrapped, {
      boardId: url.pathname.split("/").at(-1) ?? "",
      ...person,
      wantsSaved: url.searchParams.get("saved") === "1",
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/yjs`,
    store,
    rooms,
    reports,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => wss.close(resolve));
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
