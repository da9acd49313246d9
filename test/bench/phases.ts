import { setTimeout as pause } from "node:timers/promises";
import { until } from "../services/until.ts";
import { countItems } from "./board.ts";
import { cpuTime, quantile } from "./measure.ts";
import { askForAll, haveNothing, kindOf, updateIn } from "./messages.ts";
import type { Seat } from "./peers/peer.ts";
import { openRawClient } from "./raw-client.ts";
import { openRoom, type Room } from "./room.ts";

/** All times in ms unless the name says otherwise. */
export interface JoinResult {
  p50: number;
  last: number;
  items: number;
}

/** All clients connect at once; a client has joined when the whole board has arrived. */
export async function measureJoin(seats: Seat[]): Promise<JoinResult> {
  const times: number[] = [];
  let board: Uint8Array | undefined;
  let broken: Error | undefined;
  const clients = await Promise.all(
    seats.map(async ({ url, headers }) => {
      const startedAt = performance.now();
      const client = await openRawClient(url, headers, {
        lost(reason) {
          broken = reason;
        },
        message(bytes, at) {
          if (kindOf(bytes) === "asks") queueMicrotask(() => client.send(haveNothing));
          if (kindOf(bytes) !== "answers") return;
          times.push(at - startedAt);
          board ??= Uint8Array.from(updateIn(bytes));
        },
      });
      client.send(askForAll);
      return client;
    }),
  );
  await until("every client has joined", () => broken || times.length === seats.length, 60_000);
  for (const client of clients) client.end();
  if (broken || !board) throw broken ?? new Error("nobody received the board");
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), last: quantile(times, 1), items: countItems(board) };
}

export interface PacedResult {
  edits: number;
  p50: number;
  p99: number;
  /** The server's CPU time for one edit delivered to one client, in µs; null where the system does not tell. */
  cpuPerDelivery: number | null;
}

/** Each writer edits `perSecond` times a second: what people feel while the server is not at its limit. */
export async function measurePaced(
  seats: Seat[],
  serverPid: number,
  perSecond: number,
  seconds: number,
): Promise<PacedResult> {
  let latencies: number[] = [];
  const room = await openRoom(seats, { seen: (latency) => latencies.push(latency) });
  try {
    await pace(room, perSecond, Math.min(1, seconds));
    await room.settle();
    latencies = [];
    const before = { edits: room.delivered(), cpu: cpuTime(serverPid) };
    await pace(room, perSecond, seconds);
    await room.settle();
    const after = cpuTime(serverPid);
    const edits = room.delivered() - before.edits;
    const sorted = Float64Array.from(latencies).sort();
    const cpu = before.cpu === undefined || after === undefined ? null : after - before.cpu;
    return {
      edits,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      cpuPerDelivery: cpu === null ? null : (cpu * 1000) / (edits * (seats.length - 1)),
    };
  } finally {
    room.close();
  }
}

async function pace(room: Room, perSecond: number, seconds: number): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds) * room.writers;
  const gap = 1000 / (perSecond * room.writers);
  for (let edit = 0; edit < total; edit++) {
    const wait = startedAt + edit * gap - performance.now();
    if (wait > 0) await pause(wait);
    room.edit(edit % room.writers);
  }
}

export interface SaturatedResult {
  editsPerSecond: number;
  /** Share of one core that the load generator used: near 1, the server could have done more. */
  generatorLoad: number;
}

/** Each writer keeps `inFlight` edits on their way: the next is sent when one has reached everybody. */
export async function measureSaturated(
  seats: Seat[],
  inFlight: number,
  seconds: number,
): Promise<SaturatedResult> {
  let writing = true;
  const room: Room = await openRoom(seats, {
    reachedAll(writer) {
      if (writing) room.edit(writer);
    },
  });
  try {
    for (let round = 0; round < inFlight; round++)
      for (let writer = 0; writer < room.writers; writer++) room.edit(writer);
    await pause(Math.min(1, seconds) * 1000);
    const before = { at: performance.now(), edits: room.delivered(), cpu: process.cpuUsage() };
    await pause(seconds * 1000);
    const elapsed = performance.now() - before.at;
    const cpu = process.cpuUsage(before.cpu);
    const edits = room.delivered() - before.edits;
    writing = false;
    await room.settle();
    return {
      editsPerSecond: (edits * 1000) / elapsed,
      generatorLoad: (cpu.user + cpu.system) / 1000 / elapsed,
    };
  } finally {
    writing = false;
    room.close();
  }
}
