import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A WebSocket whose frames are written by hand: messages that are never finished, or come a byte at a time. */
export interface LineClient {
  socket: Socket;
  /** What the server answered to the handshake, as it is. */
  answer: string;
  ended(): boolean;
  /** A piece of a message; `first` begins it, `last` ends it. Masked with zeros as RFC 6455 has a client do. */
  piece(bytes: Buffer, at: { first?: boolean; last?: boolean }): void;
  /** The head of one frame of so many bytes, and these of them. */
  head(length: number, bytes?: Buffer): void;
}

export async function openLine(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<LineClient> {
  const socket = connect(port, "127.0.0.1");
  let ended = false;
  socket.on("error", () => {});
  socket.once("close", () => {
    ended = true;
  });
  await once(socket, "connect");
  const head = {
    Host: "x",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const [answer] = await once(socket, "data");
  socket.resume();
  return {
    socket,
    answer: String(answer),
    ended: () => ended,
    piece: (bytes, { first = false, last = false }) =>
      socket.write(Buffer.concat([headOf((last ? 0x80 : 0) | (first ? 2 : 0), bytes.length), bytes])),
    head: (length, bytes = Buffer.alloc(0)) => socket.write(Buffer.concat([headOf(0x82, length), bytes])),
  };
}

function headOf(kind: number, length: number): Buffer {
  const mask = Buffer.alloc(4);
  if (length < 126) return Buffer.concat([Buffer.of(kind, 0x80 | length), mask]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([Buffer.of(kind, 0x80 | 127), size, mask]);
}
