/** Thrown for bytes that are not what they claim to be. */
export class MalformedBytes extends Error {}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads lib0's encoding and believes no length: a claim that reaches past the message ends in an error,
 * never in a read of the memory beside it (messages are views into a shared pool).
 * Every method throws MalformedBytes.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new MalformedBytes("cut off");
    return byte;
  }

  /** A variable-length unsigned integer, at most `max`. */
  uint(max: number = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value > max) throw new MalformedBytes("number too large");
        return value;
      }
    }
    throw new MalformedBytes("number too long");
  }

  /** A variable-length signed integer (lib0 keeps the sign in the seventh bit of the first byte). */
  int(): number {
    const first = this.byte();
    const sign = (first & 64) === 0 ? 1 : -1;
    let value = first & 63;
    if (first < 128) return sign * value;
    for (let factor = 64; factor <= 2 ** 48; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) throw new MalformedBytes("number too large");
        return sign * value;
      }
    }
    throw new MalformedBytes("number too long");
  }

  float32(): number {
    return this.#view(4).getFloat32(0, false);
  }

  float64(): number {
    return this.#view(8).getFloat64(0, false);
  }

  /** A view of `length` bytes of the message. */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw new MalformedBytes("length past the end");
    const view = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return view;
  }

  /** Bytes with their length in front. */
  sizedBytes(): Uint8Array {
    return this.bytes(this.uint());
  }

  /** Valid UTF-8 with its length in bytes in front. */
  text(): string {
    const bytes = this.sizedBytes();
    try {
      return utf8.decode(bytes);
    } catch {
      throw new MalformedBytes("not UTF-8");
    }
  }

  #view(length: number): DataView {
    const bytes = this.bytes(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }
}
