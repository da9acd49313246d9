import type { IncomingMessage } from "node:http";
import type { Server as Engine } from "engine.io";
import type { Sessions } from "../identity/sessions.ts";
import type { Upgrade } from "./upgrade.ts";

type EngineRequest = Parameters<Engine["handleRequest"]>[0];

/**
 * Hands WebSockets to Engine.IO. Who sends them is settled before, within the deadline of an upgrade: Engine.IO would wait
 * for as long as its own question takes.
 */
export function createEngineUpgrade(deps: {
  engine: Pick<Engine, "handleUpgrade">;
  sessions: Pick<Sessions, "authenticate">;
  /** Told of each that has a session, so that it is not asked for again. */
  known: WeakSet<IncomingMessage>;
}): Upgrade {
  const { engine, sessions, known } = deps;
  return async (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://engine");
    // Who polled before was known when it began; Engine.IO refuses a number it has not given.
    if (!url.searchParams.has("sid")) {
      if (!(await sessions.authenticate(request))) return { status: 401 };
      known.add(request);
    }
    if (!socket.destroyed) engine.handleUpgrade(request as EngineRequest, socket, head);
    return null;
  };
}
