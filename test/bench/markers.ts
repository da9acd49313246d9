/**
 * Each edit carries a marker with its writer and number, and receivers look for it in the bytes of a frame:
 * cheap, and blind to how a server batches. Number n of a writer proves all earlier ones, because a Yjs client's
 * edits are integrated in order, even when a later one has overwritten them.
 */
const DOT = 0x2e;
const END = 0x7e;
const ZERO = 0x30;

export interface Markers {
  write(writer: number, number: number): string;
  /** Calls back for each marker in the bytes, in their order. */
  find(bytes: Buffer, found: (writer: number, number: number) => void): void;
}

/** Markers of one run: what an earlier run has left on the board is not taken for an edit of this one. */
export function markersOf(run: number): Markers {
  const prefix = `~${run}w`;
  const prefixBytes = Buffer.from(prefix);
  return {
    write: (writer, number) => `${prefix}${writer}.${number}~`,
    find(bytes, found) {
      for (let at = bytes.indexOf(prefixBytes); at >= 0; at = bytes.indexOf(prefixBytes, at + 1)) {
        let index = at + prefixBytes.length;
        let writer = 0;
        let number = 0;
        for (; bytes[index] !== DOT; index++) writer = writer * 10 + (bytes[index] ?? 0) - ZERO;
        for (index++; bytes[index] !== END; index++) number = number * 10 + (bytes[index] ?? 0) - ZERO;
        found(writer, number);
      }
    },
  };
}
