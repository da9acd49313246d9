import { until } from "../../services/until.ts";
import { cpuTime, quantile, sorted } from "../measure.ts";
import type { Seat } from "../peers/peer.ts";
import { connectInGroups } from "./connect.ts";
import { watchEdits } from "./edit-watch.ts";
import { markersOf } from "./markers.ts";
import { actOnTime } from "./paced.ts";
import { LEAST_KEPT } from "./raw-client.ts";
import { scheduleOf } from "./schedule.ts";
import { createWriter } from "./writer.ts";

/** ms after which an edit that has not come counts as lost. */
const LONGEST_WAIT = 45_000;

export interface RoomOptions {
  /** How many of the clients look at each edit that reaches them; the rest only count bytes until the end. */
  watchers: number;
  /** Whether the rest read by turns ({@link RawClient.readByTurns}). */
  restByTurns?: boolean;
  /** Processes of the server, for its CPU time. */
  pids: readonly number[];
}

export interface Pace {
  /** Edits a second of each writer. */
  perSecond: number;
  seconds: number;
  /** Asked before each edit; false ends the play early. */
  going?(): boolean;
  /** ms after which an edit that has not come counts as lost. */
  longestWait?: number;
}

/** Times in ms. */
export interface Played {
  edits: number;
  /** Edits × clients that had not written them. */
  deliveries: number;
  latencies: Float64Array;
  p50: number;
  p99: number;
  cpu: number;
  /** From the first edit until the watchers had seen the last. */
  elapsed: number;
  /** Pairs of a writer and a receiver to whom the writer's last edit never came. */
  lost: number;
  /** Received by all clients: bytes, and WebSocket frames. */
  bytes: number;
  frames: number;
  /** What the first writer's last edit has written. */
  lastNote: string;
  /** How late the load generator was, 99th percentile. */
  late: number;
  /** Share of its core that the load generator used. */
  generatorLoad: number;
}

/** Clients on one or more boards. Those whose seat writes edit; everyone else on their board receives. */
export interface Room {
  play(pace: Pace): Promise<Played>;
  close(): void;
}

let runs = 0;

/** Connects every seat and waits until each has received its board. */
export async function openRoom(seats: readonly Seat[], options: RoomOptions): Promise<Room> {
  let broken: Error | undefined;
  let hear: (client: number, bytes: Buffer, at: number) => void = () => {};
  // Whole, and asked what it has: before that a server ignores what it writes, for its answer would hold it.
  const answered = new Set<number>();
  const asked = new Set<number>();
  const clients = await connectInGroups(seats, (index) => ({
    message(kind, frame, at) {
      if (kind === "answers") answered.add(index);
      if (kind === "asks") asked.add(index);
      if (kind === "answers" || kind === "update") hear(index, frame.payload, at);
    },
    lost(reason) {
      broken ??= new Error(`client ${index} lost its connection: ${reason.message}`);
    },
  }));
  const intact = () => {
    if (broken) throw broken;
  };
  const waitFor = (what: string, condition: () => boolean, within: number) =>
    until(what, () => broken || condition(), within).then(intact);
  await waitFor("every client has the board", () => answered.size + asked.size === 2 * seats.length, 90_000);

  const every = Math.max(1, Math.floor(seats.length / options.watchers));
  const isWatcher = (client: number) => client % every === every - 1;
  const listen = (which: (client: number) => boolean) => {
    for (const [index, client] of clients.entries()) {
      client.reader.keep = which(index) ? Number.POSITIVE_INFINITY : LEAST_KEPT;
      client.readByTurns(options.restByTurns === true && !which(index));
    }
  };
  const room = runs;
  const writers = seats.flatMap((seat, client) => {
    if (!seat.writes) return [];
    const audience = seats.flatMap(({ board }, other) =>
      board === seat.board && other !== client ? other : [],
    );
    const device = createWriter(seat.cell, `bench${room}c${client}`);
    return [{ ...seat, client, device, audience, watchers: audience.filter(isWatcher).length, edits: 0 }];
  });
  type SeatedWriter = (typeof writers)[number];
  const writerAt = (index: number): SeatedWriter => {
    const writer = writers[index];
    if (!writer) throw new Error(`there is no writer ${index}`);
    return writer;
  };
  const totals = () => ({
    at: performance.now(),
    cpu: cpuTime(options.pids),
    own: cpuTime([process.pid]),
    bytes: clients.reduce((sum, client) => sum + client.received(), 0),
    frames: clients.reduce((sum, { reader }) => sum + reader.frames, 0),
  });

  async function play({ perSecond, seconds, going, longestWait = LONGEST_WAIT }: Pace): Promise<Played> {
    intact();
    const markers = markersOf(++runs);
    const watch = watchEdits(seats.length, writers.length, markers, (writer, client) => {
      return writerAt(writer).client === client;
    });
    for (const writer of writers) writer.edits = 0;
    const encode = (index: number) => {
      const writer = writerAt(index);
      return writer.wire.update(writer.device.write(markers.write(index, writer.edits++)));
    };
    const turns = scheduleOf(writers.length, perSecond, seconds, runs);
    // An edit that was made must be sent, so with an open end they are made when they are due.
    const ahead = going ? [] : turns.map(({ writer }) => encode(writer));
    const send = (index: number, message: Uint8Array) => {
      watch.sending(index);
      clients[writerAt(index).client]?.send(message);
    };
    hear = (client, bytes, at) => isWatcher(client) && watch.hear(client, bytes, at);
    listen(isWatcher);
    let sent = 0;
    let expected = 0;
    let deliveries = 0;
    const before = totals();
    const late = await actOnTime(
      turns,
      ({ writer }) => {
        send(writer, ahead[sent] ?? encode(writer));
        sent++;
        expected += writerAt(writer).watchers;
        deliveries += writerAt(writer).audience.length;
      },
      () => !broken && (going?.() ?? true),
    );
    // What is lost is counted below, from what everybody has.
    await waitFor("the watchers have seen every edit", () => watch.seen() >= expected, longestWait).catch(
      intact,
    );
    const after = totals();
    const latencies = sorted(watch.latencies);

    // One last edit of each writer, which everyone looks for: it proves that nobody was passed over.
    hear = watch.hear;
    listen(() => true);
    for (const index of writers.keys()) send(index, encode(index));
    const missing = () =>
      writers.reduce((total, { audience, edits }, index) => {
        return total + audience.filter((client) => watch.last(client, index) < edits - 1).length;
      }, 0);
    await waitFor("everyone has the last edits", () => missing() === 0, longestWait).catch(intact);
    return {
      edits: sent,
      deliveries,
      latencies,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpu: after.cpu - before.cpu,
      elapsed: after.at - before.at,
      lost: missing(),
      bytes: after.bytes - before.bytes,
      frames: after.frames - before.frames,
      lastNote: markers.write(0, writerAt(0).edits - 1),
      late: quantile(sorted(late), 0.99),
      generatorLoad: (after.own - before.own) / (after.at - before.at),
    };
  }
  return {
    play,
    close() {
      for (const client of clients) client.end();
      for (const { device } of writers) device.close();
    },
  };
}
