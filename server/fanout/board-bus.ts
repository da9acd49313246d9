import * as encoding from "lib0/encoding";
import { roomLimits } from "../../shared/board/limits.ts";
import { ByteReader, MalformedBytes } from "../sync/byte-reader.ts";
import type { BoardBus, BoardNews, ItemChange, LogRow, ShownEntry } from "../sync/ports.ts";
import { systemTimers } from "../sync/timers.ts";
import type { Bus } from "./bus.ts";

/** What nodes say to one another about one board. */
const kinds = { committed: 0, presence: 1, whoIsThere: 2, turn: 3, occupied: 4, renewed: 5 } as const;

/** What one word may hold; beyond it nothing of the word is believed, and the log tells what is true. */
export const boardWordLimits = {
  places: 20_000,
  bindings: 10_000,
  entries: 20_000,
  /** A state as it is shown, with the numbers before it. */
  entryBytes: roomLimits.awarenessBytes + 32,
  /**
   * Clocks of presence are milliseconds of time. A node counts on from the highest it has seen, so one that is this
   * far ahead would, for good, hide what everybody shows.
   */
  clockAhead: 24 * 3_600_000,
};

/**
 * Boards on the bus: one channel each, subscribed while the board is open here.
 * @param now the time the clocks of presence are compared with
 */
export function createBoardBus(bus: Bus, now: () => number = systemTimers.now): BoardBus {
  const say = (boardId: string, kind: number, write: (out: encoding.Encoder) => void) => {
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, kind);
    write(out);
    bus.publish(channelOf(boardId), encoding.toUint8Array(out));
  };
  return {
    open: (boardId, news) =>
      bus.subscribe(channelOf(boardId), (message) => hear(boardId, message, news, now)),
    committed: ({ boardId, seq, update, bindings }, changes) =>
      say(boardId, kinds.committed, (out) => {
        encoding.writeVarUint(out, seq);
        const places = new Set(changes.map(({ place, cell }) => `${place} ${cell}`));
        encoding.writeVarUint(out, places.size);
        for (const place of places) encoding.writeVarString(out, place);
        encoding.writeVarUint8Array(out, update);
        encoding.writeVarUint(out, bindings.length);
        for (const { clientId, residentId } of bindings) {
          encoding.writeVarUint(out, clientId);
          encoding.writeVarString(out, residentId);
        }
      }),
    presence: (boardId, entries) =>
      say(boardId, kinds.presence, (out) => {
        encoding.writeVarUint(out, entries.length);
        for (const { account, encoded } of entries) {
          encoding.writeVarString(out, account);
          encoding.writeVarUint8Array(out, encoded);
        }
      }),
    askWhoIsThere: (boardId) => say(boardId, kinds.whoIsThere, () => {}),
    askForTurn: (boardId) => say(boardId, kinds.turn, () => {}),
    occupied: (boardId) => say(boardId, kinds.occupied, () => {}),
    renewed: (boardId, generation) =>
      say(boardId, kinds.renewed, (out) => encoding.writeVarUint(out, generation)),
    heard: () => bus.healthy(),
  };
}

const channelOf = (boardId: string): string => `board:${boardId}`;

function hear(boardId: string, message: Uint8Array, news: BoardNews, now: () => number): void {
  const from = new ByteReader(message);
  switch (from.uint()) {
    case kinds.committed:
      news.committed(readRow(boardId, from));
      return;
    case kinds.presence:
      news.presence(readEntries(from, now() + boardWordLimits.clockAhead));
      return;
    case kinds.whoIsThere:
      news.whoIsThere();
      return;
    case kinds.turn:
      news.turn();
      return;
    case kinds.occupied:
      news.occupied();
      return;
    case kinds.renewed:
      news.renewed(from.uint());
  }
}

/**
 * Hears of the commits of other nodes without having the board open: at which sequence, and which places changed
 * (`place cell`, as in a history entry).
 */
export function watchCommits(
  bus: Bus,
  boardId: string,
  listener: (commit: { seq: number; places: { place: ItemChange["place"]; cell: string }[] }) => void,
): { close(): void } {
  return bus.subscribe(channelOf(boardId), (message) => {
    const from = new ByteReader(message);
    if (from.uint() !== kinds.committed) return;
    const seq = readSeq(from);
    const places = readPlaces(from).map((text) => {
      const [place = "", cell = ""] = text.split(" ");
      return { place: place as ItemChange["place"], cell };
    });
    listener({ seq, places });
  });
}

function times<T>(from: ByteReader, most: number, read: () => T): T[] {
  return Array.from({ length: from.uint(most) }, read);
}

/** Numbers of a log begin with 1. */
function readSeq(from: ByteReader): number {
  const seq = from.uint();
  if (seq === 0) throw new MalformedBytes("a row without a number");
  return seq;
}

const readPlaces = (from: ByteReader): string[] => times(from, boardWordLimits.places, () => from.text());

function readRow(boardId: string, from: ByteReader): LogRow {
  const seq = readSeq(from);
  readPlaces(from);
  // A copy: the message is a view into a buffer of the connection, and rows may wait behind a hole.
  const update = Uint8Array.from(from.sizedBytes());
  const bindings = times(from, boardWordLimits.bindings, () => ({
    clientId: from.uint(),
    residentId: from.text(),
  }));
  return { boardId, seq, update, bindings };
}

/** The entries of a word; those that no client of ours can have shown are left out. */
function readEntries(from: ByteReader, latest: number): ShownEntry[] {
  const entries = times(from, boardWordLimits.entries, () => ({
    account: from.text(),
    encoded: Uint8Array.from(from.sizedBytes()),
  }));
  return entries.filter(({ encoded }) => isShown(encoded, latest));
}

function isShown(encoded: Uint8Array, latest: number): boolean {
  if (encoded.length > boardWordLimits.entryBytes) return false;
  const entry = new ByteReader(encoded);
  try {
    entry.uint();
    const clock = entry.uint();
    entry.text();
    // What is left over would be read by browsers as the next entry.
    return clock <= latest && entry.left === 0;
  } catch (error) {
    if (error instanceof MalformedBytes) return false;
    throw error;
  }
}
