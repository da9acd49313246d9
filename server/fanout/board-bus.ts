import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import type { BoardBus, BoardNews, ItemChange, LogRow, ShownEntry } from "../sync/ports.ts";
import type { Bus } from "./bus.ts";

/** What nodes say to one another about one board. */
const kinds = { committed: 0, presence: 1, whoIsThere: 2, turn: 3, occupied: 4, renewed: 5 } as const;

/** Boards on the bus: one channel each, subscribed while the board is open here. */
export function createBoardBus(bus: Bus): BoardBus {
  const say = (boardId: string, kind: number, write: (out: encoding.Encoder) => void) => {
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, kind);
    write(out);
    bus.publish(channelOf(boardId), encoding.toUint8Array(out));
  };
  return {
    open: (boardId, news) => bus.subscribe(channelOf(boardId), (message) => hear(boardId, message, news)),
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
    renewed: (boardId) => say(boardId, kinds.renewed, () => {}),
    heard: () => bus.healthy(),
  };
}

const channelOf = (boardId: string): string => `board:${boardId}`;

function hear(boardId: string, message: Uint8Array, news: BoardNews): void {
  const from = decoding.createDecoder(message);
  switch (decoding.readVarUint(from)) {
    case kinds.committed:
      news.committed(readRow(boardId, from));
      return;
    case kinds.presence:
      news.presence(readEntries(from));
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
      news.renewed();
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
    const from = decoding.createDecoder(message);
    if (decoding.readVarUint(from) !== kinds.committed) return;
    const seq = decoding.readVarUint(from);
    const places = readPlaces(from).map((text) => {
      const [place = "", cell = ""] = text.split(" ");
      return { place: place as ItemChange["place"], cell };
    });
    listener({ seq, places });
  });
}

const readPlaces = (from: decoding.Decoder): string[] =>
  Array.from({ length: decoding.readVarUint(from) }, () => decoding.readVarString(from));

function readRow(boardId: string, from: decoding.Decoder): LogRow {
  const seq = decoding.readVarUint(from);
  readPlaces(from);
  // A copy: the message is a view into a buffer of the connection, and rows may wait behind a hole.
  const update = Uint8Array.from(decoding.readVarUint8Array(from));
  const bindings = Array.from({ length: decoding.readVarUint(from) }, () => ({
    clientId: decoding.readVarUint(from),
    residentId: decoding.readVarString(from),
  }));
  return { boardId, seq, update, bindings };
}

function readEntries(from: decoding.Decoder): ShownEntry[] {
  return Array.from({ length: decoding.readVarUint(from) }, () => ({
    account: decoding.readVarString(from),
    encoded: Uint8Array.from(decoding.readVarUint8Array(from)),
  }));
}
