import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { OriginCheck } from "../http/origin.ts";
import type { Logger } from "../observe/log.ts";
import type { Turns } from "../turns.ts";
import type { Connections } from "./connections.ts";

/** Time from an upgrade's first byte to its answer, milliseconds. */
export const upgradeDeadline = 10_000;

/** What letting one in takes of a turn of the event loop: a third of a millisecond. */
const upgradeShare = 1 / 16;

/** Takes over a socket for one path prefix; a returned status refuses it. */
export type Upgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => Promise<UpgradeRefusal | null>;
export interface UpgradeRefusal {
  status: 400 | 401 | 403 | 404 | 429 | 503;
}

const phrases: Record<UpgradeRefusal["status"], string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

/** Made once: one made for each socket would hold its request as long as the socket lives. */
const ignore = () => {};

/**
 * The one `upgrade` listener. It bounds sockets, refuses other sites' pages, routes by path and
 * answers everything else. (Engine.IO's own listener would end foreign upgrades after a second.)
 */
export function listenForUpgrades(deps: {
  server: Server;
  origins: OriginCheck;
  connections: Connections;
  addressOf(request: IncomingMessage): string;
  routes: Record<string, Upgrade>;
  accepting(): boolean;
  /** Where a crowd waits, so that those who are inside are served in between. */
  turns: Turns;
  logger: Logger;
}): void {
  const { server, origins, connections, addressOf, routes, accepting, turns, logger } = deps;

  const judge = (request: IncomingMessage, address: string): UpgradeRefusal | Upgrade => {
    if (!accepting()) return { status: 503 };
    if (!origins.allows(request)) return { status: 403 };
    const full = connections.full(address);
    if (full) return { status: full };
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const route = Object.entries(routes).find(([prefix]) => path.startsWith(prefix));
    return route ? route[1] : { status: 404 };
  };

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // First of all: a reset during the checks below must not end the process.
    socket.on("error", ignore);
    const address = addressOf(request);
    const verdict = judge(request, address);
    if (typeof verdict !== "function") return refuse(socket, verdict);
    socket.once("close", connections.take(address));
    const deadline = setTimeout(() => refuse(socket, { status: 503 }), upgradeDeadline);
    turns
      .pass(upgradeShare)
      .then(() => (socket.destroyed ? null : verdict(request, socket, head)))
      .then((refusal) => refusal && refuse(socket, refusal))
      .catch((error) => {
        logger.error({ err: error }, "an upgrade failed");
        refuse(socket, { status: 503 });
      })
      .finally(() => clearTimeout(deadline));
  });
}

/** Answers and lets go: a client that never closes its side must not keep a place. */
function refuse(socket: Duplex, { status }: UpgradeRefusal): void {
  if (socket.destroyed || !socket.writable) return;
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${phrases[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
