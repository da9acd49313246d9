import { nanoid } from "nanoid";
import { io } from "socket.io-client";
import type { Send, Welcome, WireEvent } from "../../shared/wire/contract.ts";
import { packets, protocolVersion } from "../../shared/wire/protocol.ts";
import { until } from "../services/until.ts";

export interface NeighbourOptions {
  channelId: string;
  /** The session, as a cookie or as an Authorization header. */
  headers: Record<string, string>;
  transport: "polling" | "websocket";
}

/** Someone in the chat whose client comes back by itself and asks for what it missed, as the page's does. */
export interface Neighbour {
  /** Says something and waits until the server has it; resolves with the message's id. */
  say(text: string): Promise<string>;
  hasHeard(messageId: string): boolean;
  /** Numbers of the events heard, in the order in which they came. */
  heard(): number[];
  transport(): string;
  connects(): number;
  close(): void;
}

export async function openNeighbour(url: string, options: NeighbourOptions): Promise<Neighbour> {
  let cursor: number | undefined;
  let connects = 0;
  const messages = new Set<string>();
  const numbers: number[] = [];
  const socket = io(url, {
    auth: (give) => give({ protocol: protocolVersion, cursor }),
    transports: [options.transport],
    extraHeaders: options.headers,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    timeout: 3_000,
    forceNew: true,
  });
  /** What comes before the welcome waits for it: the welcome holds what lies between. */
  let early: WireEvent[] | null = [];
  const hear = ({ seq, name, data }: WireEvent) => {
    if (cursor !== undefined && seq <= cursor) return;
    cursor = seq;
    numbers.push(seq);
    if (name === "chat.message-was-posted") messages.add((data as { id: string }).id);
  };
  socket.on(packets.event, (event: WireEvent) => {
    if (early) early.push(event);
    else hear(event);
  });
  socket.on(packets.welcome, (welcome: Welcome) => {
    for (const event of welcome.events) hear(event);
    cursor = welcome.seq;
    for (const event of early ?? []) hear(event);
    early = null;
    connects += 1;
  });
  socket.on("disconnect", (reason) => {
    early = [];
    if (reason === "io server disconnect") socket.connect();
  });
  const send = ((name: string, input: unknown) =>
    socket.timeout(3_000).emitWithAck(packets.command, { name, input })) as Send;
  await until("the neighbour is welcome", () => connects > 0);
  return {
    async say(text) {
      const messageId = nanoid();
      // Under the same id as often as it takes: what was not answered may have happened.
      await until("the message is taken", async () => {
        return (await send("chat.post", { messageId, channelId: options.channelId, text })).ok;
      });
      return messageId;
    },
    hasHeard: (messageId) => messages.has(messageId),
    heard: () => numbers,
    transport: () => socket.io.engine.transport.name,
    connects: () => connects,
    close: () => socket.close(),
  };
}
