import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { until } from "../services/until.ts";
import { markersOf } from "./markers.ts";
import { askForAll, haveNothing, kindOf, updateMessage } from "./messages.ts";
import type { Seat } from "./peers/peer.ts";
import { openRawClient, type RawClient } from "./raw-client.ts";

/** Many clients on one board, some of whom write; it knows of each edit who has seen it and when. */
export interface Room {
  readonly writers: number;
  /** Sends one edit of this writer: a new note on its item. */
  edit(writer: number): void;
  /** Edits that every other client has seen. */
  delivered(): number;
  sent(): number;
  /** Waits until every edit has reached everyone. @throws when one does not */
  settle(): Promise<void>;
  close(): void;
}

export interface RoomEvents {
  /** One client has seen one edit, `latency` ms after it was sent. */
  seen?(latency: number): void;
  /** An edit has reached the last client. */
  reachedAll?(writer: number): void;
}

let runs = 0;

/** Connects every seat and waits until each has received the board. */
export async function openRoom(seats: Seat[], events: RoomEvents): Promise<Room> {
  const run = ++runs;
  const markers = markersOf(run);
  const cells = seats.flatMap(({ cell }) => cell ?? []);
  const writers = cells.length;
  const others = seats.length - 1;
  const sentAt: number[][] = cells.map(() => []);
  const seenBy: number[][] = cells.map(() => []);
  const lastSeen = seats.map(() => new Int32Array(writers).fill(-1));
  const joined = new Set<number>();
  let delivered = 0;
  let sent = 0;
  let broken: Error | undefined;

  function saw(client: number, writer: number, number: number, at: number): void {
    const row = lastSeen[client];
    const times = sentAt[writer];
    const counts = seenBy[writer];
    // A server may or may not tell the writer its own edit.
    if (!row || !times || !counts || client === writer) return;
    for (let next = (row[writer] ?? 0) + 1; next <= number; next++) {
      row[writer] = next;
      events.seen?.(at - (times[next] ?? Number.NaN));
      const count = (counts[next] ?? 0) + 1;
      counts[next] = count;
      if (count !== others) continue;
      delivered++;
      events.reachedAll?.(writer);
    }
  }

  const clients: RawClient[] = await Promise.all(
    seats.map(async ({ url, headers }, index) => {
      const early: Buffer[] = [];
      let client: RawClient | undefined;
      const hear = (bytes: Buffer, at: number) => {
        const kind = kindOf(bytes);
        if (kind === "asks") client?.send(haveNothing);
        else if (kind === "answers") joined.add(index);
        if (kind !== "other") markers.find(bytes, (writer, number) => saw(index, writer, number, at));
      };
      client = await openRawClient(url, headers, {
        // The first messages may come in the same packet as the handshake's end.
        message: (bytes, at) => (client ? hear(bytes, at) : early.push(Buffer.from(bytes))),
        lost(reason) {
          broken = new Error(`client ${index} lost its connection: ${reason.message}`);
        },
      });
      for (const bytes of early) hear(bytes, performance.now());
      client.send(askForAll);
      return client;
    }),
  );
  const intact = () => {
    if (broken) throw broken;
  };
  await until("every client has the board", () => joined.size === seats.length || broken, 60_000);
  intact();

  const docs = cells.map(() => new Y.Doc());
  function edit(writer: number): void {
    intact();
    const doc = docs[writer];
    const times = sentAt[writer];
    const cell = cells[writer];
    if (!doc || !times || cell === undefined) throw new Error(`there is no writer ${writer}`);
    const before = Y.encodeStateVector(doc);
    doc.transact(() => writeNote(doc, cell, `bench${run}`, markers.write(writer, times.length)));
    const message = updateMessage(Y.encodeStateAsUpdate(doc, before));
    times.push(performance.now());
    sent++;
    clients[writer]?.send(message);
  }
  return {
    writers,
    edit,
    delivered: () => delivered,
    sent: () => sent,
    async settle() {
      await until(`everyone has seen all ${sent} edits`, () => broken || delivered === sent, 30_000);
      intact();
    },
    close() {
      for (const client of clients) client.end();
      for (const doc of docs) doc.destroy();
    },
  };
}

function writeNote(doc: Y.Doc, cell: string, itemId: string, note: string): void {
  const items = doc.getMap(cellRoot(cell));
  const known = items.get(itemId);
  const item: Y.Map<unknown> = known instanceof Y.Map ? known : new Y.Map<unknown>();
  if (item !== known) {
    items.set(itemId, item);
    for (const [field, value] of Object.entries({
      title: "扳手",
      category: "tools",
      quantity: 1,
      order: "a0",
    })) {
      item.set(field, value);
    }
  }
  item.set("note", note);
}
