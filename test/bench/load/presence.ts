import { until } from "../../services/until.ts";
import { cpuTime } from "../measure.ts";
import type { Seat } from "../peers/peer.ts";
import { connectInGroups } from "./connect.ts";
import { watchEdits } from "./edit-watch.ts";
import { markersOf } from "./markers.ts";
import { actOnTime } from "./paced.ts";
import { LEAST_KEPT } from "./raw-client.ts";
import { randomFrom, scheduleOf } from "./schedule.ts";

export interface PresenceLoad {
  /** Clients that show where they are; the first of the seats. */
  moving: number;
  /** Changes a second of each. */
  perSecond: number;
  seconds: number;
}

/** Times in ms. */
export interface Moved {
  changes: number;
  /** Changes × other clients: what was offered, whether it came one by one or as the latest of several. */
  deliveries: number;
  cpu: number;
  elapsed: number;
  /** Pairs of a moving client and a viewer to whom its last change never came. */
  lost: number;
  bytes: number;
  frames: number;
  generatorLoad: number;
}

const LONGEST_WAIT = 60_000;

let runs = 1_000_000;

/** Clients look at one board, some of them move about in it, and everyone is shown where they are. */
export async function playPresence(
  seats: readonly Seat[],
  { moving, perSecond, seconds }: PresenceLoad,
  pids: readonly number[],
): Promise<Moved> {
  const markers = markersOf(++runs);
  const watch = watchEdits(seats.length, moving, markers, (mover, client) => mover === client);
  let listening = false;
  let broken: Error | undefined;
  const clients = await connectInGroups(seats, (index) => ({
    lost(reason) {
      broken ??= new Error(`client ${index} lost its connection: ${reason.message}`);
    },
    message(kind, frame, at) {
      if (listening && kind === "awareness") watch.hear(index, frame.payload, at);
    },
  }));
  const random = randomFrom(runs);
  const ids = Array.from({ length: moving }, () => 1 + Math.floor(random() * 0xffff_fff0));
  const clocks = ids.map(() => 0);
  const move = (mover: number) => {
    const seat = seats[mover];
    const clientId = ids[mover];
    if (!seat || clientId === undefined) throw new Error(`nobody is number ${mover}`);
    const clock = clocks[mover] ?? 0;
    clocks[mover] = clock + 1;
    watch.sending(mover);
    const state = {
      user: { name: `邻居 ${mover}` },
      at: { cell: seat.cell, mark: markers.write(mover, clock) },
    };
    clients[mover]?.send(seat.wire.presence(clientId, clock + 1, state));
  };
  const missing = () => {
    let pairs = 0;
    for (let mover = 0; mover < moving; mover++)
      for (let viewer = 0; viewer < seats.length; viewer++)
        if (viewer !== mover && watch.last(viewer, mover) < (clocks[mover] ?? 0) - 1) pairs++;
    return pairs;
  };
  /** Everyone moves once more, and everyone looks for it: what came before has gone out by then. */
  const settle = async () => {
    listening = true;
    for (const { reader } of clients) reader.keep = Number.POSITIVE_INFINITY;
    for (let mover = 0; mover < moving; mover++) move(mover);
    await until("everyone has seen the last change", () => broken || missing() === 0, LONGEST_WAIT).catch(
      () => {},
    );
    if (broken) throw broken;
    listening = false;
    for (const { reader } of clients) reader.keep = LEAST_KEPT;
  };
  const totals = () => ({
    at: performance.now(),
    cpu: cpuTime(pids),
    own: cpuTime([process.pid]),
    bytes: clients.reduce((sum, client) => sum + client.received(), 0),
    frames: clients.reduce((sum, { reader }) => sum + reader.frames, 0),
  });
  try {
    await settle();
    const before = totals();
    const turns = scheduleOf(moving, perSecond, seconds, runs);
    await actOnTime(
      turns,
      ({ writer }) => move(writer),
      () => !broken,
    );
    await settle();
    const after = totals();
    const changes = turns.length + moving;
    return {
      changes,
      deliveries: changes * (seats.length - 1),
      cpu: after.cpu - before.cpu,
      elapsed: after.at - before.at,
      lost: missing(),
      bytes: after.bytes - before.bytes,
      frames: after.frames - before.frames,
      generatorLoad: (after.own - before.own) / (after.at - before.at),
    };
  } finally {
    for (const client of clients) client.end();
  }
}
