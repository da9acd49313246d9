import type { Server } from "socket.io";
import type { SignalAudience, SignalData, SignalName } from "../../shared/wire/contract.ts";
import { packets } from "../../shared/wire/protocol.ts";
import { type LoggedEvent, wireEvent } from "../events/log.ts";
import { roomsOf } from "../events/rooms.ts";
import { type Bus, silentBus } from "../fanout/bus.ts";

/** Room of one session's sockets, to end them. */
export const sessionRoom = (sessionId: string): string => `session:${sessionId}`;

/** How the server speaks to sockets of its own accord. Handlers never hold the Socket.IO server itself. */
export interface Tell {
  event(event: LoggedEvent): void;
  /** Passing states, to the sockets of every node that has some of this courtyard; with null, of this node only. */
  signal<N extends SignalName>(
    name: N,
    data: SignalData<N>,
    audience: SignalAudience<N>,
    courtyardId: string | null,
  ): void;
  /** Passing states for the other nodes themselves. */
  others<N extends keyof NodeSignals>(name: N, data: NodeSignals[N], courtyardId: string): void;
  /** Hears what other nodes pass on to this one. */
  hear<N extends keyof NodeSignals>(name: N, listener: (data: NodeSignals[N]) => void): void;
  /** Ends the sockets of a session whose access has changed; the client comes back and is judged anew. */
  endSession(sessionId: string): void;
}

/** What nodes pass on to one another and keep in memory. */
export interface NodeSignals {
  "node.looks-at-channel": { channelId: string; residentId: string; here: boolean };
  "node.last-call": { proposalId: string; round: number; courtyardId: string; until: number };
}

interface Passing {
  rooms: string[];
  name: string;
  data: unknown;
}

export function createTell(io: Server, bus: Bus = silentBus): Tell {
  const emit = ({ rooms, name, data }: Passing): void => {
    // Not volatile: Socket.IO drops a volatile packet whenever another one is still being written, and the latest
    // of a passing state is the one that must arrive. A client that reads nothing is closed by its heartbeat.
    io.to(rooms).emit(packets.signal, { name, data });
  };
  const listeners = new Map<string, (data: unknown) => void>();
  const publish = (courtyardId: string, passing: Passing) =>
    bus.publish(channelOf(courtyardId), Buffer.from(JSON.stringify(passing)));
  hearCourtyards(io, bus, (passing) => {
    if (passing.rooms.length > 0) emit(passing);
    else listeners.get(passing.name)?.(passing.data);
  });
  return {
    event: (event) => {
      if (event.rooms.length > 0) io.to(event.rooms).emit(packets.event, wireEvent(event));
    },
    signal: (name, data, audience, courtyardId) => {
      const rooms = roomsOf(audience as Record<string, string | null>);
      if (rooms.length === 0) return;
      const passing: Passing = { rooms, name, data };
      emit(passing);
      if (courtyardId !== null) publish(courtyardId, passing);
    },
    others: (name, data, courtyardId) => publish(courtyardId, { rooms: [], name, data }),
    hear: (name, listener) => void listeners.set(name, listener as (data: unknown) => void),
    // A turn later, so that who ended their own session still hears that it is done.
    endSession: (sessionId) => void setImmediate(() => io.in(sessionRoom(sessionId)).disconnectSockets(true)),
  };
}

const channelOf = (courtyardId: string): string => `courtyard:${courtyardId}`;

/** Listens to the courtyards that have sockets on this node: people in their room, or a screen in its wall's. */
function hearCourtyards(io: Server, bus: Bus, heard: (passing: Passing) => void): void {
  const open = new Map<string, { rooms: number; close(): void }>();
  const { adapter } = io.of("/");
  adapter.on("create-room", (room: string) => {
    const courtyardId = courtyardOf(room);
    if (courtyardId === null) return;
    const known = open.get(courtyardId);
    if (known) known.rooms++;
    else {
      const { close } = bus.subscribe(channelOf(courtyardId), (message) =>
        heard(JSON.parse(Buffer.from(message).toString("utf8")) as Passing),
      );
      open.set(courtyardId, { rooms: 1, close });
    }
  });
  adapter.on("delete-room", (room: string) => {
    const courtyardId = courtyardOf(room);
    const known = courtyardId === null ? undefined : open.get(courtyardId);
    if (courtyardId === null || !known || --known.rooms > 0) return;
    known.close();
    open.delete(courtyardId);
  });
}

/** The courtyards that have sockets on this node, people's or a screen's. */
export const courtyardsHere = (io: Server): string[] => [
  ...new Set([...io.of("/").adapter.rooms.keys()].flatMap((room: string) => courtyardOf(room) ?? [])),
];

const courtyardOf = (room: string): string | null => /^(?:courtyard|wall):(.+)$/.exec(room)?.[1] ?? null;
