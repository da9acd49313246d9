import type { IncomingMessage } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { WebSocketServer } from "ws";
import type { Boards } from "../board/boards.ts";
import type { Session, Sessions } from "../identity/sessions.ts";
import type { BoardDoor } from "./board-door.ts";
import { withSharedFrames } from "./shared-frames.ts";
import type { UnfinishedMessages } from "./unfinished.ts";
import type { Upgrade } from "./upgrade.ts";

export const boardPrefix = "/yjs/";

/** Largest WebSocket message of a board, bytes: a sync step 2 with the frame around it. */
export const largestFrame = 5 * 1024 * 1024;

/**
 * Board connections one person may begin. Each connection has a fresh budget for what it makes a board work,
 * so coming back must not be free.
 */
export const boardConnects = { points: 40, duration: 10 };

/** Lets a session into the board it names: who it is and what it may do there is settled before the handshake. */
export function createBoardUpgrade(deps: {
  sessions: Sessions;
  boards: Boards;
  door: BoardDoor;
  unfinished: UnfinishedMessages;
}): Upgrade {
  const { sessions, boards, door, unfinished } = deps;
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: largestFrame,
    clientTracking: false,
  });

  const connects = new RateLimiterMemory(boardConnects);

  /** Why a session is not what it was a moment ago, or may not read the board any more; null while it is and may. */
  const changedSince = async (request: IncomingMessage, before: Session, boardId: string) => {
    const session = await sessions.authenticate(request);
    if (!session) return "session-ended";
    if (!isDeepStrictEqual(session.actor, before.actor)) return "access-changed";
    return (await boards.open(session.actor, boardId)) === null ? "access-changed" : null;
  };

  return async (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://board");
    const boardId = url.pathname.slice(boardPrefix.length);
    if (!/^[\w-]{1,36}$/.test(boardId)) return { status: 404 };
    const letIn = door.open();
    const session = await sessions.authenticate(request);
    if (!session) return { status: 401 };
    const { actor } = session;
    if (actor.kind === "kiosk") return { status: 403 };
    const allowed = await connects.consume(actor.residentId).then(
      () => true,
      () => false,
    );
    if (!allowed) return { status: 429 };
    const opened = await boards.open(actor, boardId);
    if (!opened) return { status: 403 };
    if (socket.destroyed) return null;
    // The answer to the handshake and the room's greeting leave in one write.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const close = letIn(withSharedFrames(ws), {
        communityId: actor.communityId,
        options: {
          boardId,
          sessionId: actor.sessionId,
          writer: {
            residentId: actor.residentId,
            displayName: actor.displayName,
            householdId: actor.household?.householdId ?? null,
            door: actor.household?.door ?? null,
          },
          access: opened.access,
          wantsSaved: url.searchParams.get("saved") === "1",
        },
        changed: () => changedSince(request, session, boardId),
      });
      unfinished.watch(ws, actor.residentId, (name) => {
        close(name);
        // Until it answers that, all that is there of its message would stay.
        ws.terminate();
      });
    });
    socket.uncork();
    return null;
  };
}
