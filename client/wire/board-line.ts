import { readVarUint } from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";
import { savedParameter, syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";

export type LineState = "connecting" | "online" | "offline";

/** Where boards are reached, and what a test may replace. */
export interface BoardAddress {
  /** "wss://…/yjs" */
  url: string;
  boardId: string;
  params?: Record<string, string>;
  socket?: typeof WebSocket;
}

export interface LineListener {
  state(state: LineState): void;
  /** Everything sent over this line is on the server's disk. */
  saved(): void;
  /** The server has decided; the provider does not come back by itself. */
  closed(code: number): void;
  /** What others show of themselves has changed. */
  presence(states: ReadonlyMap<number, Record<string, unknown>>): void;
}

/** The origin of edits made on this device, as against those read from the net or from the copy. */
export const ownEdit = Symbol("own edit");

/**
 * One document on one line to the server: the stock provider, and our count of what is saved.
 * "Saved" is said only when the server has confirmed as many frames as this socket has sent.
 */
export class BoardLine {
  readonly doc: Y.Doc;
  readonly #provider: WebsocketProvider;
  /** A socket on its way out on which something could not be sent any more; only the next one can confirm it. */
  #missedOn: WebSocket | null = null;

  constructor(address: BoardAddress, doc: Y.Doc, listener: LineListener) {
    this.doc = doc;
    const counting = countFrames(address.socket ?? WebSocket);
    this.#provider = new WebsocketProvider(address.url, address.boardId, doc, {
      connect: false,
      disableBc: true,
      params: { ...address.params, [savedParameter]: "1" },
      WebSocketPolyfill: counting.Socket,
    });
    const provider = this.#provider;
    provider.awareness.setLocalState(null);
    provider.awareness.on("change", () => listener.presence(provider.awareness.getStates()));
    provider.on("sync", (synced) => synced && listener.state("online"));
    provider.on("connection-close", () => listener.state("offline"));
    provider.on("closed", ({ code }) => listener.closed(code));
    provider.messageHandlers[yjsMessage.saved] = (_encoder, decoder) => {
      const [, , messages] = [readVarUint(decoder), readVarUint(decoder), readVarUint(decoder)];
      const { ws } = provider;
      if (ws && ws !== this.#missedOn && messages === counting.sent(ws)) listener.saved();
    };
    // After the provider's own listener: what it could not send is missed by now.
    doc.on("update", (_update: Uint8Array, origin: unknown) => {
      const { ws } = provider;
      if (origin === ownEdit && ws && ws.readyState > WebSocket.OPEN) this.#missedOn = ws;
    });
  }

  connect(): void {
    this.#provider.connect();
  }

  /** Ends the connection until `connect`. */
  disconnect(): void {
    this.#provider.disconnect();
  }

  /** What others see of this device; null: nothing. */
  show(state: Record<string, unknown> | null): void {
    this.#provider.awareness.setLocalState(state);
  }

  destroy(): void {
    this.show(null);
    this.#provider.destroy();
    this.#provider.awareness.destroy();
  }
}

/** Counts, socket by socket, the frames the server numbers: sync step 2 and updates. */
function countFrames(Base: typeof WebSocket) {
  const counts = new WeakMap<WebSocket, number>();
  const sent = (socket: WebSocket): number => counts.get(socket) ?? 0;
  class CountingSocket extends Base {
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (data instanceof Uint8Array && data[0] === yjsMessage.sync && data[1] !== syncMessage.stepOne)
        counts.set(this, sent(this) + 1);
      super.send(data);
    }
  }
  return { Socket: CountingSocket, sent };
}
