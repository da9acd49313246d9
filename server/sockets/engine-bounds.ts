import type { IncomingMessage } from "node:http";
import type { Socket as EngineSocket } from "engine.io";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import { TokenBucket } from "../sync/token-bucket.ts";
import type { Connections } from "./connections.ts";

/** Bounds of one Engine.IO connection, which carries one Socket.IO socket. */
export const engineLimits = {
  /**
   * Characters that may wait unread; a packet more and the connection is closed, to come back by its cursor. As much
   * again may have been handed over already, and each takes up to three bytes: a few megabytes in all.
   */
  unread: 512 * 1024,
  packetsPerSecond: 100,
  packetBurst: 1_000,
  charactersPerSecond: 64 * 1024,
  characterBurst: 2 * 1024 * 1024,
  /** Pings and pongs of the WebSocket itself; Engine.IO and browsers send none. */
  signsPerSecond: 5,
  signBurst: 60,
};

/**
 * The WebSockets that Engine.IO is given. Its own `ws` is an older one, which answers each ping whether or not the answers
 * before it were read; this one ends who lets sixty of them wait. And frames are counted here from the first: Engine.IO
 * tells of packets only, and of none before it is settled which polling client a WebSocket goes on for.
 */
export function boundedWebSockets(clock: Clock) {
  return class extends WebSocketServer {
    override handleUpgrade(...[request, socket, head, open]: Parameters<WebSocketServer["handleUpgrade"]>) {
      super.handleUpgrade(request, socket, head, (webSocket, from) => {
        boundFrames(webSocket, clock);
        open(webSocket, from);
      });
    }
  };
}

function boundFrames(webSocket: WebSocket, clock: Clock): void {
  const now = clock.now();
  const messages = new TokenBucket(engineLimits.packetsPerSecond, engineLimits.packetBurst, now);
  const signs = new TokenBucket(engineLimits.signsPerSecond, engineLimits.signBurst, now);
  const count = (frames: TokenBucket) => () => {
    if (!frames.take(1, clock.now())) webSocket.terminate();
  };
  webSocket.on("message", count(messages));
  for (const sign of ["ping", "pong"]) webSocket.on(sign, count(signs));
}

/** Keeps one client from costing more than its share: what it does not read, what it sends, what it holds open. */
export function boundEngineSocket(
  socket: EngineSocket,
  deps: { connections: Connections; clock: Clock; addressOf(request: IncomingMessage): string },
): void {
  const { connections, clock, addressOf } = deps;
  // A WebSocket was counted when it was upgraded; polling has no socket of its own and is counted here.
  if (socket.transport.name === "polling") {
    const release = connections.take(addressOf(socket.request));
    socket.once("upgrade", release);
    socket.once("close", release);
  }

  let unread = 0;
  socket.on("packetCreate", ({ data }: { data?: unknown }) => {
    if (unread > engineLimits.unread) end(socket);
    else unread += sizeOf(data);
  });
  // All that waits is handed over at once, and only when what was handed over before is gone.
  socket.on("flush", () => {
    unread = 0;
  });

  const now = clock.now();
  const packets = new TokenBucket(engineLimits.packetsPerSecond, engineLimits.packetBurst, now);
  const characters = new TokenBucket(engineLimits.charactersPerSecond, engineLimits.characterBurst, now);
  socket.on("packet", ({ data }: { data?: unknown }) => {
    const at = clock.now();
    if (!packets.take(1, at) || !characters.take(sizeOf(data), at)) end(socket);
  });
}

/** At once: a farewell would wait behind all that is not read. */
function end(socket: EngineSocket): void {
  const { socket: webSocket } = socket.transport as { socket?: { terminate(): void } };
  if (webSocket) webSocket.terminate();
  else socket.close(true);
}

const sizeOf = (data: unknown): number =>
  typeof data === "string" || data instanceof Uint8Array ? data.length : 0;
