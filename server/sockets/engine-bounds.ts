import type { IncomingMessage } from "node:http";
import type { Socket as EngineSocket } from "engine.io";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import { TokenBucket } from "../sync/token-bucket.ts";
import { accountOf, type GatewayAccount, type Place } from "./gateway-limits.ts";
import type { UnfinishedMessages } from "./unfinished.ts";

/** Bounds of one Engine.IO connection, which carries one Socket.IO socket. */
export const engineLimits = {
  /** Largest packet, and largest body of a poll, bytes. */
  messageBytes: 100_000,
  /**
   * Characters that may wait unread; a packet more and the connection is closed, to come back by its cursor. As much
   * again may have been handed over already, and each takes up to three bytes: a few megabytes in all.
   */
  unread: 512 * 1024,
  packetsPerSecond: 100,
  packetBurst: 1_000,
  bytesPerSecond: 64 * 1024,
  byteBurst: 2 * 1024 * 1024,
  /** Pings and pongs of the WebSocket itself; Engine.IO and browsers send none. */
  signsPerSecond: 5,
  signBurst: 60,
};

/** What one connection sends, and with it all of its person. */
class Sent {
  readonly #account: GatewayAccount;
  readonly #clock: Clock;
  readonly #packets: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(account: GatewayAccount, clock: Clock) {
    const { packetsPerSecond, packetBurst, bytesPerSecond, byteBurst } = engineLimits;
    this.#account = account;
    this.#clock = clock;
    this.#packets = new TokenBucket(packetsPerSecond, packetBurst, clock.now());
    this.#bytes = new TokenBucket(bytesPerSecond, byteBurst, clock.now());
  }

  mayReceive(bytes: number): boolean {
    const now = this.#clock.now();
    return this.#packets.take(1, now) && this.#bytes.take(bytes, now) && this.#account.mayReceive(bytes, now);
  }
}

/**
 * The WebSockets that Engine.IO is given. Its own `ws` is an older one, which answers each ping whether or not the answers
 * before it were read; this one ends who lets sixty of them wait. And frames are counted here from the first: Engine.IO
 * tells of packets only, and of none before it is settled which polling client a WebSocket goes on for.
 */
export function boundedWebSockets(deps: {
  clock: Clock;
  unfinished: UnfinishedMessages;
  /** Whose WebSocket this request asks for. */
  placeOf(request: IncomingMessage): Place | undefined;
}) {
  const { clock, unfinished, placeOf } = deps;
  return class extends WebSocketServer {
    override handleUpgrade(...[request, socket, head, open]: Parameters<WebSocketServer["handleUpgrade"]>) {
      const place = placeOf(request);
      if (!place) return socket.destroy();
      super.handleUpgrade(request, socket, head, (webSocket, from) => {
        boundFrames(webSocket, new Sent(place.account, clock), clock);
        unfinished.watch(webSocket, accountOf(place.actor), () => webSocket.terminate());
        open(webSocket, from);
      });
    }
  };
}

function boundFrames(webSocket: WebSocket, sent: Sent, clock: Clock): void {
  webSocket.on("message", (data: Buffer) => {
    if (!sent.mayReceive(data.length)) webSocket.terminate();
  });
  const signs = new TokenBucket(engineLimits.signsPerSecond, engineLimits.signBurst, clock.now());
  const count = () => {
    if (!signs.take(1, clock.now())) webSocket.terminate();
  };
  for (const sign of ["ping", "pong"]) webSocket.on(sign, count);
}

/** Keeps one client from costing more than its share by what it does not read. */
export function boundUnread(socket: EngineSocket): void {
  let unread = 0;
  socket.on("packetCreate", ({ data }: { data?: unknown }) => {
    if (unread > engineLimits.unread) end(socket);
    else unread += lengthOf(data);
  });
  // All that waits is handed over at once, and only when what was handed over before is gone.
  socket.on("flush", () => {
    unread = 0;
  });
}

/** Counts what a client sends as long as it polls: what a WebSocket sends is counted as it comes. */
export function boundPolled(socket: EngineSocket, { account }: Place, clock: Clock): void {
  const sent = new Sent(account, clock);
  const count = ({ data }: { data?: unknown }) => {
    if (!sent.mayReceive(typeof data === "string" ? Buffer.byteLength(data) : lengthOf(data))) end(socket);
  };
  socket.on("packet", count);
  socket.once("upgrade", () => socket.off("packet", count));
}

/** At once: a farewell would wait behind all that is not read. */
function end(socket: EngineSocket): void {
  const { socket: webSocket } = socket.transport as { socket?: { terminate(): void } };
  if (webSocket) webSocket.terminate();
  else socket.close(true);
}

const lengthOf = (data: unknown): number =>
  typeof data === "string" || data instanceof Uint8Array ? data.length : 0;
