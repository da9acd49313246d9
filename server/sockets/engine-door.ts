import type { IncomingMessage } from "node:http";
import { Server as Engine, type Socket as EngineSocket } from "engine.io";
import type { Actor } from "../../shared/identity/model.ts";
import type { Clock } from "../clock.ts";
import type { OriginCheck } from "../http/origin.ts";
import type { Sessions } from "../identity/sessions.ts";
import type { Connections } from "./connections.ts";
import { boundedWebSockets, boundPolled, boundUnread, engineLimits } from "./engine-bounds.ts";
import type { GatewayCounts, Place } from "./gateway-limits.ts";
import type { UnfinishedMessages } from "./unfinished.ts";
import type { Upgrade } from "./upgrade.ts";

type EngineRequest = Parameters<Engine["handleRequest"]>[0];

/**
 * Engine.IO, and the way into it. Each connection is known and has its person's place before there is anything of it: most of
 * what it may do comes later, and some never say who they are.
 */
export function createEngineDoor(deps: {
  sessions: Pick<Sessions, "authenticate">;
  origins: OriginCheck;
  connections: Connections;
  counts: GatewayCounts;
  unfinished: UnfinishedMessages;
  clock: Clock;
  addressOf(request: IncomingMessage): string;
  accepting(): boolean;
}): { engine: Engine; upgrade: Upgrade } {
  const { sessions, origins, connections, counts, unfinished, clock, addressOf, accepting } = deps;
  /** Those of WebSockets, by the request that asked for one. */
  const places = new WeakMap<IncomingMessage, Place>();
  /** Whose first poll this is. */
  const beginners = new WeakMap<IncomingMessage, Actor>();
  /** Who polls, by the number Engine.IO gave them. */
  const polling = new Map<string, Actor>();

  /** Lets a client begin to poll. @returns why it may not, or null */
  const refusalOfPoll = async (request: IncomingMessage): Promise<string | null> => {
    const session = await sessions.authenticate(request);
    if (!session) return "not-signed-in";
    if (connections.full(addressOf(request)) !== null) return "too-many-connections";
    const { actor } = session;
    if (!(await counts.may("connects", actor)) || !counts.hasRoom(actor)) return "rate-limited";
    beginners.set(request, actor);
    return null;
  };

  // Bound, not attached: Engine.IO's own upgrade listener would end the board's sockets.
  const engine = new Engine({
    wsEngine: boundedWebSockets({ clock, unfinished, placeOf: (request) => places.get(request) }),
    maxHttpBufferSize: engineLimits.messageBytes,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request, answer) => {
      if (!accepting() || !origins.allows(request)) return answer("refused", false);
      if (places.has(request)) return answer(null, true);
      refusalOfPoll(request).then(
        (refusal) => answer(refusal, refusal === null),
        () => answer("unavailable", false),
      );
    },
  });

  engine.on("connection", (socket: EngineSocket) => {
    boundUnread(socket);
    if (socket.transport.name === "polling") takePollIn(socket);
  });

  /** A WebSocket was counted when it was upgraded; polling has no socket of its own and is counted here. */
  const takePollIn = (socket: EngineSocket): void => {
    const actor = beginners.get(socket.request);
    const place = actor && counts.enter(actor);
    // Others have come since it was asked; Socket.IO has to know of it to hear of its end.
    if (!place) {
      queueMicrotask(() => socket.close(true));
      return;
    }
    const release = connections.take(addressOf(socket.request));
    const { sid } = socket.transport;
    polling.set(sid, actor);
    boundPolled(socket, place, clock);
    const leave = () => {
      polling.delete(sid);
      release();
      place.leave();
    };
    socket.once("upgrade", leave);
    socket.once("close", leave);
  };

  /**
   * Hands WebSockets to Engine.IO. Who sends them is settled before, within the deadline of an upgrade: Engine.IO would wait
   * for as long as its own question takes.
   */
  const upgrade: Upgrade = async (request, socket, head) => {
    // Of a parameter that is there twice Engine.IO takes the last one, too.
    const { sid } = Object.fromEntries(new URL(request.url ?? "/", "http://engine").searchParams);
    const actor = sid ? polling.get(sid) : (await sessions.authenticate(request))?.actor;
    if (!actor) return { status: sid ? 400 : 401 };
    if (!(await counts.may("connects", actor))) return { status: 429 };
    if (socket.destroyed) return null;
    const place = counts.enter(actor);
    if (!place) return { status: 429 };
    socket.once("close", place.leave);
    places.set(request, place);
    engine.handleUpgrade(request as EngineRequest, socket, head);
    return null;
  };

  return { engine, upgrade };
}
