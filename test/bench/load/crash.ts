import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../services/until.ts";
import type { Seat } from "../peers/peer.ts";
import { connectClient } from "./connect.ts";
import { type Markers, markersOf } from "./markers.ts";
import { actOnTime } from "./paced.ts";
import type { RawClient } from "./raw-client.ts";
import { readBoard } from "./read-board.ts";
import { scheduleOf } from "./schedule.ts";
import { createWriter } from "./writer.ts";

/** What was known of a server's edits when it was killed. */
export interface Known {
  markers: Markers;
  /** For each writer its highest edit that was acknowledged, and that another client has seen; -1 for none. */
  writers: { acked: number; seen: number }[];
}

let runs = 2_000_000;

/**
 * Lets writers write until the server is gone.
 * @param kill ends the server and starts it again, while the writers write
 */
export async function playUntilKilled(
  seats: readonly Seat[],
  perSecond: number,
  kill: () => Promise<void>,
): Promise<Known> {
  const run = ++runs;
  const markers = markersOf(run);
  const writers = seats.filter(({ writes }) => writes).map(() => ({ acked: -1, seen: -1 }));
  let gone = false;
  // Whole, and asked what it has: before that a server ignores what it writes, for its answer would hold it.
  const answered = new Set<number>();
  const asked = new Set<number>();
  /** For each client how many sync messages it has sent before its first edit, and how many were acknowledged. */
  const counts = seats.map(() => ({ before: 0, acked: 0 }));
  const clients: RawClient[] = await Promise.all(
    seats.map((seat, index) =>
      connectClient(
        seat,
        {
          lost() {
            gone = true;
          },
          message(kind, { payload }) {
            const count = counts[index];
            if (kind === "answers") answered.add(index);
            if (kind === "asks") asked.add(index);
            if (kind === "asks" && count) count.before++;
            if (kind === "acked" && count) {
              count.acked = seat.wire.ackedBy(payload, count.acked);
              const writer = writers[index];
              if (writer) writer.acked = Math.max(writer.acked, count.acked - count.before - 1);
            }
            markers.find(payload, (writer, number) => {
              const known = writers[writer];
              if (known && writer !== index) known.seen = Math.max(known.seen, number);
            });
          },
        },
        { keep: Number.POSITIVE_INFINITY },
      ),
    ),
  );
  await until("every client has joined", () => gone || answered.size + asked.size === 2 * seats.length);
  // A server may still ask for what a client has; that answer is a message too.
  await pause(50);
  const devices = writers.map((_, index) => createWriter(seats[index]?.cell ?? "", `crash${run}w${index}`));
  const sent = writers.map(() => 0);
  const killed = kill();
  await actOnTime(
    scheduleOf(writers.length, perSecond, 30, run),
    ({ writer }) => {
      const seat = seats[writer];
      const number = sent[writer] ?? 0;
      sent[writer] = number + 1;
      const update = devices[writer]?.write(markers.write(writer, number));
      if (seat && update) clients[writer]?.send(seat.wire.update(update));
    },
    () => !gone,
  );
  for (const client of clients) client.end();
  for (const device of devices) device.close();
  await killed;
  return { markers, writers };
}

/** For each writer the edit that the server still has, as somebody who comes now gets it; -1 for none. */
export async function readLast(seat: Seat, { markers, writers }: Known): Promise<number[]> {
  const last = writers.map(() => -1);
  for (const message of (await readBoard(seat)).messages) {
    markers.find(message, (writer, number) => {
      last[writer] = Math.max(last[writer] ?? -1, number);
    });
  }
  return last;
}
