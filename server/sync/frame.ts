/**
 * One message to many sockets: put into a WebSocket frame once (RFC 6455 §5.2: final, binary, unmasked, as servers
 * send) and written to each as it is. Never changed once it is made.
 */
export class SharedFrame {
  /** The frame with its head. */
  readonly bytes: Buffer;
  readonly #head: number;

  private constructor(bytes: Buffer, head: number) {
    this.bytes = bytes;
    this.#head = head;
  }

  /** A frame of a message in parts. */
  static of(...parts: readonly Uint8Array[]): SharedFrame {
    let length = 0;
    for (const part of parts) length += part.length;
    const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const bytes = Buffer.allocUnsafe(head + length);
    bytes[0] = 0x82;
    if (head === 2) bytes[1] = length;
    else if (head === 4) {
      bytes[1] = 126;
      bytes.writeUInt16BE(length, 2);
    } else {
      bytes[1] = 127;
      bytes.writeBigUInt64BE(BigInt(length), 2);
    }
    let at = head;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return new SharedFrame(bytes, head);
  }

  /** The message in it. */
  get message(): Uint8Array {
    return this.bytes.subarray(this.#head);
  }

  /** The same message but for its second byte. */
  withKind(kind: number): SharedFrame {
    const bytes = Buffer.from(this.bytes);
    bytes[this.#head + 1] = kind;
    return new SharedFrame(bytes, this.#head);
  }
}
