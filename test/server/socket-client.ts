import { io, type Socket } from "socket.io-client";
import type { Ask, Send, Welcome, WireEvent, WireSignal } from "../../shared/wire/contract.ts";
import { packets, protocolVersion } from "../../shared/wire/protocol.ts";
import { bearer } from "./yard.ts";

export interface SocketClient {
  socket: Socket;
  welcome: Welcome;
  events: WireEvent[];
  signals: WireSignal[];
  send: Send;
  ask: Ask;
  close(): void;
}

/** A real Socket.IO client that keeps all it hears. */
export async function openSocket(
  url: string,
  token: string,
  options: { cursor?: number; transports?: ("websocket" | "polling")[] } = {},
): Promise<SocketClient> {
  const socket = io(url, {
    auth: { protocol: protocolVersion, ...(options.cursor === undefined ? {} : { cursor: options.cursor }) },
    transports: options.transports ?? ["websocket"],
    extraHeaders: bearer(token),
    reconnection: false,
    forceNew: true,
  });
  const events: WireEvent[] = [];
  const signals: WireSignal[] = [];
  socket.on(packets.event, (event: WireEvent) => events.push(event));
  socket.on(packets.signal, (signal: WireSignal) => signals.push(signal));
  const welcome = await new Promise<Welcome>((resolve, reject) => {
    socket.once(packets.welcome, resolve);
    socket.once("connect_error", (error) => {
      socket.close();
      reject(error);
    });
    socket.once("disconnect", (reason) => reject(new Error(`closed before the welcome: ${reason}`)));
  });
  const call = (packet: string) => (name: string, input: unknown) =>
    socket.timeout(10_000).emitWithAck(packet, { name, input });
  return {
    socket,
    welcome,
    events,
    signals,
    send: call(packets.command) as Send,
    ask: call(packets.query) as Ask,
    close: () => socket.close(),
  };
}
