import { afterEach } from "vitest";
import type { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";
import { until } from "../services/until.ts";
import { type BoardServer, type BoardServerOptions, startBoardServer } from "./board-server.ts";
import { RawClient, stockClient } from "./clients.ts";
import { SlowSocket } from "./slow-socket.ts";

const cleanups: (() => unknown)[] = [];

/** Servers and clients that end with the test that started them. Call once at the top of a file. */
export function endWithTest(): void {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
}

export async function start(options?: BoardServerOptions): Promise<BoardServer> {
  const server = await startBoardServer(options);
  cleanups.push(() => server.close());
  return server;
}

/** A server whose sockets can be made to read slowly, oldest first. */
export async function slowServer(options: BoardServerOptions = {}) {
  const sockets: SlowSocket[] = [];
  const server = await start({
    ...options,
    wrap: (socket) => {
      const wrapped = new SlowSocket(socket);
      sockets.push(wrapped);
      return wrapped;
    },
  });
  return { server, sockets };
}

export function stock(server: BoardServer, as: string, doc?: Y.Doc): WebsocketProvider {
  const provider = stockClient(server, as, doc);
  cleanups.push(() => {
    provider.destroy();
    provider.awareness.destroy();
  });
  return provider;
}

/** A client by hand whose socket may still be opening. */
export function rawSoon(
  server: BoardServer,
  query: string,
  options: ConstructorParameters<typeof RawClient>[2] = {},
): RawClient {
  const client = new RawClient(server, query, options);
  cleanups.push(() => client.socket.terminate());
  return client;
}

/** A client by hand that is open, and synced when it is automatic. */
export async function raw(
  server: BoardServer,
  query: string,
  options: ConstructorParameters<typeof RawClient>[2] = {},
): Promise<RawClient> {
  const client = rawSoon(server, query, options);
  await until(`${query} is open`, () => client.socket.readyState === 1);
  if (client.automatic) await until(`${query} is synced`, () => client.synced);
  return client;
}
