import type { Seat } from "../peers/peer.ts";
import type { Frame } from "./frame-reader.ts";
import { LEAST_KEPT, openRawClient, type RawClient } from "./raw-client.ts";
import type { MessageKind } from "./wire.ts";

export interface ClientEvents {
  message(kind: MessageKind, frame: Frame, at: number, client: RawClient): void;
  lost(reason: Error): void;
}

export interface ConnectOptions {
  /** What this client has already; nothing when absent. */
  stateVector?: Uint8Array | undefined;
  /** Bytes to look for in every frame. */
  needle?: Buffer | null;
  /** How many bytes of each message are handed out. */
  keep?: number;
}

/**
 * Opens a connection, introduces itself, answers the server's question, and asks for what is there.
 */
export async function connectClient(
  { url, headers, wire }: Seat,
  events: ClientEvents,
  { stateVector, needle = null, keep = LEAST_KEPT }: ConnectOptions = {},
): Promise<RawClient> {
  const client = await openRawClient(url, headers, {
    opened(opened) {
      opened.reader.needle = needle;
      opened.reader.keep = keep;
    },
    lost: events.lost,
    message(from, frame, at) {
      const kind = wire.kindOf(frame.payload);
      if (kind === "asks") from.send(wire.haveNothing);
      events.message(kind, frame, at, from);
    },
  });
  if (wire.hello) client.send(wire.hello);
  client.send(wire.ask(stateVector));
  return client;
}

/** Connections that are opened at once; many more would overrun what a server lets wait. */
const AT_ONCE = 250;

/** Connects every seat, some at a time, in their order. */
export async function connectInGroups(
  seats: readonly Seat[],
  eventsOf: (index: number) => ClientEvents,
): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  for (let start = 0; start < seats.length; start += AT_ONCE) {
    const group = seats.slice(start, start + AT_ONCE);
    clients.push(...(await Promise.all(group.map((seat, at) => connectClient(seat, eventsOf(start + at))))));
  }
  return clients;
}
