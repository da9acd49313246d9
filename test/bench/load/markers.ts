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
        const end = bytes.indexOf(END, at + prefixBytes.length);
        const dot = bytes.indexOf(DOT, at + prefixBytes.length);
        // Of a frame that was cut off, the last marker may be half there.
        if (dot < 0 || end < dot) return;
        const writer = numberIn(bytes, at + prefixBytes.length, dot);
        const number = numberIn(bytes, dot + 1, end);
        found(writer, number);
      }
    },
  };
}

function numberIn(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index++) number = number * 10 + (bytes[index] ?? ZERO) - ZERO;
  return number;
}
