import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionLimits } from "../sockets/connections.ts";
import { countedAddress } from "./address.ts";

// An import would read all that the module offers, and with that load an HTTP client: 14 MB and 50 ms for nothing.
const { createServer } = process.getBuiltinModule("node:http");

/** What one connection may take before anybody knows who it is. Times in milliseconds. */
export const serverLimits = {
  /** From the connection's first moment, or the end of the request before, to the end of the headers. */
  headersMs: 10_000,
  /** To the end of the body: a file of 5 MiB over a slow phone. */
  requestMs: 180_000,
  /** How often the two are looked at. */
  checkEveryMs: 2_000,
  headerBytes: 16 * 1024,
  /** Headers beyond it are not read. */
  headers: 100,
  /** A proxy must let go of an idle connection before this node does, or it sends a request into a closing one. */
  keepAliveMs: 10_000,
};

/** Connections beyond the sockets (`MAX_CONNECTIONS`): pages, the API, and the second one of a client that polls. */
export const plainConnections = (sockets: number): number => Math.max(200, Math.ceil(sockets / 2));

/**
 * Connections of one address, with its sockets among them: beyond those half as many, and whatever sockets one address is
 * allowed, half of the places for all else stay to the others.
 */
export function connectionsOfAddress({ maxConnections, maxConnectionsPerAddress }: ConnectionLimits): number {
  const wanted = maxConnectionsPerAddress + Math.max(100, Math.ceil(maxConnectionsPerAddress / 2));
  return Math.min(wanted, maxConnections + Math.floor(plainConnections(maxConnections) / 2));
}

/**
 * The HTTP server. Who sends slowly is ended; beyond the connections allowed, in all and for each address, new ones are
 * closed at once and those that are open go on. Behind a proxy all come from its address, and it has to count them itself.
 */
export function createBoundedServer(
  listener: RequestListener,
  config: ConnectionLimits & { trustProxy: number },
  limits: typeof serverLimits = serverLimits,
): Server {
  const server = createServer(
    {
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytes,
      // Other offers (`h2c`) are declined by an ordinary answer, RFC 9110 7.8.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
    },
    listener,
  );
  server.maxHeadersCount = limits.headers;
  server.maxConnections = config.maxConnections + plainConnections(config.maxConnections);
  if (config.trustProxy === 0) boundAddresses(server, connectionsOfAddress(config));
  return server;
}

/** Before a request is read, and so also for lines on which none ever comes. */
function boundAddresses(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.prependListener("connection", (socket: Socket) => {
    const address = countedAddress(socket.remoteAddress ?? "");
    const others = open.get(address) ?? 0;
    if (others >= most) return socket.destroy();
    open.set(address, others + 1);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
