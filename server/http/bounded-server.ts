import { createServer, type RequestListener, type Server } from "node:http";

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
 * The HTTP server. Who sends slowly is ended; beyond the connections allowed new ones are closed at once and those
 * that are open go on.
 */
export function createBoundedServer(
  listener: RequestListener,
  sockets: number,
  limits: typeof serverLimits = serverLimits,
): Server {
  const server = createServer(
    {
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytes,
    },
    listener,
  );
  server.maxHeadersCount = limits.headers;
  server.maxConnections = sockets + plainConnections(sockets);
  return server;
}
