/** One WebSocket frame from a server (RFC 6455: whole, not masked). */
export interface Frame {
  /** The opcode. */
  kind: number;
  /** Bytes of the payload. */
  size: number;
  /** The payload's first bytes, as many as the reader keeps. Valid only during the call. */
  payload: Buffer;
  /** Whether the reader's needle is in the payload, kept or not. */
  found: boolean;
}

/** A frame of which a part is still to come. */
interface PartialFrame {
  kind: number;
  size: number;
  missing: number;
  kept: Buffer;
  filled: number;
}

const NOTHING = Buffer.alloc(0);
const LONGEST_HEADER = 10;

/**
 * Takes frames out of a stream while touching as few bytes as it can: what is not kept is counted and passed over,
 * so that hundreds of receivers on one core do not become what is measured.
 */
export class FrameReader {
  /** How many bytes of a payload are handed out. */
  keep: number;
  /** Bytes to look for in every payload. */
  needle: Buffer | null = null;
  frames = 0;

  readonly #take: (frame: Frame) => void;
  #header: Buffer = NOTHING;
  #current: PartialFrame | null = null;
  #found = false;
  #tail: Buffer = NOTHING;

  constructor(keep: number, take: (frame: Frame) => void) {
    this.keep = keep;
    this.#take = take;
  }

  push(bytes: Buffer): void {
    let chunk = bytes;
    if (this.#header.length > 0) {
      chunk = Buffer.concat([this.#header, bytes]);
      this.#header = NOTHING;
    }
    let at = 0;
    while (at < chunk.length) {
      if (this.#current === null) {
        const start = this.#begin(chunk, at);
        if (start < 0) {
          this.#header = Buffer.from(chunk.subarray(at, at + LONGEST_HEADER));
          return;
        }
        at = start;
      }
      if (this.#current) at += this.#continue(this.#current, chunk.subarray(at));
    }
  }

  /** Reads a header and, when it is all there, the frame; answers where to go on, or -1 for half a header. */
  #begin(chunk: Buffer, at: number): number {
    if (chunk.length - at < 2) return -1;
    const kind = chunk.readUInt8(at) & 0x0f;
    let size = chunk.readUInt8(at + 1) & 0x7f;
    let start = at + 2;
    if (size === 126) {
      if (chunk.length - at < 4) return -1;
      size = chunk.readUInt16BE(at + 2);
      start = at + 4;
    } else if (size === 127) {
      if (chunk.length - at < LONGEST_HEADER) return -1;
      size = Number(chunk.readBigUInt64BE(at + 2));
      start = at + LONGEST_HEADER;
    }
    const end = start + size;
    if (end <= chunk.length) {
      const found = this.needle !== null && chunk.subarray(start, end).indexOf(this.needle) >= 0;
      this.#hand({ kind, size, payload: chunk.subarray(start, Math.min(end, start + this.keep)), found });
      return end;
    }
    const kept = Buffer.allocUnsafe(Math.min(size, this.keep));
    this.#current = { kind, size, missing: size, kept, filled: 0 };
    this.#found = false;
    this.#tail = NOTHING;
    return start;
  }

  /** Takes what has come of a frame that is under way; answers how many bytes those were. */
  #continue(frame: PartialFrame, rest: Buffer): number {
    const piece = rest.subarray(0, frame.missing);
    if (frame.filled < frame.kept.length) frame.filled += piece.copy(frame.kept, frame.filled);
    if (this.needle !== null && !this.#found) this.#search(this.needle, piece);
    frame.missing -= piece.length;
    if (frame.missing === 0) {
      this.#current = null;
      this.#hand({ kind: frame.kind, size: frame.size, payload: frame.kept, found: this.#found });
    }
    return piece.length;
  }

  #search(needle: Buffer, piece: Buffer): void {
    const seam = needle.length - 1;
    this.#found =
      piece.indexOf(needle) >= 0 || Buffer.concat([this.#tail, piece.subarray(0, seam)]).indexOf(needle) >= 0;
    this.#tail = Buffer.concat([this.#tail, piece.subarray(-seam)]).subarray(-seam);
  }

  #hand(frame: Frame): void {
    this.frames++;
    this.#take(frame);
  }
}
