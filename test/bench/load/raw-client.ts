import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { type Frame, FrameReader } from "./frame-reader.ts";
import { ReadTurns } from "./read-turns.ts";

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const HEADER_END = "\r\n\r\n";

/** Handlers are done with a chunk before the next is read, so all sockets of this process read into one buffer. */
const inbox = Buffer.allocUnsafeSlow(256 * 1024);

const turns = new ReadTurns();

/** Control frames carry up to 125 bytes (RFC 6455, 5.5); a reader that keeps less could not answer a ping. */
export const LEAST_KEPT = 125;

/** A WebSocket client that does as little as possible for each frame. Loopback only, no extensions. */
export interface RawClient {
  readonly reader: FrameReader;
  /** Bytes received, with the frames' headers. */
  received(): number;
  send(message: Uint8Array): void;
  /** Whether what comes is read when it is this client's turn only, or at once. */
  readByTurns(turns: boolean): void;
  /** Cuts the connection. */
  end(): void;
}

export interface RawClientEvents {
  /** The server has switched protocols; its first message may follow at once. */
  opened?(client: RawClient): void;
  /** `at` is `performance.now()` when the message's last bytes arrived. */
  message(client: RawClient, frame: Frame, at: number): void;
  /** The server refused or closed; not called after `end()`. */
  lost(reason: Error): void;
}

/** Connects and resolves when the server has switched protocols. */
export function openRawClient(
  address: string,
  headers: Record<string, string>,
  events: RawClientEvents,
): Promise<RawClient> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    let state: "asking" | "open" | "ended" = "asking";
    let answer: Buffer = Buffer.alloc(0);
    let bytes = 0;
    let now = 0;
    let atOnce = true;
    const lose = (reason: Error) => {
      const before = state;
      if (before === "ended") return;
      state = "ended";
      if (!atOnce) turns.remove(socket);
      socket.destroy();
      if (before === "open") events.lost(reason);
      else reject(reason);
    };
    const reader = new FrameReader(LEAST_KEPT, (frame) => {
      if (state !== "open") return;
      if (frame.kind === BINARY) events.message(client, frame, now);
      else if (frame.kind === PING) socket.write(frameOf(PONG, frame.payload));
      else if (frame.kind === CLOSE) lose(new Error(`closed with ${closeReason(frame.payload)}`));
      else if (frame.kind !== TEXT && frame.kind !== PONG) lose(new Error(`a frame of kind ${frame.kind}`));
    });
    const take = (chunk: Buffer) => {
      now = performance.now();
      if (state === "open") {
        bytes += chunk.length;
        reader.push(chunk);
        return;
      }
      answer = Buffer.concat([answer, chunk]);
      const end = answer.indexOf(HEADER_END);
      if (end < 0) return;
      const [status = ""] = answer.subarray(0, end).toString("latin1").split("\r\n");
      if (!status.startsWith("HTTP/1.1 101")) return lose(new Error(`not upgraded: ${status}`));
      state = "open";
      events.opened?.(client);
      resolve(client);
      reader.push(answer.subarray(end + HEADER_END.length));
    };
    const socket: Socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: inbox,
        callback: (size, buffer) => {
          take(Buffer.from(buffer.buffer, buffer.byteOffset, size));
          return atOnce;
        },
      },
    });
    const client: RawClient = {
      reader,
      received: () => bytes,
      send: (message) => socket.write(frameOf(BINARY, message)),
      readByTurns(wanted) {
        if (wanted !== atOnce || state !== "open") return;
        atOnce = !wanted;
        if (wanted) turns.add(socket);
        else turns.remove(socket);
      },
      end() {
        state = "ended";
        if (!atOnce) turns.remove(socket);
        socket.destroy();
      },
    };
    socket.on("connect", () => socket.write(upgradeRequest(address, headers)));
    socket.on("error", lose);
    socket.on("close", () => lose(new Error("the connection broke")));
  });
}

function upgradeRequest(address: string, headers: Record<string, string>): string {
  const { pathname, search, host } = new URL(address);
  return [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Version: 13",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n");
}

function closeReason(payload: Buffer): string {
  return payload.length < 2
    ? "no code"
    : `${payload.readUInt16BE(0)} ${payload.subarray(2).toString("utf8")}`;
}

/** Clients must mask; a mask of zeros leaves the payload as it is. */
function frameOf(kind: number, payload: Uint8Array): Buffer {
  const size = payload.length;
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extra + 4 + size);
  frame.writeUInt8(0x80 | kind, 0);
  frame.writeUInt8(0x80 | (extra === 0 ? size : extra === 2 ? 126 : 127), 1);
  if (extra === 2) frame.writeUInt16BE(size, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  frame.set(payload, 6 + extra);
  return frame;
}
