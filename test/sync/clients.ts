import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import type { BoardServer } from "./board-server.ts";

export type Saved = { clientId: number; clock: number; messages: number };

/** A stock provider, as anybody's Yjs program uses it. */
export function stockClient(
  server: BoardServer,
  as: string,
  doc = new Y.Doc(),
  boardId = "b1",
): WebsocketProvider {
  return new WebsocketProvider(server.url, boardId, doc, {
    params: { as },
    disableBc: true,
    maxBackoffTime: 20,
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  });
}

/** A client that speaks the protocol by hand, so that a test decides what is sent and when. */
export class RawClient {
  readonly doc: Y.Doc;
  readonly socket: WebSocket;
  readonly saved: Saved[] = [];
  /** Frames received, by type. */
  readonly frames: Uint8Array[] = [];
  readonly updates: Uint8Array[] = [];
  /** Awareness entries as received: client id → state (null: gone). */
  readonly others = new Map<number, Record<string, unknown> | null>();
  stepOnes = 0;
  stepTwos = 0;
  closed: { code: number; reason: string } | null = null;
  /** Answers sync step 1 by itself and sends each local change, as a provider does. */
  automatic: boolean;

  constructor(
    server: Pick<BoardServer, "url">,
    query: string,
    { doc = new Y.Doc(), boardId = "b1", automatic = true } = {},
  ) {
    this.doc = doc;
    this.automatic = automatic;
    this.socket = new WebSocket(`${server.url}/${boardId}?${query}`, { perMessageDeflate: false });
    this.socket.binaryType = "nodebuffer";
    this.socket.on("error", () => {});
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.socket.on("message", (data: Buffer) => this.#receive(data));
    this.socket.on("open", () => {
      if (this.automatic) this.sendSync(syncMessage.stepOne, Y.encodeStateVector(this.doc));
    });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (this.automatic && origin !== this && this.socket.readyState === WebSocket.OPEN)
        this.sendUpdate(update);
    });
  }

  get synced(): boolean {
    return this.stepTwos > 0 && this.stepOnes > 0;
  }

  sendUpdate(update: Uint8Array): void {
    this.sendSync(syncMessage.update, update);
  }

  sendStepTwo(update: Uint8Array): void {
    this.sendSync(syncMessage.stepTwo, update);
  }

  sendSync(kind: number, payload: Uint8Array): void {
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, yjsMessage.sync);
    encoding.writeVarUint(out, kind);
    encoding.writeVarUint8Array(out, payload);
    this.socket.send(encoding.toUint8Array(out));
  }

  sendAwareness(entries: { clientId: number; clock: number; state: unknown }[]): void {
    const inner = encoding.createEncoder();
    encoding.writeVarUint(inner, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(inner, clientId);
      encoding.writeVarUint(inner, clock);
      encoding.writeVarString(inner, JSON.stringify(state));
    }
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, yjsMessage.awareness);
    encoding.writeVarUint8Array(out, encoding.toUint8Array(inner));
    this.socket.send(encoding.toUint8Array(out));
  }

  queryAwareness(): void {
    this.socket.send(Uint8Array.of(yjsMessage.queryAwareness));
  }

  close(): void {
    this.socket.close();
  }

  #receive(data: Buffer): void {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    this.frames.push(new Uint8Array(data));
    const type = decoding.readVarUint(decoder);
    if (type === yjsMessage.saved) {
      const [clientId, clock, messages] = [0, 0, 0].map(() => decoding.readVarUint(decoder));
      this.saved.push({ clientId: clientId ?? 0, clock: clock ?? 0, messages: messages ?? 0 });
    } else if (type === yjsMessage.awareness) this.#receiveAwareness(decoding.readVarUint8Array(decoder));
    else if (type === yjsMessage.sync) this.#receiveSync(decoder);
  }

  #receiveAwareness(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const clientId = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      this.others.set(clientId, JSON.parse(decoding.readVarString(decoder)));
    }
  }

  #receiveSync(decoder: decoding.Decoder): void {
    const kind = decoding.readVarUint(decoder);
    const payload = decoding.readVarUint8Array(decoder);
    if (kind === syncMessage.stepOne) {
      this.stepOnes++;
      if (this.automatic) this.sendStepTwo(Y.encodeStateAsUpdate(this.doc, payload));
      return;
    }
    if (kind === syncMessage.stepTwo) this.stepTwos++;
    this.updates.push(payload);
    Y.applyUpdate(this.doc, payload, this);
  }
}
