import type { Markers } from "./markers.ts";

/** Which client has seen which edit, and how long after it was sent. */
export interface EditWatch {
  /** An edit of this writer goes out now. */
  sending(writer: number): void;
  /** Bytes that a client has received. */
  hear(client: number, bytes: Buffer, at: number): void;
  /** Sightings so far. */
  seen(): number;
  /** ms from sending to sighting. */
  readonly latencies: number[];
  /** The highest edit of a writer that a client has seen; -1 for none. */
  last(client: number, writer: number): number;
}

/** @param isOwn whether the writer's edits are the client's own: a server may or may not tell it of them */
export function watchEdits(
  clients: number,
  writers: number,
  markers: Markers,
  isOwn: (writer: number, client: number) => boolean,
): EditWatch {
  const sentAt: number[][] = Array.from({ length: writers }, () => []);
  const rows = new Map<number, Int32Array>();
  const latencies: number[] = [];
  let seen = 0;
  const rowOf = (client: number) => {
    const known = rows.get(client);
    if (known) return known;
    if (client >= clients) throw new Error(`there is no client ${client}`);
    const row = new Int32Array(writers).fill(-1);
    rows.set(client, row);
    return row;
  };
  return {
    latencies,
    seen: () => seen,
    last: (client, writer) => rowOf(client)[writer] ?? -1,
    sending: (writer) => sentAt[writer]?.push(performance.now()),
    hear(client, bytes, at) {
      markers.find(bytes, (writer, number) => {
        if (isOwn(writer, client)) return;
        const row = rowOf(client);
        const times = sentAt[writer];
        // A Yjs client's edits are integrated in order, so a later one proves those before it.
        for (let next = (row[writer] ?? 0) + 1; times && next <= number; next++) {
          row[writer] = next;
          seen++;
          latencies.push(at - (times[next] ?? Number.NaN));
        }
      });
    },
  };
}
