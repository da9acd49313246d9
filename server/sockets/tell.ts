import type { Server } from "socket.io";
import type { SignalAudience, SignalData, SignalName } from "../../shared/wire/contract.ts";
import { packets } from "../../shared/wire/protocol.ts";
import { type LoggedEvent, wireEvent } from "../events/log.ts";
import { roomsOf } from "../events/rooms.ts";

/** Room of one session's sockets, to end them. */
export const sessionRoom = (sessionId: string): string => `session:${sessionId}`;

/** How the server speaks to sockets of its own accord. Handlers never hold the Socket.IO server itself. */
export interface Tell {
  event(event: LoggedEvent): void;
  signal<N extends SignalName>(name: N, data: SignalData<N>, audience: SignalAudience<N>): void;
  /** Ends the sockets of a session whose access has changed; the client comes back and is judged anew. */
  endSession(sessionId: string): void;
}

export function createTell(io: Server): Tell {
  return {
    event: (event) => {
      if (event.rooms.length > 0) io.to(event.rooms).emit(packets.event, wireEvent(event));
    },
    signal: (name, data, audience) => {
      const rooms = roomsOf(audience as Record<string, string | null>);
      // Not volatile: Socket.IO drops a volatile packet whenever another one is still being written, and the latest
      // of a passing state is the one that must arrive. A client that reads nothing is closed by its heartbeat.
      if (rooms.length > 0) io.to(rooms).emit(packets.signal, { name, data });
    },
    // A turn later, so that who ended their own session still hears that it is done.
    endSession: (sessionId) => void setImmediate(() => io.in(sessionRoom(sessionId)).disconnectSockets(true)),
  };
}
