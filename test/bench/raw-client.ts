import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const HEADER_END = "\r\n\r\n";

/**
 * A WebSocket client that does as little as possible for each frame, so that fifty of them on the load
 * generator's one core do not become what is measured. Frames in one piece, no extensions, loopback only (RFC 6455).
 */
export interface RawClient {
  send(message: Uint8Array): void;
  /** Cuts the connection. */
  end(): void;
}

export interface RawClientEvents {
  /** A message, valid only during the call. `at` is `performance.now()` when its bytes arrived. */
  message(bytes: Buffer, at: number): void;
  /** The server refused or closed; not called after `end()`. */
  lost(reason: Error): void;
}

/** Connects and resolves when the server has switched protocols. */
export function openRawClient(
  address: string,
  headers: Record<string, string>,
  events: RawClientEvents,
): Promise<RawClient> {
  const { hostname, port, pathname, search, host } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => {
      const key = randomBytes(16).toString("base64");
      const lines = [
        `GET ${pathname}${search} HTTP/1.1`,
        `Host: ${host}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
      ];
      lines.push(`Sec-WebSocket-Key: ${key}`, "Sec-WebSocket-Version: 13");
      for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
      socket.write(lines.join("\r\n") + HEADER_END);
    });
    let ended = false;
    let waiting: Buffer = Buffer.alloc(0);
    let upgraded = false;
    const lose = (reason: Error) => {
      if (ended) return;
      ended = true;
      socket.destroy();
      if (upgraded) events.lost(reason);
      else reject(reason);
    };
    const client: RawClient = {
      send: (message) => writeFrame(socket, BINARY, message),
      end() {
        ended = true;
        socket.destroy();
      },
    };
    socket.on("error", lose);
    socket.on("close", () => lose(new Error("the connection broke")));
    socket.on("data", (chunk) => {
      const at = performance.now();
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      if (!upgraded) {
        const end = waiting.indexOf(HEADER_END);
        if (end < 0) return;
        const answer = waiting.subarray(0, end).toString("latin1");
        if (!answer.startsWith("HTTP/1.1 101"))
          return lose(new Error(`not upgraded: ${answer.split("\r\n")[0]}`));
        waiting = waiting.subarray(end + HEADER_END.length);
        upgraded = true;
        resolve(client);
      }
      waiting = readFrames(waiting, (kind, payload) => {
        if (ended) return;
        if (kind === BINARY) events.message(payload, at);
        else if (kind === PING) writeFrame(socket, PONG, payload);
        else if (kind === CLOSE) lose(new Error(`closed with ${closeReason(payload)}`));
        else if (kind !== TEXT && kind !== PONG) lose(new Error(`a frame of kind ${kind}`));
      });
    });
  });
}

function closeReason(payload: Buffer): string {
  return payload.length < 2
    ? "no code"
    : `${payload.readUInt16BE(0)} ${payload.subarray(2).toString("utf8")}`;
}

/** Hands out each whole frame and returns the bytes of the one that is not yet complete. */
function readFrames(bytes: Buffer, take: (kind: number, payload: Buffer) => void): Buffer {
  let at = 0;
  while (bytes.length - at >= 2) {
    let length = bytes.readUInt8(at + 1) & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (bytes.length - at < 4) break;
      length = bytes.readUInt16BE(at + 2);
      start = at + 4;
    } else if (length === 127) {
      if (bytes.length - at < 10) break;
      length = Number(bytes.readBigUInt64BE(at + 2));
      start = at + 10;
    }
    if (bytes.length < start + length) break;
    take(bytes.readUInt8(at) & 0x0f, bytes.subarray(start, start + length));
    at = start + length;
  }
  return bytes.subarray(at);
}

/** Clients must mask; a mask of zeros leaves the payload as it is. */
function writeFrame(socket: Socket, kind: number, payload: Uint8Array): void {
  const size = payload.length;
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extra + 4 + size);
  frame.writeUInt8(0x80 | kind, 0);
  frame.writeUInt8(0x80 | (extra === 0 ? size : extra === 2 ? 126 : 127), 1);
  if (extra === 2) frame.writeUInt16BE(size, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  frame.set(payload, 6 + extra);
  socket.write(frame);
}
