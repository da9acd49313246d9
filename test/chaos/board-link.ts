import * as decoding from "lib0/decoding";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";
import { closeName } from "../../shared/wire/close-codes.ts";
import { savedParameter, syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { bearer } from "../server/yard.ts";
import type { Site } from "./fleet.ts";

export interface LinkOptions {
  sites: Site[];
  /** The node it begins with. */
  at: number;
  boardId: string;
  token: string;
  doc: Y.Doc;
  /** A sync step 2 or update frame goes out: the how many-th of this socket. */
  sent?: (socket: WebSocket, frames: number, stepTwo: boolean) => void;
  /** The server says "saved": this client id up to this clock, and so many frames of this socket. */
  saved?: (socket: WebSocket, clientId: number, clock: number, frames: number) => void;
  /** The server decided that coming back as one is cannot help. */
  refused: (code: number, name: string) => void;
}

/** A phone on a bad network gives up a handshake after this long, milliseconds. */
const handshakePatience = 4_000;

/** The stock provider of y-websocket; when its node is gone it goes to the next one. */
export class BoardLink {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** The node it is connected to, or tries. */
  node: number;
  readonly #sites: Site[];

  constructor(options: LinkOptions) {
    const { sites, boardId, token, doc, sent, saved } = options;
    this.doc = doc;
    this.node = options.at;
    this.#sites = sites;
    const counts = new WeakMap<WebSocket, number>();
    class CountingSocket extends WebSocket {
      constructor(address: string) {
        super(address, { headers: bearer(token), handshakeTimeout: handshakePatience });
      }
      override send(data: Parameters<WebSocket["send"]>[0]): void {
        if (data instanceof Uint8Array && data[0] === yjsMessage.sync && data[1] !== syncMessage.stepOne) {
          const frames = (counts.get(this) ?? 0) + 1;
          counts.set(this, frames);
          sent?.(this, frames, data[1] === syncMessage.stepTwo);
        }
        super.send(data);
      }
    }
    this.provider = new WebsocketProvider(this.#address(), boardId, doc, {
      WebSocketPolyfill: CountingSocket as unknown as typeof globalThis.WebSocket,
      params: saved ? { [savedParameter]: "1" } : {},
      maxBackoffTime: 400,
      disableBc: true,
    });
    this.provider.messageHandlers[yjsMessage.saved] = (_encoder, decoder) => {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      saved?.(this.provider.ws as unknown as WebSocket, clientId, clock, decoding.readVarUint(decoder));
    };
    this.provider.on("connection-close", () => this.moveOn());
    this.provider.on("closed", ({ code }) => options.refused(code, closeName(code) ?? "unnamed"));
  }

  /** The next connection goes to the next node. */
  moveOn(): void {
    this.node = (this.node + 1) % this.#sites.length;
    this.provider.serverUrl = this.#address();
  }

  /** Leaves its node for another, as a phone that changes networks. */
  goTo(node: number): void {
    this.provider.disconnect();
    this.node = node;
    this.provider.serverUrl = this.#address();
    this.provider.connect();
  }

  get synced(): boolean {
    return this.provider.wsconnected && this.provider.synced;
  }

  /** Ends at once, as a phone whose battery dies. */
  drop(): void {
    const socket = this.provider.ws as unknown as WebSocket | null;
    socket?.on("error", () => {});
    socket?.terminate();
    this.provider.destroy();
    this.provider.awareness.destroy();
    this.doc.destroy();
  }

  #address(): string {
    return `${this.#sites[this.node]?.wsUrl}/yjs`;
  }
}
