import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import * as Y from "yjs";
import { systemClock } from "../../server/clock.ts";
import { createBoardBus } from "../../server/fanout/board-bus.ts";
import { RedisBus } from "../../server/fanout/redis-bus.ts";
import { createRedisClients } from "../../server/fanout/redis-clients.ts";
import type { BoardSocket } from "../../server/sync/peer.ts";
import { type BoardBus, noBus } from "../../server/sync/ports.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { type RoomLimits, roomLimits } from "../../shared/board/limits.ts";
import { addItem } from "../../shared/board/rules.ts";
import { syncMessage } from "../../shared/wire/yjs-messages.ts";
import { testInstallation } from "../nodes/bus-stubs.ts";
import { until } from "../services/until.ts";
import { writerOf } from "../sync/board-server.ts";
import { draft, residentOf } from "../sync/guarded-board.ts";
import { MemoryStore } from "../sync/memory-store.ts";
import { answerQuestions } from "./control.ts";
import { awarenessMessage, syncMessageOf } from "./messages.ts";

/** A socket without a line: ten thousand real ones would measure the system and not the rooms. */
class HandSocket extends EventEmitter implements BoardSocket {
  readonly bufferedAmount = 0;
  sent = 0;
  send(): void {
    this.sent++;
  }
  close(): void {
    this.emit("close");
  }
  terminate(): void {
    this.emit("close");
  }
  ping(): void {}
}

const store = new MemoryStore();
store.shared = true;
const lines = { open: 0, opened: 0 };
/** A real one when there is a Redis. */
const url = process.env.REDIS_URL;
const told = url
  ? createBoardBus(
      new RedisBus(
        createRedisClients({ url, sentinels: null, cluster: null }),
        testInstallation(),
        "measured",
        systemClock,
        {
          warn: console.log,
          info: console.log,
        },
      ),
    )
  : noBus;
const bus: BoardBus = {
  ...told,
  open: (boardId, news) => {
    const line = told.open(boardId, news);
    lines.open++;
    lines.opened++;
    let open = true;
    return {
      ready: line.ready,
      close: () => {
        line.close();
        if (open) lines.open--;
        open = false;
      },
    };
  },
};
const limits = Object.fromEntries(
  Object.entries(roomLimits).map(([name, limit]) => [name, /(PerSecond|Burst)$/.test(name) ? 1e9 : limit]),
) as RoomLimits;
const rooms = new Rooms({
  store,
  bus,
  followEvery: () => 50,
  settings: { tickMs: 0, presenceMs: 1, idleMs: 2, limits },
});

const author = new Y.Doc();
addItem(author, "h1", "saw", draft("锯子"));
const written = Y.encodeStateAsUpdate(author);
const nothing = Uint8Array.of(0, 0);
const hello = [
  syncMessageOf(syncMessage.stepOne, Uint8Array.of(0)),
  syncMessageOf(syncMessage.stepTwo, nothing),
];

const comeIn = (boardId: string, residentId = "r1"): HandSocket => {
  const socket = new HandSocket();
  const writer = writerOf(residentId, "h1");
  rooms.accept(socket, { boardId, writer, access: residentOf("h1"), wantsSaved: true });
  for (const message of hello) socket.emit("message", Buffer.from(message), true);
  return socket;
};
const allClosed = () => until("every room has ended", () => rooms.counters.rooms === 0);

let boards = 0;
await answerQuestions({
  state: () => ({
    rooms: rooms.counters.rooms,
    peers: rooms.counters.peers,
    loads: rooms.counters.loads,
    ...lines,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }),
  /** Boards come up, are written to and shown on, and are left again. */
  openAndClose: async (count) => {
    const atOnce = 100;
    for (let done = 0; done < count; done += atOnce) {
      const names = Array.from({ length: atOnce }, () => `b${boards++}`);
      for (const name of names) store.addBoard(name);
      const sockets = names.map((name) => comeIn(name, `of-${name}`));
      for (const socket of sockets) {
        socket.emit("message", Buffer.from(syncMessageOf(syncMessage.update, written)), true);
        socket.emit("message", Buffer.from(awarenessMessage(7, 1, '{"here":true}')), true);
      }
      await until("all is committed", () => names.every((name) => store.changes(name).length > 0));
      for (const socket of sockets) socket.emit("close");
      await allClosed();
      for (const name of names) store.boards.delete(name);
    }
  },
  awareness: async (count) => {
    store.addBoard("lively");
    const [one, other] = [comeIn("lively"), comeIn("lively", "r2")];
    await until("both are in", () => one.sent > 0 && other.sent > 0);
    for (let clock = 1; clock <= count; clock++) {
      one.emit("message", Buffer.from(awarenessMessage(7, clock, `{"x":${clock}}`)), true);
      if (clock % 2_000 === 0) await turn();
    }
    const { sent } = other;
    one.emit("close");
    other.emit("close");
    await allClosed();
    store.boards.delete("lively");
    return sent;
  },
  /** @returns the most rooms there were at one time, of so many boards */
  storm: async (count) => {
    const names = Array.from({ length: 20 }, (_, at) => `storm${at}`);
    for (const name of names) store.addBoard(name);
    let [most, seed] = [0, 1];
    const chance = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    let inside: HandSocket[] = [];
    for (let join = 0; join < count; join++) {
      inside.push(comeIn(names[Math.floor(chance() * names.length)] ?? "storm0", `r${join % 500}`));
      if (chance() < 0.3 || inside.length > 200) {
        for (const socket of inside) socket.emit("close");
        inside = [];
      }
      if (chance() < 0.02) await turn();
      most = Math.max(most, rooms.counters.rooms);
    }
    for (const socket of inside) socket.emit("close");
    await allClosed();
    for (const name of names) store.boards.delete(name);
    return { most, boards: names.length };
  },
});
