import type { IncomingMessage } from "node:http";
import type { Server, Socket } from "socket.io";
import type { Hello, PersonSnapshot, Welcome } from "../../shared/wire/contract.ts";
import { oldestProtocolVersion, packets, protocolVersion } from "../../shared/wire/protocol.ts";
import type { Result } from "../../shared/wire/result.ts";
import type { Clock } from "../clock.ts";
import type { EventFeed } from "../events/feed.ts";
import { type EventLog, wireEvent } from "../events/log.ts";
import type { Session, Sessions } from "../identity/sessions.ts";
import type { Logger } from "../observe/log.ts";
import { Refusal, refused, wireError } from "../refusal.ts";
import { audienceRooms } from "./audience.ts";
import { comeIn } from "./coming-in.ts";
import { type AllHandlers, asRefusal, type Dispatch } from "./dispatch.ts";
import { type GatewayCounts, gatewayLimits } from "./gateway-limits.ts";
import { sessionRoom } from "./tell.ts";

/**
 * From now on no call of this session begins here, not even one that waits for its turn. Its sockets are disconnected a
 * little later, so that who ended their own session still hears that it is done.
 */
export function stopCalls(io: Server, sessionId: string): void {
  for (const id of io.sockets.adapter.rooms.get(sessionRoom(sessionId)) ?? []) {
    const socket = io.sockets.sockets.get(id);
    if (socket) socket.data.stopped = true;
  }
}

const mayCall = (socket: Socket): boolean => socket.connected && socket.data.stopped !== true;

/** Binds Socket.IO to the contract: one welcome, then calls in order and events as they happen. */
export function bindGateway(deps: {
  io: Server;
  counts: GatewayCounts;
  dispatch: Dispatch;
  handlers: AllHandlers;
  sessions: Sessions;
  log: EventLog;
  feed: EventFeed;
  clock: Clock;
  logger: Logger;
  /** Ids of a courtyard's buildings. */
  buildingsOf(courtyardId: string): Promise<string[]>;
  build: string;
}): void {
  const { io, counts, dispatch, handlers, sessions, log, feed, clock, logger, buildingsOf, build } = deps;
  const sessionOf = new WeakMap<Socket, Session>();
  const used = new WeakSet<Socket["conn"]>();

  io.use(async (socket, next) => {
    const { conn } = socket;
    try {
      if (used.has(conn)) throw new Refusal("rate-limited", "A connection carries one socket.");
      used.add(conn);
      const hello = socket.handshake.auth as Partial<Hello>;
      if (typeof hello.protocol !== "number" || hello.protocol < oldestProtocolVersion) {
        throw new Refusal("protocol-unsupported", "This page is too old; load it again.");
      }
      if (typeof hello.oldest === "number" && hello.oldest > protocolVersion) {
        // Loading it again would bring an old page: nodes are being replaced, and this one will be soon.
        throw new Refusal("shutting-down", "This node is older than the page; come back.");
      }
      const courtyardId = typeof hello.courtyardId === "string" ? hello.courtyardId : undefined;
      const session = await sessions.authenticate(socket.request as IncomingMessage, courtyardId);
      if (!session) throw new Refusal("not-signed-in", "No session.");
      sessionOf.set(socket, session);
      next();
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.code === "internal") logger.error({ err: error }, "a connection failed");
      next(Object.assign(new Error(refusal.code), { data: wireError(refusal) }));
      // Behind the reason. On a connection that stayed open it could be asked for again and again.
      setImmediate(() => conn.close());
    }
  });

  io.on("connection", (socket) => {
    const known = sessionOf.get(socket);
    if (!known) return socket.disconnect(true);
    socket.once("disconnect", () => socket.conn.close());
    const session = heldSession(socket, known);
    receive(socket, session);
    session
      .then((held) => held && welcome(socket, held))
      .catch((error) => {
        logger.error({ err: error }, "a welcome failed");
        socket.disconnect(true);
      });
  });

  /**
   * From the moment the socket is in its session's room and the community is heard, it is ended with the session on
   * whatever node that ends. What ended or changed between the handshake and that moment is found by asking once more;
   * null when the socket has to go.
   */
  const heldSession = async (socket: Socket, { actor }: Session): Promise<Session | null> => {
    await socket.join(sessionRoom(actor.sessionId));
    const following = feed.follow(actor.communityId);
    if (socket.disconnected) following.release();
    else socket.once("disconnect", following.release);
    await following.ready;
    const { courtyardId } = socket.handshake.auth as Partial<Hello>;
    const asked = typeof courtyardId === "string" ? courtyardId : undefined;
    const session = await sessions.authenticate(socket.request as IncomingMessage, asked);
    if (!session) socket.disconnect(true);
    return session;
  };

  const welcome = async (socket: Socket, session: Session): Promise<void> => {
    const { communityId } = session.actor;
    const rooms = audienceRooms(session.actor, await buildingsOf(session.actor.courtyardId));
    const { cursor } = socket.handshake.auth as Partial<Hello>;
    const { seq, missed } = await comeIn({ log, feed }, communityId, cursor, () => socket.join(rooms));
    const heard = new Set(rooms);
    const packet: Welcome = {
      protocol: protocolVersion,
      build,
      now: clock.now(),
      seq,
      snapshot: missed ? null : await snapshotFor(session),
      events: (missed ?? []).filter((event) => event.rooms.some((room) => heard.has(room))).map(wireEvent),
      signals: await signalsFor(session),
    };
    socket.emit(packets.welcome, packet);
  };

  const snapshotFor = async (session: Session): Promise<Welcome["snapshot"]> => {
    if (session.actor.kind === "kiosk") {
      return { audience: "wall", kiosk: await handlers.kiosk.snapshot(session) };
    }
    const { kiosk: _wall, ...areas } = handlers;
    const parts = await Promise.all(
      Object.entries(areas).map(async ([name, area]) => [name, await area.snapshot(session)] as const),
    );
    return { audience: "person", ...Object.fromEntries(parts) } as PersonSnapshot;
  };

  const signalsFor = async (session: Session) => {
    const areas = session.actor.kind === "kiosk" ? [handlers.kiosk] : Object.values(handlers);
    return (await Promise.all(areas.map((area) => area.signals?.(session) ?? []))).flat();
  };

  /** Calls of one socket run one after the other, so that a client's own order is kept. */
  const receive = (socket: Socket, held: Promise<Session | null>): void => {
    let waiting = 0;
    let turn: Promise<unknown> = Promise.resolve();
    const ended = () => refused(new Refusal("not-signed-in", "The session has ended."));
    const run = async (kind: "command" | "query", packet: unknown): Promise<Result<unknown>> => {
      const session = await held.catch(() => null);
      if (!session) return ended();
      if (!(await counts.may("calls", session.actor)))
        return refused(new Refusal("rate-limited", "Too many calls in a short time."));
      // The session as it was when the socket came in is good for as long as the socket is: it may have waited.
      return mayCall(socket) ? dispatch.call(kind, packet, session) : ended();
    };
    const call = (kind: "command" | "query") => (packet: unknown, ack: unknown) => {
      if (typeof ack !== "function") return;
      const answer = ack as (result: Result<unknown>) => void;
      if (waiting >= gatewayLimits.waiting) {
        return answer(refused(new Refusal("rate-limited", "Too many calls at once.")));
      }
      waiting += 1;
      turn = turn
        .then(() => run(kind, packet))
        .then(answer)
        .finally(() => {
          waiting -= 1;
        });
    };
    socket.on(packets.command, call("command"));
    socket.on(packets.query, call("query"));
    socket.on(packets.whisper, async (packet: unknown) => {
      const session = await held.catch(() => null);
      if (!session) return;
      if ((await counts.may("whispers", session.actor)) && mayCall(socket)) dispatch.whisper(packet, session);
    });
  };
}
