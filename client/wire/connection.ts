import { io } from "socket.io-client";
import type {
  Ask,
  Send,
  Welcome,
  WhisperInput,
  WhisperName,
  WireEvent,
  WireSignal,
} from "../../shared/wire/contract.ts";
import { oldestServerVersion, packets, protocolVersion } from "../../shared/wire/protocol.ts";
import type { Result, WireError } from "../../shared/wire/result.ts";

/** How long a call waits for its answer, milliseconds. */
const answerDeadline = 10_000;

/**
 * - `connecting`: never connected yet; `online`; `offline`: trying again
 * - `signed-out`: no session, or it has ended; `too-old`: the page must be loaded again
 */
export type ConnectionStatus = "connecting" | "online" | "offline" | "signed-out" | "too-old";

export interface WireListener {
  welcome(welcome: Welcome): void;
  event(event: WireEvent): void;
  signal(signal: WireSignal): void;
  status(status: ConnectionStatus): void;
}

/** The one socket of the page. */
export interface Wire {
  send: Send;
  ask: Ask;
  whisper<N extends WhisperName>(name: N, input: WhisperInput<N>): void;
  /** Connects anew, for example after signing in or when another courtyard is chosen. */
  restart(courtyardId?: string): void;
  close(): void;
}

/** True only when the server says so; no answer says nothing. */
async function signedOut(): Promise<boolean> {
  try {
    const response = await fetch("/api/v1/session", { signal: AbortSignal.timeout(answerDeadline / 2) });
    return response.ok && ((await response.json()) as { holder: string | null }).holder === null;
  } catch {
    return false;
  }
}

const unreachable: WireError = { code: "unreachable", message: "No answer came." };

/**
 * Connects and keeps connected. What arrives before the welcome waits for it, and what the welcome already
 * contains is dropped, so that the listener hears each event once and in order (INV-6).
 */
export function connect(listener: WireListener, start: { courtyardId?: string } = {}): Wire {
  let courtyardId = start.courtyardId;
  let cursor: number | undefined;
  let early: WireEvent[] | null = [];
  let closed = false;
  let comingBack: ReturnType<typeof setTimeout> | undefined;

  const socket = io({
    auth: (give) => give({ protocol: protocolVersion, oldest: oldestServerVersion, courtyardId, cursor }),
    transports: ["websocket", "polling"],
    reconnectionDelayMax: 5_000,
    // An attempt begun while the line was cut would otherwise hold up the next one for 20 s.
    timeout: 6_000,
    autoConnect: false,
  });

  const comeBackAfter = (ms: number): void => {
    clearTimeout(comingBack);
    comingBack = setTimeout(() => socket.connect(), ms);
  };

  const hear = (event: WireEvent): void => {
    if (cursor !== undefined && event.seq <= cursor) return;
    cursor = event.seq;
    listener.event(event);
  };

  socket.on(packets.welcome, (welcome: Welcome) => {
    listener.welcome(welcome);
    for (const event of welcome.events) hear(event);
    cursor = welcome.seq;
    const waiting = early ?? [];
    early = null;
    for (const event of waiting) hear(event);
    for (const signal of welcome.signals) listener.signal(signal);
    listener.status("online");
  });
  socket.on(packets.event, (event: WireEvent) => {
    if (early) early.push(event);
    else hear(event);
  });
  socket.on(packets.signal, (signal: WireSignal) => {
    if (!early) listener.signal(signal);
  });
  socket.on("disconnect", (reason) => {
    early = [];
    listener.status("offline");
    // The server ends sockets whose access has changed; the way back is judged anew.
    if (reason === "io server disconnect") comeBackAfter(300 + Math.random() * 700);
  });
  socket.on("connect_error", async (error: Error & { data?: WireError }) => {
    const code = error.data?.code;
    if (code === "protocol-unsupported") return listener.status("too-old");
    // The handshake of a stranger is refused without words, so the page asks why before it says that the line is down.
    const isSignedOut = code === "not-signed-in" || (await signedOut());
    if (closed || socket.connected) return;
    listener.status(isSignedOut ? "signed-out" : "offline");
    if (isSignedOut) socket.disconnect();
    else if (code) comeBackAfter(2_000 + Math.random() * 2_000);
  });

  const resume = (): void => {
    if (document.visibilityState === "visible" && !socket.connected) socket.connect();
  };
  // WeChat cuts sockets of pages in the background; the way back must not wait for a timer.
  const wakers = [
    [window, "online"],
    [window, "pageshow"],
    [document, "visibilitychange"],
  ] as const;
  for (const [target, name] of wakers) target.addEventListener(name, resume);

  const call =
    (packet: string) =>
    async (name: string, input: unknown): Promise<Result<never>> => {
      try {
        return await socket.timeout(answerDeadline).emitWithAck(packet, { name, input });
      } catch {
        return { ok: false, error: unreachable };
      }
    };

  listener.status("connecting");
  socket.connect();
  return {
    send: call(packets.command) as Send,
    ask: call(packets.query) as Ask,
    whisper: (name, input) => {
      if (socket.connected) socket.volatile.emit(packets.whisper, { name, input });
    },
    restart: (chosen) => {
      courtyardId = chosen ?? courtyardId;
      cursor = undefined;
      socket.disconnect();
      socket.connect();
    },
    close: () => {
      closed = true;
      clearTimeout(comingBack);
      for (const [target, name] of wakers) target.removeEventListener(name, resume);
      socket.close();
    },
  };
}
